"""What became of what was filed."""

from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli.options import HERE, AsJson, Config, Now, ProjectName, finish, workspace

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.outcomes import OutcomesReport


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(outcomes)


def outcomes(
    look: Annotated[
        bool, typer.Option("--look", help="Look again for the findings of closed tickets, and remember the answer.")
    ] = False,
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Say what became of filed tickets: pending, picked up, done, reopened, sent back, ignored or dismissed.

    It goes by what the last `scout run` read of the tracker. With --look the findings of closed tickets are looked for
    again: what is closed but not gone is told, and counts against the scout that found it.

    Examples:

        scout outcomes
        scout outcomes --look --json
    """
    from scout.cli.look import progress
    from scout.service import outcomes as service

    work = workspace(HERE, now, config)
    if not look:
        report = service.outcomes(work, work.project(project))
    else:
        with progress("Looking again") as step:
            report = service.follow(work, work.project(project), step)
    finish(report, lambda out: _show(out, report, looked=look), as_json=as_json)


def _show(out: "Console", report: "OutcomesReport", *, looked: bool) -> None:
    from scout.cli.look import plain, table

    if not report.tickets:
        out.print("Nothing was filed yet. Accepted candidates are filed by: scout publish --live")
        return
    rows = [
        (one.ticket, one.title, one.outcome.value, f"{one.sure:.2f}", one.because + _found(one.finding))
        for one in report.tickets
    ]
    out.print(table(("ticket", "title", "outcome", ">sure", "because"), rows, flexible=1))
    out.print()
    counts = [
        (
            one.signal,
            one.drafter,
            str(one.filed),
            str(one.finished),
            str(one.rejected),
            "–" if one.decisions_each is None else f"{one.decisions_each:g}",
            "–" if one.tokens_each is None else f"{one.tokens_each:g}",
        )
        for one in report.counts
    ]
    columns = ("scout", "drafter", ">filed", ">finished", ">rejected", ">decisions each", ">tokens each")
    out.print(table(columns, counts, flexible=0))
    for note in report.notes:
        out.print(plain(f"Not looked for: {note}"), style="yellow")
    if not looked:
        out.print("Look whether closed ones are gone with: scout outcomes --look", style="dim")


def _found(finding: str) -> str:
    return f"; the finding is {finding}" if finding else ""
