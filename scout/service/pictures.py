"""Pictures of a project from what the last run left and what the ledger knows; the warehouse stays closed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from scout.buffer.changes import changes
from scout.buffer.demand import daily
from scout.charts import Cover, Demand, Picture, Stage, Stock, cover_fan, demand_bars, funnel, stock_saw
from scout.model import Candidate, CandidateState, Plan, standing
from scout.review import transitions
from scout.service import snapshot
from scout.service.calendars import calendar_of
from scout.service.what_if import WhatIfReport, simulated
from scout.service.wiring import Project, Workspace

_SHOWN = 60
"""Working days of demand that are drawn."""


def pictures(work: Workspace, project: Project, asked: str = "") -> tuple[Picture, ...]:
    """Return what can be drawn of a project: cover ahead, stock, demand, and the way of its candidates.

    Args:
        work: the workspace.
        project: the project.
        asked: what is supposed about the days ahead, such as `demand=10x,reviewers=2`; empty for things as they are.

    Raises:
        UsageError: what is supposed cannot be read.
        StoreError: the snapshot or the ledger cannot be read.
    """
    way = funnel(stages(work.ledger.candidates(project=project.id), work))
    part: Any = snapshot.by_project(work).get(project.id, {})
    if not part.get("plan"):
        return (way,)
    plan = Plan.model_validate({"at": work.now, "next_review_at": work.now, **part["plan"]})
    starts = [(date.fromisoformat(day), int(count)) for day, count in part.get("starts", ())]
    drawn = [_demand(work, project, starts)] if starts else []
    drawn = [_stock(part.get("stock", ()), plan), *drawn]
    if starts or asked:
        drawn = [_cover(simulated(work, project, plan, starts, asked=asked), plan), *drawn]
    return (*drawn, way)


def stages(candidates: Iterable[Candidate], work: Workspace) -> tuple[Stage, ...]:
    """Return the stages on the way of candidates, each with how many reached it."""
    lives = [one for one in candidates if not one.refines]
    states = [transitions.state(one.decisions, work.now, one.tried) for one in lives]
    decided = sum(bool(standing(one.decisions)) for one in lives)
    accepted = sum(one in transitions.ACCEPTED | transitions.FILED for one in states)
    filed = sum(one in transitions.FILED for one in states)
    verified = sum(one is CandidateState.VERIFIED for one in states)
    reached = (len(lives), decided, accepted, filed, verified)
    return tuple(Stage(*one) for one in zip(("drafted", "decided", "accepted", "filed", "done"), reached, strict=True))


def _cover(report: WhatIfReport, plan: Plan) -> Picture:
    """Draw the days of cover that are simulated; days on which nothing is asked for have none."""
    known = [
        Cover(day, band.low, band.low, band.middle, band.high, band.high)
        for day, band in zip(report.days, report.what_if.bands, strict=True)
        if band.low is not None and band.middle is not None and band.high is not None
    ]
    per_day = report.what_if.supposed.demand
    fan = cover_fan(known, plan.reorder_point / per_day if per_day > 0 else 0)
    with_what = f", with {report.asked}" if report.asked else ""
    said = f"Simulated{with_what}: the median, and what eight of ten lives have, in working days of ready work."
    return fan.having(title=f"Days of cover ahead{with_what}", definition=said)


def _stock(rows: Iterable[Any], plan: Plan) -> Picture:
    days = [
        Stock(date.fromisoformat(day), on_hand, on_hand + on_order, order)
        for day, on_hand, on_order, _, _, order in rows
    ]
    return stock_saw(days, plan.reorder_point, plan.order_up_to)


def _demand(work: Workspace, project: Project, starts: list[tuple[date, int]]) -> Picture:
    calendar, today = calendar_of(work, project.id), work.now.date()
    counts = daily(starts, today, calendar)
    days = calendar.days(date.fromordinal(today.toordinal() - 3 * len(counts) - 60), today)[-len(counts) :]
    marks = [one.day for one in changes(counts, days) if one.day is not None and one.day in days[-_SHOWN:]]
    shown = zip(days[-_SHOWN:], counts[-_SHOWN:], strict=True)
    return demand_bars([Demand(day, count) for day, count in shown], marks)
