"""Pictures of a project's flow, each with how sure it is."""

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np

from scout.charts import (
    Aged,
    Closed,
    Depth,
    Level,
    Picture,
    Tempo,
    Wait,
    aging,
    before_after,
    control,
    cumulative_flow,
    cycle_scatter,
    handoffs,
    queue_heat,
)
from scout.charts import Handoff as Passage
from scout.flow import FlowLog, Reading
from scout.flow.controls_figure import ControlFigure
from scout.flow.depths import Depths, of_changes, of_tickets, week_ends
from scout.flow.log import DAY, Floats, Ints, as_date
from scout.flow.reading import ENOUGH
from scout.model import Frozen
from scout.service.flow import FlowReport

_YEAR, _SEASON = 52, 13
_POINTS, _OLDEST = 500, 200
_LEVELS = (50, 85, 95)
_EDGES, _SHOWN = 20, 9
_WORKDAYS = 65


class FlowFigure(Frozen):
    """A picture of flow.

    Attributes:
        id: names its rows where they are exported.
        sure: how sure it is, complete sentences.
    """

    id: str
    picture: Picture
    sure: str


def figures(log: FlowLog, report: FlowReport, readings: Mapping[str, Reading]) -> tuple[FlowFigure, ...]:
    """Return the pictures that have enough to show.

    Args:
        log: of one project.
        report: its figures.
        readings: what each measure rests on, by id.
    """
    return (
        *_piling(log),
        *_ages(log),
        *_times(log, readings),
        *_queues(log),
        *_passing(report),
        *(one for figure in report.controls for one in _controls(figure)),
        *_comparisons(report),
    )


def _piling(log: FlowLog) -> Iterator[FlowFigure]:
    moments = week_ends(log, _YEAR)
    if moments.size < ENOUGH or log.ticket["subject"].size < ENOUGH:
        return
    found = of_tickets(log, moments)
    untold = int((~np.isin(log.ticket["subject"], log.ticket_stay["subject"])).sum())
    sure = "Counted from the tracker's history of states at the end of each week, nothing estimated; closed since then."
    if untold:
        sure += f" Of {untold} tickets no history is told: they count as open from creation to closing."
    yield FlowFigure(id="cumulative-flow", picture=cumulative_flow(_rows(log, found, moments), found.states), sure=sure)


def _queues(log: FlowLog) -> Iterator[FlowFigure]:
    moments = week_ends(log, _SEASON)
    if moments.size < ENOUGH:
        return
    tickets, changes = of_tickets(log, moments), of_changes(log, moments)
    names = (*tickets.states[:-1], *(f"change: {name}" for name in changes.states))
    counts = np.vstack([tickets.counts[:-1], changes.counts])
    deep = Depths(names, counts)
    if names and int(counts.max(initial=0)) >= ENOUGH:
        sure = "Counted at the end of each week, nothing estimated; states that never held five are one row or none."
        yield FlowFigure(id="queues", picture=queue_heat(_rows(log, deep, moments), names), sure=sure)


def _rows(log: FlowLog, found: Depths, moments: Floats) -> list[Depth]:
    days = [as_date(log.calendar.day_of(moment - 1)) for moment in moments.tolist()]
    return [
        Depth(day, state, int(found.counts[row, column]))
        for row, state in enumerate(found.states)
        for column, day in enumerate(days)
    ]


def _ages(log: FlowLog) -> Iterator[FlowFigure]:
    ticket, change = log.ticket, log.change
    begun = ~np.isnan(ticket["started"]) & (ticket["started"] <= log.now)
    native = np.where(ticket["native_state"].astype(str) != "", ticket["native_state"], ticket["state"]).astype(str)
    inferred = int((begun & ~ticket["is_closed"] & np.isnan(ticket["started_told"])).sum())
    sure = f"Ages are exact; the start of {inferred} is inferred (see start-inference)." if inferred else "Exact."
    parts = (
        ("ticket", ticket, ticket["started"], ticket["closed"], begun & ~ticket["is_closed"], native, sure),
        ("change", change, change["created"], change["ended"], np.isnan(change["ended"]), None, "Exact."),
    )
    for kind, table, start, end, rows, names, said in parts:
        here = rows & (start <= log.now)
        if int(here.sum()) < ENOUGH:
            continue
        ended = ~np.isnan(start) & (end >= start) & (end <= log.now)
        ages = _working(log, start[here], np.full(int(here.sum()), log.now))
        history = _working(log, start[ended], end[ended]) if int(ended.sum()) >= ENOUGH else None
        levels = [] if history is None else _levels(history.astype(np.float64))
        states = names[here] if names is not None else np.full(ages.size, "open change")
        oldest = np.argsort(-ages, kind="stable")[:_OLDEST]
        keys = table["key"][here]
        points = [Aged(str(keys[at]), str(states[at]), float(ages[at])) for at in oldest.tolist()]
        more = f" The {_OLDEST} oldest of {ages.size} are drawn." if ages.size > _OLDEST else ""
        made = aging(points, sorted({point.state for point in points}), levels)
        shown = made.having(
            title=f"Age of {kind}s in work", definition=made.definition.replace("a ticket", f"a {kind}")
        )
        yield FlowFigure(id=f"{kind}-ages", picture=shown, sure=f"{said}{more}")


