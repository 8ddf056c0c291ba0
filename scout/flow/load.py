"""Whether more comes than goes: a surge that passes, or an overload that stays; by tests, not by eye."""

from datetime import date

import numpy as np

from scout.flow._queue import arrivals_and_departures
from scout.flow.changepoint import SHORTEST, Course, excess, shift
from scout.flow.log import FlowLog, as_date
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
    """

    kind: str
    since: date
    until: date | None
    sentence: str
    p: float


def load_shifts(log: FlowLog) -> tuple[LoadShift, ...]:
    """Return what happened to coming and going, by whole weeks of data; nothing where that cannot be told."""
    came, went = arrivals_and_departures(log)
    if came.size < SHORTEST or came.sum() < SHORTEST * 2:
        return ()
    start = log.last_day + 1 - 7 * came.size
    return (*_surge(came, start), *_balance(came, went, start), *_slowdown(went, start))


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
        return [LoadShift(kind="overload", since=since, until=None, sentence=said, p=found.p if found else ALPHA)]
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
