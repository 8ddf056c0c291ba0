"""Whether more comes than goes: a surge that passes, or an overload that stays; by tests, not by eye."""

from datetime import date

import numpy as np

from scout.flow._queue import arrivals, arrivals_and_departures, departures
from scout.flow.changepoint import SHORTEST, Course, excess, shift
from scout.flow.log import FlowLog, Ints, as_date, quarter
from scout.flow.reading import ENOUGH
from scout.model import Frozen

ALPHA, SURGE = 0.01, 0.02
_RECENT = 26
_GROWTH = 0.25
"""Part of what is closed in a week by which the queue has to grow in each, to be called an overload."""


class LoadShift(Frozen):
    """Something that happened to the balance of coming and going.

    Attributes:
        kind: `surge` (tickets came in numbers, and that passed), `overload` (more comes than goes, and that stays),
            `slowdown` (fewer are closed than before), `relief` (the queue shrinks).
        since: the first day of it.
        until: the day after the last; None for what lasts.
        sentence: what to say about it.
        p: how likely the like is by chance.
        per_week: by how many the queue grows in a week, for an overload.
        low: lower end of the 95 % interval of that.
        high: upper end.
    """

    kind: str
    since: date
    until: date | None
    sentence: str
    p: float
    per_week: float | None = None
    low: float | None = None
    high: float | None = None


def load_shifts(log: FlowLog) -> tuple[LoadShift, ...]:
    """Return what happened to coming and going, by whole weeks of data; nothing where that cannot be told."""
    came, went = arrivals_and_departures(log)
    if came.size < SHORTEST or came.sum() < SHORTEST * 2:
        return ()
    start = log.last_day + 1 - 7 * came.size
    return (*_surge(came, start), *_balance(came, went, start), *_slowdown(went, start))


def quarterly(log: FlowLog, most: int = 8) -> tuple[tuple[str, int, int], ...]:
    """Return for the last whole quarters of the data their name, and how many tickets came and went, oldest first."""
    came, went = (_by_quarter(days) for days in (arrivals(log)[0], departures(log)[0]))
    first, last = (quarter(as_date(day)) for day in (log.first_day, log.last_day))
    names = sorted(name for name in {*came, *went} if first < name < last)
    return tuple((name, came.get(name, 0), went.get(name, 0)) for name in names[-most:])


def _by_quarter(days: Ints) -> dict[str, int]:
    found, counts = np.unique(days, return_counts=True)
    made: dict[str, int] = {}
    for day, count in zip(found.tolist(), counts.tolist(), strict=True):
        name = quarter(as_date(day))
        made[name] = made.get(name, 0) + int(count)
    return made


def _surge(came: np.ndarray[tuple[int], np.dtype[np.float64]], start: int) -> list[LoadShift]:
    found = shift(2 * np.sqrt(came + 0.375), SURGE)  # Anscombe (1948): counts with a spread of one
    if found is None or found.course is not Course.SURGED or found.end - found.start > came.size / 3:
        return []
    since, until = as_date(start + 7 * found.start), as_date(start + 7 * found.end)
    during = came[found.start : found.end].mean()
    outside = (came.sum() - came[found.start : found.end].sum()) / (came.size - found.end + found.start)
    said = (
        f"A surge from {since.isoformat()} to {until.isoformat()}: {during:.1f} tickets a week came instead of "
        f"{outside:.1f}; it passed (p = {found.p:.3f})."
    )
    return [LoadShift(kind="surge", since=since, until=until, sentence=said, p=found.p)]


def _balance(
    came: np.ndarray[tuple[int], np.dtype[np.float64]], went: np.ndarray[tuple[int], np.dtype[np.float64]], start: int
) -> list[LoadShift]:
    net = came - went
    found = shift(net, ALPHA)
    first = (
        found.start if found is not None and found.course in {Course.ROSE, Course.FELL} else max(net.size - _RECENT, 0)
    )
    recent = net[first:]
    if recent.size < ENOUGH:
        return []
    mean, low, high = excess(recent)
    gone = float(went[first:].mean())
    since = as_date(start + 7 * first)
    wide = 1.6 if found is None or found.course not in {Course.ROSE, Course.FELL} else 1.0  # without a change, be surer
    reach = (mean - low) * wide
    if mean - reach > 0 and mean > _GROWTH * gone:
        said = (
            f"More comes than goes since {since.isoformat()}: the queue grows by {mean:.1f} tickets a week "
            f"[{low:.1f}, {high:.1f}]."
        )
        p = found.p if found else ALPHA
        return [
            LoadShift(kind="overload", since=since, until=None, sentence=said, p=p, per_week=mean, low=low, high=high)
        ]
    if mean + reach < 0 and -mean > _GROWTH * gone:
        said = f"More goes than comes since {since.isoformat()}: the queue shrinks by {-mean:.1f} tickets a week."
        return [LoadShift(kind="relief", since=since, until=None, sentence=said, p=found.p if found else ALPHA)]
    return []


def _slowdown(went: np.ndarray[tuple[int], np.dtype[np.float64]], start: int) -> list[LoadShift]:
    found = shift(2 * np.sqrt(went + 0.375), ALPHA)
    if found is None or found.course is not Course.FELL:
        return []
    before, after = went[: found.start].mean(), went[found.start :].mean()
    since = as_date(start + 7 * found.start)
    said = (
        f"Fewer tickets are closed since {since.isoformat()}: {after:.1f} a week instead of {before:.1f} "
        f"(p = {found.p:.3f})."
    )
    return [LoadShift(kind="slowdown", since=since, until=None, sentence=said, p=found.p)]
