"""A project's buffer, day by day: demand, drafting, reviewers, readiness. Seeded; what-if, tests and figures use it.

A working day goes like this: drafts that are done reach the reviewers; reviewers decide what they can; accepted
candidates become ready when their time has come; work asks for tickets; the policy orders. Demand that finds nothing
ready is lost, as an idle day is.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from random import Random

from scout.buffer.life import Day, OnOrder, Today

Policy = Callable[[Day], int]


@dataclass(frozen=True, slots=True)
class World:
    """What a policy is up against.

    Attributes:
        demand: tickets asked for on each working day.
        decisions: decisions that reviewers make in a working day, where there is enough to decide.
        yield_rate: probability that a candidate is accepted and becomes a ready ticket.
        drafting: mean working days of drafting.
        readying: mean working days from acceptance to a ready ticket.
        stock: ready tickets at the beginning.
        ceiling: undecided candidates at most, as the policy is told; None when it has to find out.
    """

    demand: tuple[int, ...]
    decisions: float
    yield_rate: float = 0.6
    drafting: float = 1.0
    readying: float = 2.0
    stock: int = 0
    ceiling: int | None = None


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
        today = line.lived(number, asked, ordered)
        day = Day(line.stock, line.on_order(), today, world.ceiling)
        ordered = max(0, policy(day))
        line.draft(number, ordered)
        yield Lived(asked, ordered, day)


class _Line:
    """The stages between an order and a ready ticket."""

    def __init__(self, world: World, chance: Random) -> None:
        self._world, self._chance = world, chance
        self.stock = world.stock
        self._drafting: list[_Candidate] = []
        self._queue: deque[_Candidate] = deque()
        self._readying: list[_Candidate] = []
        self._spare = 0.0  # part of a decision that is left from the day before

    def on_order(self) -> OnOrder:
        return OnOrder(len(self._drafting), len(self._queue), len(self._readying))

    def draft(self, number: int, count: int) -> None:
        """Begin to draft what was ordered."""
        self._drafting += [_Candidate(number, number + self._takes(self._world.drafting)) for _ in range(count)]

    def lived(self, number: int, asked: int, ordered: int) -> Today:
        """Live through a day."""
        done, self._drafting = _parted(self._drafting, number)
        for one in done:
            one.drafted = number
        self._queue.extend(done)
        presented = len(self._queue)
        decided, accepted = self._decided(number)
        ready, self._readying = _parted(self._readying, number)
        before = self.stock
        self.stock += len(ready)
        starts = min(asked, self.stock)
        self.stock -= starts
        return Today(
            starts=starts,
            starved=asked - starts,
            on_hand=before,
            ordered=ordered,
            presented=presented,
            queued=len(self._queue),
            decided=len(decided),
            accepted=accepted,
            readied=len(ready),
            leads=tuple(float(number - one.ordered) for one in ready),
            waits=tuple(float(number - one.drafted) for one in decided),
        )

    def _decided(self, number: int) -> tuple[list[_Candidate], int]:
        """Let reviewers decide what they can; return what they decided, and how many they accepted."""
        self._spare += self._world.decisions
        able = int(self._spare)
        self._spare -= able
        decided = [self._queue.popleft() for _ in range(min(able, len(self._queue)))]
        accepted = [one for one in decided if self._chance.random() < self._world.yield_rate]
        for one in accepted:
            one.due = number + self._takes(self._world.readying)
        self._readying += accepted
        return decided, len(accepted)

    def _takes(self, mean: float) -> int:
        """Return whole days around a mean: half of it for certain, the rest by chance."""
        return round(mean / 2 + self._chance.expovariate(2 / mean)) if mean > 0 else 0


def _parted(stage: Iterable[_Candidate], number: int) -> tuple[list[_Candidate], list[_Candidate]]:
    """Return what leaves a stage on a day, and what stays."""
    kept = list(stage)
    return [one for one in kept if one.due <= number], [one for one in kept if one.due > number]
