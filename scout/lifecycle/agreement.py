"""How well two opinions on the same things agree, by class and beyond chance, with intervals. All pure.

Kappa is Cohen's (A coefficient of agreement for nominal scales, 1960): agreement beyond what both would reach by
chance. Intervals are percentiles of a bootstrap over rows (Efron, 1979), seeded: the same rows give the same figures.
"""

import random
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

DRAWS = 1_000
_SEED = 20_261_121
_LOW, _HIGH = 0.025, 0.975
_MOST_WORK = 4_000_000


class Pair(NamedTuple):
    """What one opinion and the other say about one thing."""

    ours: str
    theirs: str


class Kappa(NamedTuple):
    """Agreement beyond chance, -1..1; None where one opinion or both never vary.

    Attributes:
        low: end of the interval of 95 %; `high` the other; None where there is no kappa.
    """

    value: float | None
    low: float | None = None
    high: float | None = None


class ClassFigures(NamedTuple):
    """One class: how often ours, theirs and both say so, and agreement on 'this class or another'."""

    name: str
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

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 where both never meet."""
        return 2 * self.both / (self.ours + self.theirs) if self.ours + self.theirs else 0.0


def accuracy(pairs: Sequence[Pair]) -> float | None:
    """Return the share on which both agree; None for nothing."""
    return sum(one.ours == one.theirs for one in pairs) / len(pairs) if pairs else None


def by_class(pairs: Sequence[Pair], names: Sequence[str]) -> tuple[ClassFigures, ...]:
    """Return the figures of each class that either opinion names, in the given order."""
    seen = {word for pair in pairs for word in pair}
    return tuple(_figures(name, pairs) for name in (*names, *sorted(seen - set(names))) if name in seen)


def macro_f1(pairs: Sequence[Pair]) -> float | None:
    """Return the mean of F1 over the classes that occur in the second opinion; None for nothing."""
    classes = sorted({pair.theirs for pair in pairs})
    return sum(_figures(name, pairs).f1 for name in classes) / len(classes) if classes else None


def cohen(pairs: Sequence[Pair], *, interval: bool = True) -> Kappa:
    """Return Cohen's kappa, by default with its interval."""
    counts = Counter(pairs)
    value = _kappa(counts, len(pairs))
    if value is None or not interval:
        return Kappa(value)
    chance = random.Random(_SEED)  # noqa: S311 - a sample, no secret
    draws = max(200, min(DRAWS, _MOST_WORK // len(pairs)))
    cells, weights = list(counts), list(counts.values())
    drawn = (Counter(chance.choices(cells, weights, k=len(pairs))) for _ in range(draws))
    found = sorted(one for sample in drawn if (one := _kappa(sample, len(pairs))) is not None)
    return Kappa(value, _quantile(found, _LOW), _quantile(found, _HIGH))


def _figures(name: str, pairs: Sequence[Pair]) -> ClassFigures:
    ours = sum(pair.ours == name for pair in pairs)
    theirs = sum(pair.theirs == name for pair in pairs)
    both = sum(pair.ours == name == pair.theirs for pair in pairs)
    one_or_other = Counter(Pair(str(pair.ours == name), str(pair.theirs == name)) for pair in pairs)
    return ClassFigures(name, ours, theirs, both, _kappa(one_or_other, len(pairs)))


def _kappa(counts: Counter[Pair], total: int) -> float | None:
    if not total:
        return None
    ours, theirs = Counter[str](), Counter[str]()
    for pair, number in counts.items():
        ours[pair.ours] += number
        theirs[pair.theirs] += number
    by_chance = sum(ours[name] * theirs[name] for name in ours) / total**2
    if by_chance == 1:
        return None
    same = sum(number for pair, number in counts.items() if pair.ours == pair.theirs) / total
    return (same - by_chance) / (1 - by_chance)


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else None
