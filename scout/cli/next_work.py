"""Hand out ready work, and keep the leases on it."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scout.cli.options import HERE, AsJson, Config, Now, ProjectName, finish, workspace
from scout.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.leases import LeasesReport
    from scout.service.next_work import NextReport, Served
    from scout.service.wiring import Project, Workspace

_SHOWN_WITHHELD = 10


def next_work(
    project: ProjectName = None,
    count: Annotated[int, typer.Option("-n", "--count", min=1, max=100, help="How many to serve.")] = 1,
    claim: Annotated[
        str | None, typer.Option("--claim", metavar="NAME", help="Take what is served, under this label.")
    ] = None,
    purpose: Annotated[Literal["agent", "person"], typer.Option("--for", help="Who will do it.")] = "person",
    lease: Annotated[float, typer.Option(min=0.1, max=720, help="Hours after which a claim ends by itself.")] = 8,
    renew: Annotated[
        bool, typer.Option("--renew", help="With --claim: hold what NAME has for longer; take nothing.")
    ] = False,
    give_back: Annotated[bool, typer.Option("--return", help="With --claim: give back what NAME has.")] = False,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Serve ready, unblocked, unclaimed tickets that don't collide, best first; each is judged again now.

    Two tickets collide when they name the same files, or when the history says that both will likely change the
    same one. An agent gets only what an agent may take: alone or with review, as `scout assess` says with its
    reasons. What was asked and how much was there is recorded: it is the truest sign of starvation. Ends with exit
    code 1 when nothing is served.

    A claim ends by itself after --lease hours, so that the ticket of somebody who vanished comes back. Who works
    longer renews it.

    Examples:

        scout next
        scout next -n 3 --for agent --claim builder-7 --json
        scout next --claim builder-7 --renew
    """
    work = workspace(HERE, now, config)
    there = work.project(project)
    if renew or give_back:
        _leases(work, there, claim, renew=renew, give_back=give_back, hours=lease, as_json=as_json)
        return
    from scout.service.next_work import next_work as serve

    report = serve(work, there, count=count, claim=claim, purpose=purpose, lease_hours=lease)
    finish(report, lambda out: _show(out, report), as_json=as_json, code=0 if report.tickets else 1)


def _leases(
    work: "Workspace",
    project: "Project",
    holder: str | None,
    *,
    renew: bool,
    give_back: bool,
    hours: float,
    as_json: bool,
) -> None:
    from scout.service import leases

    if holder is None:
        raise UsageError(
            "It is not said whose leases are meant.", "Give --claim NAME, the label they were taken under."
        )
    if renew and give_back:
        raise UsageError("--renew and --return exclude each other.", "Give one of them.")
    report = leases.renew(work, project, holder, hours) if renew else leases.give_back(work, project, holder)
    finish(
        report, lambda out: _show_leases(out, report), as_json=as_json, code=0 if report.held or report.returned else 1
    )


def _show(out: "Console", report: "NextReport") -> None:
    from scout.cli.look import plain, table, under

    if report.tickets:
        rows = [
            (f"{t.readiness:.2f}", t.size, t.autonomy.words if t.autonomy else "", under(t.title, _place(t)))
            for t in report.tickets
        ]
        out.print(table((">ready", "size", "who", "title and place"), rows))
        if until := report.tickets[0].claimed_until:
            out.print(f"Claimed until {until:%Y-%m-%d %H:%M} UTC.", style="dim")
    else:
        out.print("Nothing is served." if report.available else "Nothing is ready.", style="bold")
        out.print(plain(report.remedy))
    if report.available:
        out.print(f"{report.available} ready, of which {report.fronts} could start at once.", style="dim")
    for key, why in list(report.withheld.items())[:_SHOWN_WITHHELD]:
        out.print(plain(f"not served: {key}: {why}"), style="dim")
    if (more := len(report.withheld) - _SHOWN_WITHHELD) > 0:
        out.print(f"… and {more} more; --json has them all", style="dim")


def _place(ticket: "Served") -> str:
    files = ", ".join(list(ticket.files)[:3])
    return " · ".join(filter(None, (ticket.url or ticket.key, files)))


def _show_leases(out: "Console", report: "LeasesReport") -> None:
    from scout.cli.look import plain

    for one in report.held:
        out.print(plain(f"{one.ticket}: held by {report.holder} until {one.until:%Y-%m-%d %H:%M} UTC"))
    for key in report.returned:
        out.print(plain(f"{key}: given back"))
    if not (report.held or report.returned):
        out.print(plain(f"{report.holder} holds nothing: leases that ended are not brought back."), style="bold")
        out.print("Take work with: scout next --claim NAME")
