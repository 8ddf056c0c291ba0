"""When the pace of starts changed: an annotation for readers, which no forecast uses.

Forecasts that start over at a change gain three days after a step and lose far more on every burst; a reader, however,
wants to know since when it is so.
"""

import math
from collections.abc import Sequence
from datetime import date

from scout.model import Frozen

_REFERENCE = 60  # working days that a change is told against
_LEAST_REFERENCE = 25
_FACTOR = 2.0  # the change that is looked for: twice or half the pace
_ALARM = 12.0  # log-likelihood ratio from which on it is believed: with lone bursts a false one in 1,000 working days
_APART = 3.0  # standard errors that two paces must lie apart, for that before is an estimate, too
_LEAST_RATE = 0.05
_BELIEVED = 2.0


class Change(Frozen):
    """The pace changed.

    Attributes:
        place: the working day from which on it is different, from 0.
        day: the same as a date; None where the history has none.
        before: starts per working day until then.
        after: starts per working day from then until it was noticed.
    """

    place: int
    day: date | None
    before: float
    after: float


def changes(counts: Sequence[int], days: Sequence[date] | None = None) -> tuple[Change, ...]:
    """Return the changes of pace, oldest first.

    Two cumulative sums of log-likelihood ratios (Page, Biometrika 41, 1954), one for twice and one for half the pace
    before, tempered by the dispersion of successive days, so that a burst is no change of pace.

    Args:
        counts: starts of each working day, oldest first.
        days: their dates, as many.
    """
    found: list[Change] = []
    start = 0
    while (at := _next(counts, start)) is not None:
        begin, noticed, before = at
        after = sum(counts[begin : noticed + 1]) / (noticed + 1 - begin)
        if _differ(counts, start, begin, noticed, before, after):
            day = days[begin] if days is not None else None
            found.append(Change(place=begin, day=day, before=round(before, 3), after=round(after, 3)))
        start = max(begin, start + 1)
    return tuple(found)


def _next(counts: Sequence[int], start: int) -> tuple[int, int, float] | None:
    """Return where a change after `start` begins, where it is noticed, and the pace before it."""
    up = down = 0.0
    up_begin = down_begin = start + _LEAST_REFERENCE
    for place in range(start + _LEAST_REFERENCE, len(counts)):
        before = _reference(counts, start, min(up_begin, down_begin, place))
        roughness = _roughness(counts, max(start, place - _REFERENCE), place + 1)
        up = up + _evidence(counts[place], before, before * _FACTOR) / roughness
        down = down + _evidence(counts[place], before, before / _FACTOR) / roughness
        if up <= 0:
            up, up_begin = 0.0, place + 1
        if down <= 0:
            down, down_begin = 0.0, place + 1
        if max(up, down) > _ALARM:
            return (up_begin if up >= down else down_begin), place, before
    return None


def _differ(counts: Sequence[int], start: int, begin: int, noticed: int, before: float, after: float) -> bool:  # noqa: PLR0913, PLR0917 - two stretches and their paces
    """Whether two paces are apart by the factor that is looked for, and by more than chance."""
    roughness = _roughness(counts, max(start, begin - _REFERENCE), noticed + 1)
    known, new = max(min(begin - start, _REFERENCE), 1), noticed + 1 - begin
    error = math.sqrt(roughness * (before / known + max(after, _LEAST_RATE) / new))
    far = max(before, after) > _FACTOR * max(min(before, after), _LEAST_RATE)
    return far and abs(after - before) > _APART * error


def _reference(counts: Sequence[int], start: int, end: int) -> float:
    window = counts[max(start, end - _REFERENCE) : max(end, start + 1)]
    return max(sum(window) / len(window), _LEAST_RATE)


def _evidence(count: int, before: float, after: float) -> float:
    return count * math.log(after / before) - (after - before)


def _roughness(counts: Sequence[int], begin: int, end: int) -> float:
    squares = sum((counts[k] - counts[k - 1]) ** 2 for k in range(begin + 1, end)) / 2
    return max((squares + _BELIEVED) / (sum(counts[begin:end]) + _BELIEVED), 1.0)
