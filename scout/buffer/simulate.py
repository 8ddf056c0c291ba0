"""A project's buffer, day by day: demand, drafting, reviewers, readiness. Seeded; what-if, tests and figures use it.

A working day goes like this: drafts that are done reach the reviewers; reviewers decide what they can; accepted
candidates become ready when their time has come; work asks for tickets; the policy orders. Demand that finds nothing
ready is lost, as an idle day is.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from random import Random

from scout.buffer.days import Day, OnOrder, Today

Policy = Callable[[Day], int]

_RELEASED = 0.05  # share of blocked tickets that is free again a day later


@dataclass(frozen=True, slots=True)
class Circumstance:
    """How candidates become ready tickets, for a while.

    Attributes:
        decisions: decisions that reviewers make in a working day, where there is enough to decide.
        yield_rate: probability that a candidate is accepted.
        drafting: mean working days of drafting.
        readying: mean working days from acceptance to a ready ticket.
        spoiled: probability that an accepted candidate never becomes ready.
        blocked: probability that a ready ticket waits for others.
        supply: probability that there is something to draft for a candidate that was ordered.
    """

    decisions: float
    yield_rate: float = 0.6
    drafting: float = 1.0
    readying: float = 2.0
    spoiled: float = 0.0
    blocked: float = 0.0
    supply: float = 1.0


@dataclass(frozen=True, slots=True)
class World:
    """What a policy is up against.

    Attributes:
        demand: tickets asked for on each working day.
        usual: how candidates become ready tickets.
        stock: ready tickets at the beginning.
        changes: from a day's number on, counted from 0, other circumstances; in order.
        ceiling: undecided candidates at most, as the policy is told; None when it has to find out.
        queued: candidates that wait for a decision at the beginning.
        accepted: accepted candidates that are not ready at the beginning.
    """

    demand: tuple[int, ...]
    usual: Circumstance
    stock: int = 0
    changes: tuple[tuple[int, Circumstance], ...] = ()
    ceiling: int | None = None
    queued: int = 0
    accepted: int = 0


@dataclass(frozen=True, slots=True)
class Lived:
    """A simulated day as it ended.

    Attributes:
        asked: tickets asked for.
        ordered: candidates ordered as it ended.
        day: what the policy saw.
    """

    asked: int
    ordered: int
    day: Day


@dataclass(slots=True)
class _Candidate:
    ordered: int
    due: int  # the day on which the present stage ends
    drafted: int = 0


def simulate(world: World, policy: Policy, seed: int) -> Iterator[Lived]:
    """Live through the days of a world.

    Args:
        world: what happens.
        policy: returns the order for the day that ended.
        seed: of all that is chance but demand.
    """
    line = _Line(world, Random(seed))  # noqa: S311 - a simulation
    ordered = 0
    for number, asked in enumerate(world.demand):
        today = replace(line.lived(number, asked), ordered=ordered)
        day = Day(line.stock, line.on_order(), today, world.ceiling)
        ordered = max(0, policy(day))
        line.draft(number, ordered)
        yield Lived(asked, ordered, day)


class _Line:
    """The stages between an order and a ready ticket."""

    def __init__(self, world: World, chance: Random) -> None:
        self._now, self._changes, self._chance = world.usual, dict(world.changes), chance
        self.stock = world.stock
        self._drafting: list[_Candidate] = []
        self._queue = deque(_Candidate(0, 0) for _ in range(world.queued))
        self._readying = [_Candidate(0, self._takes(self._now.readying)) for _ in range(world.accepted)]
        self._blocked = 0
        self._spare = 0.0  # part of a decision that is left from the day before

    def on_order(self) -> OnOrder:
        return OnOrder(len(self._drafting), len(self._queue), len(self._readying))

    def draft(self, number: int, count: int) -> None:
        """Begin to draft what was ordered, as far as there is something to draft."""
        there = self._happens(count, self._now.supply)
        self._drafting += [_Candidate(number, number + self._takes(self._now.drafting)) for _ in range(there)]

    def lived(self, number: int, asked: int) -> Today:
        """Live through a day."""
        self._change(number)
        done, self._drafting = _parted(self._drafting, number)
        for one in done:
            one.drafted = number
        self._queue.extend(done)
        presented = len(self._queue)
        decided, accepted = self._decided(number)
        over, self._readying = _parted(self._readying, number)
        ready = [one for one in over if not self._happens(1, self._now.spoiled)]
        before = self.stock
        self._release(len(ready))
        starts = min(asked, self.stock)
        self.stock -= starts
        return Today(
            starts=starts,
            starved=asked - starts,
            on_hand=before,
            blocked=self._blocked,
            presented=presented,
            queued=len(self._queue),
            decided=len(decided),
            accepted=accepted,
            spoiled=len(over) - len(ready),
            readied=len(ready),
            leads=tuple(float(number - one.ordered) for one in ready),
            waits=tuple(float(number - one.drafted) for one in decided),
        )

    def _change(self, number: int) -> None:
        if number in self._changes:
            self._now = self._changes[number]
            caught = self._happens(self.stock, self._now.blocked)
            self.stock, self._blocked = self.stock - caught, self._blocked + caught

    def _release(self, ready: int) -> None:
        """Put what became ready on hand, or where it waits for others; free a part of what waits there."""
        free = self._happens(self._blocked, _RELEASED)
        caught = self._happens(ready, self._now.blocked)
        self._blocked += caught - free
        self.stock += ready - caught + free

    def _decided(self, number: int) -> tuple[list[_Candidate], int]:
        """Let reviewers decide what they can; return what they decided, and how many they accepted."""
        self._spare += self._now.decisions
        able = int(self._spare)
        self._spare -= able
        decided = [self._queue.popleft() for _ in range(min(able, len(self._queue)))]
        accepted = [one for one in decided if self._chance.random() < self._now.yield_rate]
        for one in accepted:
            one.due = number + self._takes(self._now.readying)
        self._readying += accepted
        return decided, len(accepted)

    def _happens(self, count: int, probability: float) -> int:
        """Return how many of `count` it happens to."""
        if probability <= 0 or probability >= 1:
            return count if probability >= 1 else 0
        return sum(self._chance.random() < probability for _ in range(count))

    def _takes(self, mean: float) -> int:
        """Return whole days around a mean: half of it for certain, the rest by chance."""
        return round(mean / 2 + self._chance.expovariate(2 / mean)) if mean > 0 else 0


def _parted(stage: Iterable[_Candidate], number: int) -> tuple[list[_Candidate], list[_Candidate]]:
    """Return what leaves a stage on a day, and what stays."""
    kept = list(stage)
    return [one for one in kept if one.due <= number], [one for one in kept if one.due > number]
