"""Whether a criterion has to do with how tickets ended, text length held fixed. Pure.

The effect of a criterion is the area under the curve within fifths of text length, weighted as van Elteren (1960)
does: whether tickets that were finished had the higher verdict among tickets of like length. What shows no effect
loses weight, at most half of it.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scout.model import Frozen

_EXPECTED, _SPREAD = 0.6, 0.05
"""What effect a criterion is expected to have before anything is seen: an area and its standard deviation."""
_STEP, _LEAST = 0.05, 0.5
_STRATA = 5
_Z = 1.96


class Past(NamedTuple):
    """A ticket whose end is known.

    Attributes:
        total: 0..1, by its text of today.
        length: of that text, in characters.
        scores: 0..1 by criterion, as far as it was asked.
        done: whether it was finished without being sent back.
    """

    total: float
    length: int
    scores: Mapping[str, float]
    done: bool


class Effect(Frozen):
    """What one criterion has to do with how tickets ended, among tickets of like length.

    Attributes:
        tickets: how many it was asked of; `pairs` how many of them could be compared.
        area: 0..1, the chance that of two tickets of like length the finished one has the higher verdict; one half is
            no effect; None where there was nothing to compare.
        low: end of the interval in which the area lies with 95 %; `high` the other.
        factor: 0.5..1, what is left of the weight.
    """

    criterion: str
    tickets: int
    pairs: int
    area: float | None
    low: float | None
    high: float | None
    factor: float

    @property
    def said(self) -> str:
        """What this means, in words."""
        if self.area is None or self.low is None or self.high is None:
            return "nothing to compare"
        if self.low > 1 / 2:
            return "helps"
        if self.high < 1 / 2:
            return "the other way round"
        return "no effect" if self.high < _EXPECTED else "not known yet"


def effect(history: Sequence[Past], name: str) -> Effect:
    """Return the effect of one criterion among tickets of like length; of the total, where no name is given."""
    return _compared(name or "total", _stratified(history, name))


def effect_of_length(history: Sequence[Past]) -> Effect:
    """Return the effect of length alone, over all tickets."""
    return _compared("text length", [(float(one.length), 0, one.done) for one in history])


_Row = tuple[float, int, bool]
"""A value, the stratum it is compared in, and whether the ticket was finished."""


def _stratified(history: Sequence[Past], name: str) -> list[_Row]:
    """Return the verdicts of one criterion, or the totals, by fifths of length of those it was asked of."""
    asked = sorted((one for one in history if not name or name in one.scores), key=lambda one: one.length)
    return [
        (one.scores[name] if name else one.total, at * _STRATA // len(asked), one.done) for at, one in enumerate(asked)
    ]


def _compared(name: str, rows: Sequence[_Row]) -> Effect:
    strata: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for value, stratum, done in rows:
        strata[stratum].append((value, done))
    compared = [area for members in strata.values() if (area := _area(members)) is not None]
    if not compared:
        return Effect(criterion=name, tickets=len(rows), pairs=0, area=None, low=None, high=None, factor=1.0)
    whole = sum(one.weight for one in compared)
    area = sum(one.weight * one.area for one in compared) / whole
    error = math.sqrt(sum(one.weight**2 * one.variance for one in compared)) / whole
    return Effect(
        criterion=name,
        tickets=len(rows),
        pairs=sum(one.pairs for one in compared),
        area=round(area, 3),
        low=round(max(0.0, area - _Z * error), 3),
        high=round(min(1.0, area + _Z * error), 3),
        factor=_factor(area, error),
    )


class _Area(NamedTuple):
    """One stratum's area, its variance, its weight (van Elteren's), and the pairs compared."""

    area: float
    variance: float
    weight: float
    pairs: int


def _area(members: Sequence[tuple[float, bool]]) -> _Area | None:
    """Return the area of one stratum by ranks; its variance is that of no effect and no ties (Lehmann 1975).

    With ties it is too wide, on purpose: a criterion that says the same of nearly all tickets has not been tried.
    """
    count, done = len(members), sum(ended for _, ended in members)
    pairs = done * (count - done)
    if not pairs:
        return None
    tied: defaultdict[float, list[int]] = defaultdict(lambda: [0, 0])
    for value, ended in members:
        tied[value][ended] += 1
    won, below = 0.0, 0
    for value in sorted(tied):
        lost, ended = tied[value]
        won += ended * (below + lost / 2)
        below += lost
    return _Area(won / pairs, (count + 1) / 12 / pairs, pairs / (count + 1), pairs)


def _factor(area: float, error: float) -> float:
    """Return what is left of a weight: all of it at the expected effect, half of it at none, in steps of 0.05.

    The area is first drawn towards the expected one, the more the less is known (normal prior, normal error).
    """
    seen, believed = 1 / error**2, 1 / _SPREAD**2
    drawn = (area * seen + _EXPECTED * believed) / (seen + believed)
    left = _LEAST + (1 - _LEAST) * (drawn - 1 / 2) / (_EXPECTED - 1 / 2)
    return round(min(1.0, max(_LEAST, round(left / _STEP) * _STEP)), 2)
