"""How well a score agrees with people: areas under the curve with intervals, reliability, agreement. All pure.

The area under the ROC curve is the chance that a ready text has a higher score than one that is not (Hanley and
McNeil, Radiology 143, 1982); texts of equal score count half. *Within* groups only pairs of one group are compared,
so that it does not help to know which repository writes longer tickets. Intervals are percentiles of a bootstrap over
rows (Efron, 1979), seeded: the same rows give the same figures.
"""

import random
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

DRAWS = 1_000
"""Bootstrap samples; fewer when there are so many rows that it would take long."""
_LEAST_DRAWS, _MOST_WORK = 200, 4_000_000
_SEED = 20_261_121
_LOW, _HIGH = 0.025, 0.975


class Scored(NamedTuple):
    """A text with what people said and what a scorer said.

    Attributes:
        group: the repository; pairs of one group are compared within groups.
        score: higher is readier.
        ready: what people said.
    """

    group: str
    score: float
    ready: bool


class Area(NamedTuple):
    """An area under the curve; None where there are no pairs to compare.

    Attributes:
        value: 0..1; one half is chance.
        low: end of the interval in which the area lies with a probability of 95 %; `high` the other.
        pairs: how many pairs were compared.
    """

    value: float | None
    low: float | None
    high: float | None
    pairs: int


class Bin(NamedTuple):
    """Texts of similar score: `low` ≤ score < `high`, how many, their mean score, the share people called ready."""

    low: float
    high: float
    rows: int
    score: float
    ready: float


class Agreement(NamedTuple):
    """Two opinions on the same texts.

    Attributes:
        ours: how many we flag; `theirs` they flag; `both` flag both.
        kappa: agreement beyond chance (Cohen 1960), -1..1; None where one of them always says the same.
    """

    rows: int
    ours: int
    theirs: int
    both: int
    kappa: float | None

    @property
    def precision(self) -> float | None:
        """What share of ours is theirs, too."""
        return self.both / self.ours if self.ours else None

    @property
    def recall(self) -> float | None:
        """What share of theirs is ours, too."""
        return self.both / self.theirs if self.theirs else None


def area(rows: Iterable[Scored], *, within: bool = False, interval: bool = True) -> Area:
    """Return the area under the curve, by default with its interval; `within` compares pairs of one group only."""
    ties = _tied(rows, within=within)
    count = sum(len(tie) for group in ties for tie in group)
    value, pairs = _concordance(ties, None)
    if value is None or not interval:
        return Area(value, None, None, pairs)
    chance = random.Random(_SEED)  # noqa: S311 - a sample, no secret
    draws = max(_LEAST_DRAWS, min(DRAWS, _MOST_WORK // count))
    found = [drawn for _ in range(draws) if (drawn := _concordance(ties, _weights(chance, count))[0]) is not None]
    found.sort()
    return Area(value, _quantile(found, _LOW), _quantile(found, _HIGH), pairs)


def bins(rows: Iterable[Scored], count: int = 10) -> tuple[Bin, ...]:
    """Return the reliability curve of scores between 0 and 1: bins of equal width, empty ones left out."""
    by_bin = sorted((min(int(row.score * count), count - 1), row) for row in rows)
    found: list[Bin] = []
    for number, members in groupby(by_bin, lambda one: one[0]):
        inside = [row for _, row in members]
        score = sum(row.score for row in inside) / len(inside)
        ready = sum(row.ready for row in inside) / len(inside)
        found.append(Bin(number / count, (number + 1) / count, len(inside), round(score, 4), round(ready, 4)))
    return tuple(found)


def agreement(flags: Sequence[tuple[bool, bool]]) -> Agreement:
    """Return how far two opinions agree; each pair is ours and theirs about one text."""
    rows = len(flags)
    ours, theirs = sum(mine for mine, _ in flags), sum(other for _, other in flags)
    both = sum(mine and other for mine, other in flags)
    if not rows or ours in {0, rows} or theirs in {0, rows}:
        return Agreement(rows, ours, theirs, both, None)
    same = sum(mine == other for mine, other in flags) / rows
    by_chance = (ours * theirs + (rows - ours) * (rows - theirs)) / rows**2
    return Agreement(rows, ours, theirs, both, round((same - by_chance) / (1 - by_chance), 4))


def _tied(rows: Iterable[Scored], *, within: bool) -> list[list[list[bool]]]:
    """Return what people said, by group, then by score from low to high."""
    ordered = sorted(rows, key=lambda row: (row.group if within else "", row.score))
    return [
        [[row.ready for row in tie] for _, tie in groupby(group, lambda row: row.score)]
        for _, group in groupby(ordered, lambda row: row.group if within else "")
    ]


def _weights(chance: random.Random, count: int) -> list[int]:
    weights = [0] * count
    for index in chance.choices(range(count), k=count):
        weights[index] += 1
    return weights


def _concordance(ties: list[list[list[bool]]], weights: list[int] | None) -> tuple[float | None, int]:
    """Return the share of pairs in which the ready text has the higher score, and how many pairs there are."""
    won, pairs, at = 0.0, 0, 0
    for group in ties:
        lower = ready_in_all = 0
        for tie in group:
            ready = other = 0
            for is_ready in tie:
                weight = 1 if weights is None else weights[at]
                at += 1
                if is_ready:
                    ready += weight
                else:
                    other += weight
            won += ready * (lower + other / 2)
            lower += other
            ready_in_all += ready
        pairs += lower * ready_in_all
    return (won / pairs if pairs else None), pairs


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else None
