"""The ledger's safety: backup and restore."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli.options import HERE, AsJson, Config, Now, finish, workspace

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.preserve import PreserveReport


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(backup)
    app.command()(restore)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the copy.")],
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Copy the ledger while it is in use; the copy is checked before it gets its name.

    Examples:

        scout backup ledger-2026-03-01.sqlite
    """
    from scout.service.preserve import backup as copy

    report = copy(workspace(HERE, now, config), file)
    finish(report, lambda out: _show(out, report), as_json=as_json)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `scout backup` wrote.")],
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Bring a copy of the ledger back while it is in use; the present one is kept beside it.

    Examples:

        scout restore ledger-2026-03-01.sqlite
    """
    from scout.service.preserve import restore as bring_back

    report = bring_back(workspace(HERE, now, config), file)
    finish(report, lambda out: _show(out, report), as_json=as_json)


def _show(out: "Console", report: "PreserveReport") -> None:
    from scout.cli.look import plain

    out.print(plain(f"{report.candidates} candidates, {report.decisions} decisions: {report.file}"))
    if report.kept:
        out.print(plain(f"The ledger before is kept at {report.kept}"))
