"""The plan: slices by project and by size so that waves finish together, a first wave that is smaller on purpose.

A smaller first wave costs little when a brief turns out wrong; what its audit finds is in the briefs of the next.
"""

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scout.errors import UsageError

WORKERS = 9
SLICE = 5_000
"""Tickets of a slice at most: what is lost with a worker is small."""
SMALLEST = 20
"""Tickets that are worth a worker of their own."""
FIRST_WAVE = 4 / 9
ANSWER = 120
"""Tokens of a model's answer, roughly."""


@dataclass(frozen=True, slots=True)
class Share:
    """Tickets `start` to `stop` (exclusive) of a project, in its order."""

    project: str
    start: int
    stop: int

    @property
    def count(self) -> int:
        """How many tickets."""
        return self.stop - self.start


Slice = tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run may take.

    Attributes:
        tickets: to classify, audits not counted.
        minutes: wall time.
        asked: tickets about which a model will be asked; 0 offline.
        tokens: of its questions and answers. `money` in the unit that prices are given in.
    """

    tickets: int
    minutes: float
    asked: int = 0
    tokens: int = 0
    money: float = 0.0


@dataclass(frozen=True, slots=True)
class Asks:
    """What a model will be asked, roughly.

    Attributes:
        tokens: of one question.
        price_of_question: of a million tokens; `price_of_answer` likewise.
    """

    tickets: int
    tokens: int
    per_minute: float
    price_of_question: float = 0.0
    price_of_answer: float = 0.0


def sizes(total: int, wanted: Sequence[int] = ()) -> tuple[int, ...]:
    """Return how many workers each wave has.

    Args:
        total: tickets.
        wanted: workers by wave, where somebody has said so.

    Raises:
        UsageError: a wave would have no worker.
    """
    if wanted:
        if min(wanted) < 1:
            raise UsageError("A wave needs at least one worker.", "Give numbers such as 5,4.")
        return tuple(wanted)
    workers = max(min(WORKERS, total // SMALLEST), math.ceil(total / SLICE), 1)
    first = int(workers * FIRST_WAVE)
    return (first, workers - first) if first else (workers,)


def slices(counts: Mapping[str, int], waves: Sequence[int]) -> tuple[tuple[Slice, ...], ...]:
    """Return the slices of each wave, the smaller ones in the first.

    Large projects are cut evenly, small ones share a slice; the sizes differ as little as that allows (Graham's
    longest-processing-time rule, 1969).

    Args:
        counts: tickets by project.
        waves: workers by wave.
    """
    workers, total = sum(waves), sum(counts.values())
    if not total:
        return ()
    target = max(math.ceil(total / workers), 1)
    parts = sorted(
        (part for name, count in counts.items() for part in _cut(name, count, target)),
        key=lambda part: (-part.count, part.project, part.start),
    )
    bins: list[tuple[int, int, list[Share]]] = [(0, number, []) for number in range(workers)]
    for part in parts:
        load, number, held = heapq.heappop(bins)
        held.append(part)
        heapq.heappush(bins, (load + part.count, number, held))
    filled = [tuple(held) for load, _, held in sorted(bins) if load]
    found: list[tuple[Slice, ...]] = []
    for size in waves:
        found.append(tuple(filled[:size]))
        filled = filled[size:]
    return tuple(wave for wave in found if wave)


def estimate(total: int, per_second: float, asks: Asks | None = None) -> Estimate:
    """Return what a run may take.

    Args:
        total: tickets.
        per_second: tickets that all workers of a wave do in a second.
        asks: what a model will be asked, where there is one.
    """
    minutes = total / max(per_second, 1e-9) / 60
    if asks is None:
        return Estimate(total, round(minutes, 2))
    tokens = asks.tickets * (asks.tokens + ANSWER)
    money = asks.tickets * (asks.tokens * asks.price_of_question + ANSWER * asks.price_of_answer) / 1_000_000
    return Estimate(total, round(minutes + asks.tickets / asks.per_minute, 2), asks.tickets, tokens, round(money, 4))


def _cut(project: str, count: int, target: int) -> list[Share]:
    pieces = max(1, round(count / target)) if count > target else 1
    edges = [round(count * place / pieces) for place in range(pieces + 1)]
    return [Share(project, low, high) for low, high in pairwise(edges) if high > low]
