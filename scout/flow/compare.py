"""Before and after a date: which waits shrank, which grew; a burden removed in one place may stand in another.

What follows a date is not caused by it: a comparison says that a wait changed, never why.
"""

from datetime import date

import numpy as np

from scout.flow.chances import normal_at
from scout.flow.changepoint import turn
from scout.flow.log import DAY, Flags, Floats, FlowLog, Table, as_date
from scout.flow.reading import ENOUGH
from scout.flow.survival import restricted_mean
from scout.model import Frozen

WARNING = "Two spans of time differ in more than one thing: that a wait changed does not say why."
MANY = 20
_ALPHA = 0.03
_PROPOSING = 0.001
_APART = 28 * DAY


class Burden(Frozen):
    """One wait before and after a date.

    Attributes:
        kind: `ticket` or `change`.
        state: where it waits.
        before: mean days there before, cut at `horizon`.
        after: the same after.
        change: after − before, days.
        low: lower end of its interval, which holds for all waits of the comparison together at 95 %.
        high: upper end.
        verdict: `removed` (shrank for sure), `displaced` (grew for sure), or `unclear`.
        n_before: stays that began before.
        n_after: stays that began after.
        horizon: days at which means are cut, since the longest have not ended.
    """

    kind: str
    state: str
    before: float
    after: float
    change: float
    low: float
    high: float
    verdict: str
    n_before: int
    n_after: int
    horizon: float


class Comparison(Frozen):
    """All waits before and after a date."""

    date: date
    because: str
    burdens: tuple[Burden, ...]
    warning: str = WARNING


def compare(log: FlowLog, day: date, because: str) -> Comparison:
    """Compare the waits before and after the beginning of a day.

    Args:
        log: the project's.
        day: in the project's time zone.
        because: why this date.
    """
    moment = (np.datetime64(day) - np.datetime64("1970-01-01")).astype(int) * DAY
    pairs = [
        (kind, state, table)
        for kind, table in (("ticket", log.ticket_stay), ("change", log.change_stay))
        for state in np.unique(table["native"].astype(str)).tolist()
    ]
    split = [(kind, state, _sides(log, table, state, float(moment))) for kind, state, table in pairs]
    enough = [(kind, state, sides) for kind, state, sides in split if min(sides[0].size, sides[2].size) >= MANY]
    burdens = [_burden(kind, state, sides, len(enough)) for kind, state, sides in enough]
    return Comparison(date=day, because=because, burdens=tuple(sorted(burdens, key=lambda one: one.change)))


def _sides(log: FlowLog, stay: Table, state: str, moment: float) -> tuple[Floats, Flags, Floats, Flags]:
    """Return durations and whether they are censored, before and after; what crosses the date is cut there."""
    rows = stay["native"].astype(str) == state
    since, until = stay["since"][rows], stay["until"][rows]
    end = np.where(np.isnan(until), log.now, until)
    good = end >= since
    since, until, end = since[good], until[good], end[good]
    early = since < moment
    cut = np.minimum(end, moment)
    before, after = (cut[early] - since[early]) / DAY, (end[~early] - since[~early]) / DAY
    return before, (end[early] > moment) | np.isnan(until[early]), after, np.isnan(until[~early])


def _burden(kind: str, state: str, sides: tuple[Floats, Flags, Floats, Flags], many: int) -> Burden:
    early, early_open, late, late_open = sides
    horizon = (
        float(min(np.percentile(early, 95), np.percentile(late, 95))) or float(max(early.max(), late.max())) or 1.0
    )
    before, spread_before = restricted_mean(early, early_open, horizon)
    after, spread_after = restricted_mean(late, late_open, horizon)
    reach = normal_at(1 - _ALPHA / (2 * max(many, 1))) * (spread_before + spread_after) ** 0.5
    change = after - before
    verdict = "removed" if change + reach < 0 else "displaced" if change - reach > 0 else "unclear"
    return Burden(
        kind=kind,
        state=state,
        before=before,
        after=after,
        change=change,
        low=change - reach,
        high=change + reach,
        verdict=verdict,
        n_before=int(early.size),
        n_after=int(late.size),
        horizon=horizon,
    )


def proposals(log: FlowLog) -> tuple[tuple[date, str], ...]:
    """Return dates worth comparing, with the reason: programs began to review or to open changes, or a wait turned."""
    found = [*_programs(log), *_turns(log)]
    kept: list[tuple[date, str]] = []
    for day, because in sorted(found):
        if not any(abs((day - other).days) < _APART / DAY for other, _ in kept):
            kept.append((day, because))
    return tuple(kept)


def _programs(log: FlowLog) -> list[tuple[date, str]]:
    """Return since when programs review, and since when they open changes, where they do it often."""
    event = log.event
    made: list[tuple[date, str]] = []
    for names, because in (
        ({"review done", "changes asked"}, "programs began to review"),
        ({"created"}, "programs began to open changes"),
    ):
        rows = ~event["is_ticket"] & event["by_bot"] & np.isin(event["event"].astype(str), sorted(names))
        moments = event["at"][rows]
        if moments.size >= MANY and moments[0] > event["at"][0] + _APART:
            made.append((as_date(log.calendar.day_of(float(moments[0]))), because))
    return made


def _turns(log: FlowLog) -> list[tuple[date, str]]:
    made: list[tuple[date, str]] = []
    for kind, stay in (("ticket", log.ticket_stay), ("change", log.change_stay)):
        names = stay["native"].astype(str)
        for state in np.unique(names).tolist():
            rows = np.flatnonzero(names == state)
            rows = rows[np.argsort(stay["since"][rows], kind="stable")]
            since, until = stay["since"][rows], stay["until"][rows]
            days = (np.where(np.isnan(until), log.now, until) - since) / DAY
            settled = (days >= 0) & (since < log.now - _settling(days))
            place = turn(days[settled], np.isnan(until[settled]), _PROPOSING) if int(settled.sum()) >= ENOUGH else None
            if place is not None:
                day = as_date(log.calendar.day_of(float(since[settled][place])))
                made.append((day, f"waits of a {kind} in '{state}' changed"))
    return made


def _settling(days: Floats) -> float:
    """Return the seconds that most stays need to end: what began later may look short only because it is young."""
    return float(np.percentile(days, 90)) * DAY if days.size else 0.0
