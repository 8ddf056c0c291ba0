"""The buffer: days of cover, the plan behind them, alarms, and what would be if."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli.options import HERE, AsJson, Config, Now, ProjectName, Where, finish, workspace

if TYPE_CHECKING:
    from rich.console import Console

    from scout.model import Plan
    from scout.service.draw import DrawnReport
    from scout.service.plan import PlanReport
    from scout.service.what_if import Course, WhatIfReport

_WEEK = 5


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(buffer)


def buffer(
    path: Where = HERE,
    project: ProjectName = None,
    supposing: Annotated[
        str | None,
        typer.Option("--what-if", metavar="NAME=FIGURE,…", help="Simulate: demand=10x,reviewers=2,yield=0.4,lead=6."),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--pictures", metavar="FOLDER", help="Write the pictures of the last run there, SVG.")
    ] = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Show days of cover, reorder point, what is on hand and on order, the forecast, and when to look again.

    With --what-if the next 30 working days are simulated from where the project stands, as things are and as they
    would be: `2x` is twice what is, `2` is two (tickets asked for, decisions, working days; the yield is a share).

    Examples:

        scout buffer
        scout buffer --project rocket --json
        scout buffer --what-if demand=10x,reviewers=2
        scout buffer --pictures cover/
    """
    from scout.cli.look import progress
    from scout.service.plan import forecast
    from scout.service.what_if import what_if

    work = workspace(path, now, config)
    if folder is not None:
        from scout.service.draw import draw

        drawn = draw(work, work.project(project), folder, supposing or "")
        finish(drawn, lambda out: _show_drawn(out, drawn), as_json=as_json)
        return
    if supposing is not None:
        with progress("Simulating") as step:
            simulated = what_if(work, work.project(project), supposing, step)
        finish(simulated, lambda out: _show_what_if(out, simulated), as_json=as_json)
        return
    report = forecast(work, work.project(project))
    finish(report, lambda out: _show_plan(out, report), as_json=as_json)


def show_cover(out: "Console", made: "Plan") -> None:
    """Show days of cover and the reason of the order."""
    from scout.cli.look import heading, plain

    cover = "unknown: nothing is being started" if made.days_of_cover is None else f"{made.days_of_cover:.1f}"
    out.print(heading(f"Days of ready work: {cover}"))
    out.print(plain(made.reason))
    for alarm in made.alarms:
        out.print(plain(f"{alarm.kind} since {alarm.since:%Y-%m-%d %H:%M}: {alarm.said}"), style="bold yellow")


def _show_drawn(out: "Console", report: "DrawnReport") -> None:
    from scout.cli.look import plain

    for file in report.files:
        out.print(plain(file))
    if not report.files:
        out.print(plain("There is nothing to draw yet: no starts, no candidates. `scout run` looks for both."))


def _show_what_if(out: "Console", report: "WhatIfReport") -> None:
    from scout.cli.look import heading, plain, table

    out.print(heading(f"{report.project}, the next {len(report.days)} working days, with {report.asked}"))
    rows = (
        ("asked for a day", *(f"{one.supposed.demand:.2f}" for one in _both(report))),
        ("decisions a day", *(f"{one.supposed.reviewers:g}" for one in _both(report))),
        ("yield", *(f"{one.supposed.yield_rate:.2f}" for one in _both(report))),
        ("lead time, days", *(f"{one.supposed.lead:.1f}" for one in _both(report))),
        ("load of reviewers", *(f"{one.load:.0%}" if one.load is not None else "–" for one in _both(report))),
        ("days short", *(f"{one.starved:.1%}" for one in _both(report))),
        ("served", *(f"{one.served:.1%}" for one in _both(report))),
        ("candidates ordered", *(f"{one.orders:.0f}" for one in _both(report))),
    )
    out.print(table(("", ">as it is", ">what if"), rows, flexible=0))
    out.print("\nDays of cover, 10 % – half – 90 % of the lives", style="bold")
    weeks = [
        (f"{day:%Y-%m-%d}", _band(report.as_it_is, place), _band(report.what_if, place))
        for place, day in enumerate(report.days)
        if place % _WEEK == 0 or place == len(report.days) - 1
    ]
    out.print(table(("day", ">as it is", ">what if"), weeks, flexible=0))
    cause = report.what_if.cause
    out.print()
    out.print(plain(f"{cause.name}: {cause.evidence}" + (f"; {cause.remedy}" if cause.remedy else "")))


def _both(report: "WhatIfReport") -> "tuple[Course, Course]":
    return report.as_it_is, report.what_if


def _band(course: "Course", place: int) -> str:
    band = course.bands[place]
    if band.low is None:
        return "no demand"
    return f"{band.low:.1f} – {band.middle:.1f} – {band.high:.1f}"


def _show_plan(out: "Console", report: "PlanReport") -> None:
    from scout.cli.demand_lines import demand_lines, supply_lines
    from scout.cli.look import plain, table

    made = report.plan
    show_cover(out, made)
    position = made.position
    rows = (
        ("on hand", f"{position.on_hand} ready, unblocked, unstarted, unclaimed"),
        ("on order", f"{position.on_order:.1f} ({position.undecided} undecided, {position.accepted} accepted)"),
        ("not ready", f"{position.not_ready} open tickets"),
        *demand_lines(report),
        *supply_lines(report),
        ("reorder point s", f"{made.reorder_point}, of which safety stock {made.safety_stock:.1f}"),
        ("order up to S", f"{made.order_up_to}; at most {made.ceiling} undecided"),
        *([("by kind", ", ".join(str(one) for one in made.kinds))] if made.kinds else []),
        ("constraint", made.constraint),
        *([("would help", made.remedy)] if made.remedy else []),
        ("look again", f"{made.next_review_at:%Y-%m-%d %H:%M} UTC"),
    )
    out.print(table(("", ""), rows))
    for note in report.notes:
        out.print(plain(f"Note: {note}"), style="yellow")