def _working(log: FlowLog, start: Floats, end: Floats) -> Ints:
    first, last = ((moments // DAY).astype(np.int64) for moments in (start, end))
    return log.calendar.between(first, last)


def _levels(days: Floats) -> list[Level]:
    return [
        Level(f"{level} %", float(value)) for level, value in zip(_LEVELS, np.percentile(days, _LEVELS), strict=True)
    ]


def _times(log: FlowLog, readings: Mapping[str, Reading]) -> Iterator[FlowFigure]:
    for kind, names in (("ticket", ("ticket-cycle-time", "ticket-lead-time")), ("change", ("change-lead-time",))):
        for name in names:
            read = readings.get(name)
            if read is None or read.rows is None:
                continue
            ended = ~read.rows.censored
            subjects, days = read.rows.subjects[ended], read.rows.values[ended]
            if days.size < ENOUGH:
                continue
            table = log.ticket if kind == "ticket" else log.change
            closed = table["closed" if kind == "ticket" else "merged"][subjects]
            newest = np.argsort(-closed, kind="stable")[:_POINTS]
            points = [
                Closed(
                    str(table["key"][subjects[at]]), as_date(log.calendar.day_of(float(closed[at]))), float(days[at])
                )
                for at in newest.tolist()
            ]
            drawn = cycle_scatter(points, _levels(days)).having(
                title=f"How long each {kind} took ({name})",
                definition=f"Each point is a finished {kind}; lines are percentiles.",
            )
            yield FlowFigure(id=f"{kind}-times", picture=drawn, sure=_said(read, int(days.size)))
            break


def _said(read: Reading, n: int) -> str:
    interval = (
        f" The median is {read.value:.1f} days, with 95 % between {read.low:.1f} and {read.high:.1f}."
        if None not in {read.value, read.low, read.high}
        else ""
    )
    more = f" The newest {_POINTS} are drawn." if n > _POINTS else ""
    return f"{n} that ended; what is still open is not a point.{interval}{more}"


def _passing(report: FlowReport) -> Iterator[FlowFigure]:
    for kind in ("ticket", "change"):
        edges = [one for one in report.handoffs if one.kind == kind][:_EDGES]
        if edges:
            drawn = handoffs([Passage(one.origin, one.target, one.volume, one.wait) for one in edges])
            sure = "Counted from told or derived changes of state; passages of fewer than five are not shown."
            yield FlowFigure(
                id=f"{kind}-handoffs", picture=drawn.having(title=f"Handoffs of {kind}s: volume and wait"), sure=sure
            )


def _controls(figure: ControlFigure) -> Iterator[FlowFigure]:
    points = [
        Tempo(_start(one.quarter), one.opportunities / _WORKDAYS, one.rate, one.low, one.high) for one in figure.chart
    ][-12:]
    if len(points) > 1:
        title = f"Control {figure.id}: bypassed against tempo"
        told = figure.finding or "Bypassing does not rise with tempo for sure."
        unknown = f"of the last year {figure.unknown} of {figure.opportunities} are unknown"
        sure = f"95 % intervals (Wilson); {unknown}. {told}"
        yield FlowFigure(id=f"control-{figure.id}", picture=control(points, title), sure=sure)


def _start(quarter: str) -> date:
    year, _, number = quarter.partition("-Q")
    return date(int(year), 3 * int(number) - 2, 1)


def _comparisons(report: FlowReport) -> Iterator[FlowFigure]:
    for made in report.comparisons:
        waits = [
            Wait(f"{one.kind}: {one.state}", one.before, one.after, one.change, one.low, one.high, one.verdict)
            for one in made.burdens[:_SHOWN]
        ]
        if waits:
            drawn = before_after(waits, f"Before and after {made.date.isoformat()}: {made.because}")
            sure = f"Intervals hold for all waits together at 95 %. {made.warning}"
            yield FlowFigure(id=f"before-after-{made.date.isoformat()}", picture=drawn, sure=sure)
