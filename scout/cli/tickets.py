"""Tickets: assess their readiness, hand out ready ones, file accepted candidates."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scout.cli.options import HERE, AsJson, Config, Now, ProjectName, finish, workspace

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.assess import AssessmentReport
    from scout.service.next_work import NextReport
    from scout.service.publish import PublishReport


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(assess)
    app.command(name="next")(next_work)
    app.command()(publish)


def assess(
    text: Annotated[str, typer.Argument(metavar="FILE|-|KEY", help="A Markdown file, standard input, or a ticket.")],
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Judge how ready a text or ticket is: verdicts with reasons, failed gates, remedies.

    Ends with exit code 1 when it is not ready.

    Examples:

        scout assess tickets/mend-the-import.md

        pbpaste | scout assess - --json
    """
    from scout.service.assess import assess as judge

    report = judge(workspace(HERE, now, config), text, project)
    finish(report, lambda out: _show_assessment(out, report), as_json=as_json, code=0 if report.ready else 1)


def next_work(
    project: ProjectName = None,
    count: Annotated[int, typer.Option("-n", "--count", min=1, max=100, help="How many to serve.")] = 1,
    claim: Annotated[
        str | None, typer.Option("--claim", metavar="NAME", help="Take what is served, under this label.")
    ] = None,
    purpose: Annotated[Literal["agent", "person"], typer.Option("--for", help="Who will do it.")] = "person",
    lease: Annotated[float, typer.Option(min=0.1, max=720, help="Hours after which a claim ends by itself.")] = 8,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Serve ready, unblocked, unclaimed tickets that don't collide, best first; each is judged again now.

    What was asked and how much was there is recorded: it is the truest sign of starvation. Ends with exit code 1
    when nothing is ready.

    Examples:

        scout next

        scout next -n 3 --for agent --claim builder-7 --json
    """
    from scout.service.next_work import next_work as serve

    work = workspace(HERE, now, config)
    report = serve(work, work.project(project), count=count, claim=claim, purpose=purpose, lease_hours=lease)
    finish(report, lambda out: _show_next(out, report), as_json=as_json, code=0 if report.tickets else 1)


def publish(
    live: Annotated[bool, typer.Option("--live", help="Write; without it only the exact payloads are shown.")] = False,
    project: ProjectName = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """File accepted candidates, each exactly once; without --live show what would be filed.

    Examples:

        scout publish

        scout publish --live
    """
    from scout.cli.look import progress
    from scout.service.publish import publish as file_accepted

    work = workspace(HERE, now, config)
    with progress("Filing" if live else "Composing"):
        report = file_accepted(work, work.project(project), live=live)
    finish(report, lambda out: _show_filed(out, report), as_json=as_json, code=3 if report.failed else 0)


def _show_assessment(out: "Console", report: "AssessmentReport") -> None:
    from scout.cli.look import plain, table

    said = "ready" if report.ready else "not ready"
    out.print(plain(f"{report.readiness:.2f}  {said}  {report.title}"), style="bold")
    for change in report.changed:
        out.print(plain(f"Changed since it was last judged: {change}"), style="yellow")
    rows = [(v.criterion, "gate" if v.gate else "", v.passing, f"{v.score:.2f}", v.reason) for v in report.verdicts]
    out.print(table(("criterion", "", "verdict", ">score", "reason"), rows))
    remedies = [v for v in report.verdicts if v.remedy and v.passing == "failed"]
    if remedies:
        out.print("\nWhat would make it readier", style="bold")
        for verdict in sorted(remedies, key=lambda v: (not v.gate, v.score)):
            out.print(plain(f"  {verdict.criterion}: {verdict.remedy}"))


def _show_next(out: "Console", report: "NextReport") -> None:
    from scout.cli.look import plain, table, under

    if report.tickets:
        rows = [(f"{t.readiness:.2f}", t.size, under(t.title, t.url or t.key)) for t in report.tickets]
        out.print(table((">ready", "size", "title and place"), rows))
    else:
        out.print("Nothing is ready.", style="bold")
        out.print(plain(report.remedy))
    for key, why in report.withheld.items():
        out.print(plain(f"not served: {key}: {why}"), style="dim")


def _show_filed(out: "Console", report: "PublishReport") -> None:
    from scout.cli.look import plain

    if not report.entries:
        out.print("Nothing is waiting to be filed. Accepted candidates are: scout inbox list")
    for entry in report.entries:
        out.print(plain(f"{entry.outcome}  {entry.candidate}  {entry.title}"), style="bold")
        out.print(plain(f"  {entry.target}" + (f": {entry.reason}" if entry.reason else "")))
        if not report.live:
            out.print(plain(entry.payload))
    if report.entries and not report.live:
        out.print("Nothing was written. File it with: scout publish --live", style="dim")
