"""Pictures of a project from what the last run left and what the ledger knows; the warehouse stays closed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from scout.buffer.changes import changes
from scout.buffer.demand import daily
from scout.charts import Cover, Demand, Picture, Stage, Stock, cover_fan, demand_bars, funnel, stock_saw
from scout.model import CandidateState, Plan
from scout.review import transitions
from scout.service import snapshot
from scout.service.calendars import calendar_of
from scout.service.shelf import Shelf, shelf
from scout.service.what_if import WhatIfReport, simulated
from scout.service.wiring import Project, Workspace

_SHOWN = 60
"""Working days of demand that are drawn."""


def pictures(work: Workspace, project: Project, asked: str = "") -> tuple[Picture, ...]:
    """Return what can be drawn of a project: cover ahead, stock, demand, and the way of its candidates.

    A picture that would show nothing is left out: cover where nothing is started, stock before its second day, a way
    that no candidate has gone.

    Args:
        work: the workspace.
        project: the project.
        asked: what is supposed about the days ahead, such as `demand=10x,reviewers=2`; empty for things as they are.

    Raises:
        UsageError: what is supposed cannot be read.
        StoreError: the snapshot or the ledger cannot be read.
    """
    reached = stages(shelf(work, (project.id,)))
    way = (funnel(reached),) if any(stage.reached for stage in reached) else ()
    part: Any = snapshot.by_project(work).get(project.id, {})
    if not part.get("plan"):
        return way
    plan = Plan.model_validate({"at": work.now, "next_review_at": work.now, **part["plan"]})
    starts = [(date.fromisoformat(day), int(count)) for day, count in part.get("starts", ())]
    cover = _cover(simulated(work, project, plan, starts, asked=asked), plan) if starts or asked else None
    drawn = (cover, _stock(part.get("stock", ()), plan), _demand(work, project, starts) if starts else None)
    return (*(one for one in drawn if one is not None), *way)


def stages(found: Shelf) -> tuple[Stage, ...]:
    """Return the stages on the way of candidates, each with how many reached it."""
    lives = [one for one in found.all if one.id not in found.refining]
    decided = sum(one.id in found.decided for one in lives)
    accepted = sum(one.state in transitions.ACCEPTED | transitions.FILED for one in lives)
    filed = sum(one.state in transitions.FILED for one in lives)
    verified = sum(one.state is CandidateState.VERIFIED for one in lives)
    reached = (len(lives), decided, accepted, filed, verified)
    return tuple(Stage(*one) for one in zip(("drafted", "decided", "accepted", "filed", "done"), reached, strict=True))


def _cover(report: WhatIfReport, plan: Plan) -> Picture | None:
    """Draw the days of cover that are simulated; days on which nothing is asked for have none."""
    known = [
        Cover(day, band.low, band.low, band.middle, band.high, band.high)
        for day, band in zip(report.days, report.what_if.bands, strict=True)
        if band.low is not None and band.middle is not None and band.high is not None
    ]
    if not known:
        return None
    per_day = report.what_if.supposed.demand
    fan = cover_fan(known, plan.reorder_point / per_day if per_day > 0 else 0)
    with_what = f", with {report.asked}" if report.asked else ""
    said = f"Simulated{with_what}: the median, and what eight of ten lives have, in working days of ready work."
    return fan.having(title=f"Days of cover ahead{with_what}", definition=said)


def _stock(rows: Iterable[Any], plan: Plan) -> Picture | None:
    days = [
        Stock(date.fromisoformat(day), on_hand, on_hand + on_order, order)
        for day, on_hand, on_order, _, _, order in rows
    ]
    return stock_saw(days, plan.reorder_point, plan.order_up_to) if len(days) > 1 else None


def _demand(work: Workspace, project: Project, starts: list[tuple[date, int]]) -> Picture | None:
    calendar, today = calendar_of(work, project.id), work.now.date()
    counts = daily(starts, today, calendar)
    days = calendar.days(date.fromordinal(today.toordinal() - 3 * len(counts) - 60), today)[-len(counts) :]
    marks = [one.day for one in changes(counts, days) if one.day is not None and one.day in days[-_SHOWN:]]
    shown = [Demand(day, count) for day, count in zip(days[-_SHOWN:], counts[-_SHOWN:], strict=True)]
    return demand_bars(shown, marks) if any(counts[-_SHOWN:]) else None
