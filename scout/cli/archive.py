"""Tickets and changes from files, without a server: import."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli.options import HERE, AsJson, Config, Now, finish, workspace
from scout.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.import_archive import ImportReport


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(name="import")(import_files)


def import_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Archives, plain or as .gz.")],
    project: Annotated[str, typer.Option("--project", metavar="ID", help="The project; a new one is made.")],
    shape: Annotated[
        str | None, typer.Option("--format", metavar="SHAPE", help="What the files are; by default they tell.")
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="What a column of a .csv says; may be repeated."),
    ] = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Import tickets and changes from files: JSON of GitHub and Jira, whole archives, or .csv; no server is asked.

    Known are GitHub's REST objects (`github`), metadata backups with events and comments (`github-archive`), what
    `gh issue list --json` prints (`gh`), archives of IETF working groups (`ietf`), Jira's REST issues (`jira`), and
    sheets (`csv`) as Jira and Linear export them, or with --map. The files are copied to the state folder; importing
    them again changes nothing.

    Ends with exit code 3 when lines had to be skipped; they are named, the rest is imported.

    Examples:

        scout import issues.jsonl.gz pulls.jsonl.gz --project demo
        scout import export.csv --project demo --map title=Summary --map body=Description
    """
    from scout.cli.look import progress
    from scout.service.import_archive import Manner, import_archive

    work = workspace(HERE, now, config)
    with progress("Importing") as step:
        report = import_archive(work, project, files, Manner(shape, _columns(columns or [])), step)
    finish(report, lambda out: _show(out, report), as_json=as_json, code=3 if report.partial else 0)


def _columns(given: list[str]) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for one in given:
        field, sign, column = one.partition("=")
        if not (field.strip() and sign and column.strip()):
            message = f"--map {one} does not say which column is what."
            raise UsageError(message, "Write FIELD=COLUMN, such as --map title=Summary.")
        said.setdefault(field.strip(), []).append(column.strip())
    return said


def _show(out: "Console", report: "ImportReport") -> None:
    from scout.cli.look import plain, table, under

    names = [name for name, count in report.rows.items() if count]
    rows = [
        (under(one.file, one.shape if one.new else f"{one.shape}, was there already"), *_counts(one.rows, names))
        for one in report.files
    ]
    out.print(table(("file", *(f">{name}" for name in names)), rows, flexible=0))
    for line in report.skipped:
        out.print(plain(f"Skipped: {line.file}, line {line.line}: {line.reason}"), style="yellow")
    more = sum(one.skipped for one in report.files) - len(report.skipped)
    if more:
        out.print(f"… and {more} more lines skipped", style="yellow")
    out.print()
    out.print(plain(f"Next: scout run --project {report.project}"))


def _counts(rows: dict[str, int], names: list[str]) -> list[str]:
    return [str(rows[name]) for name in names]
