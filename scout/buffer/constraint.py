"""The named constraint: the one thing that keeps cover from being what it should be."""

from enum import StrEnum

from scout.model import Frozen, Position


class Constraint(StrEnum):
    """What holds the buffer down. Exactly one is primary at a time."""

    HEALTHY = "healthy"
    BLIND = "blind"
    NO_HISTORY = "no history"
    BLOCKED = "blocked stock"
    OVERLOAD = "overload"
    REVIEWERS = "reviewers' queue"
    NOT_READY = "drafts not ready"
    DEMAND = "demand"


class Circumstances(Frozen):
    """The figures that a constraint is read from.

    Attributes:
        wanted: tickets that should be on hand: safety stock, rounded up.
        per_day: expected starts per working day.
        capacity: ready tickets that reviewers can release per working day.
        decisions: decisions per working day.
        yield_rate: ready tickets per candidate.
        known: whether any start was ever seen.
        load: demand ÷ capacity above which no order helps.
    """

    position: Position
    wanted: int
    per_day: float
    capacity: float
    decisions: float
    yield_rate: float
    known: bool
    load: float

    @property
    def overloaded(self) -> bool:
        """Whether more is started than reviewers can release."""
        return self.known and self.per_day > self.load * self.capacity


def constraint(seen: Circumstances) -> Constraint:
    """Return the primary constraint: the first of a fixed order whose mending alone would restore the stock.

    Blindness and missing history come first, because then nothing else can be told; where enough is on hand nothing
    is wrong; then what could be mended at once, then overload, which hides behind long queues, and demand where
    nothing else explains the gap.
    """
    here = seen.position
    missing = seen.wanted - here.on_hand
    checks = {
        Constraint.BLIND: bool(here.blind),
        Constraint.NO_HISTORY: not seen.known,
        Constraint.HEALTHY: missing <= 0,
        Constraint.BLOCKED: 0 < missing <= here.blocked,
        Constraint.OVERLOAD: seen.overloaded,
        Constraint.REVIEWERS: _queued(seen) >= missing and here.undecided > seen.decisions,
        Constraint.NOT_READY: 0 < missing <= here.not_ready,
    }
    return next((name for name, holds in checks.items() if holds), Constraint.DEMAND)


def figure(name: Constraint, seen: Circumstances) -> str:
    """Return the figure behind a constraint, in a few words."""
    here = seen.position
    figures = {
        Constraint.HEALTHY: f"{here.on_hand} on hand, {seen.wanted} wanted",
        Constraint.BLIND: here.blind,
        Constraint.NO_HISTORY: "0 starts seen",
        Constraint.BLOCKED: f"{here.blocked} ready tickets wait for others, {here.on_hand} on hand",
        Constraint.OVERLOAD: f"{seen.per_day:.1f} starts a day, {seen.capacity:.1f} can be released",
        Constraint.REVIEWERS: f"{here.undecided} candidates wait, {seen.decisions:g} decisions a day",
        Constraint.NOT_READY: f"{here.not_ready} open tickets are not ready, {here.on_hand} are",
        Constraint.DEMAND: f"{seen.per_day:.1f} starts a day, {here.on_hand} on hand, {seen.wanted} wanted",
    }
    return figures[name]


def _queued(seen: Circumstances) -> float:
    return seen.position.undecided * seen.yield_rate + seen.position.accepted
