"""The named constraint: the one thing that keeps cover from being what it should be."""

import math
from datetime import date
from enum import StrEnum

from scout.model import Frozen, Position

_RISEN = 1.5  # starts a day ÷ the usual ones: less is no surge


class Constraint(StrEnum):
    """What holds the buffer down. Exactly one is primary at a time."""

    HEALTHY = "healthy"
    UNTOLD = "not told apart from chance"
    BLIND = "blind"
    NO_HISTORY = "no history"
    BLOCKED = "blocked stock"
    YIELD = "low yield"
    REVIEWERS = "reviewers' queue"
    DRAFTS = "drafts not ready"
    SOURCES = "starving sources"
    OVERLOAD = "structural overload"
    SURGE = "demand surge"

    @property
    def is_shortage(self) -> bool:
        """Whether it is the cause of a shortage, rather than a reason why none can be told."""
        return self not in {Constraint.HEALTHY, Constraint.UNTOLD, Constraint.BLIND, Constraint.NO_HISTORY}


class Cause(Frozen):
    """A constraint with its evidence.

    Attributes:
        name: what it is.
        evidence: the figures that it was read from, in words.
        remedy: what would help, in numbers; empty when nothing has to.
        patience: working days after which a surge that goes on is an overload; 0 where that is no question.
    """

    name: Constraint
    evidence: str
    remedy: str = ""
    patience: int = 0

    def __str__(self) -> str:
        lasting = f"; an overload if it lasts {self.patience} working days more" if self.patience else ""
        return f"{self.name}: {self.evidence}{lasting}"

    def dated(self, last: date) -> "Cause":
        """Return it with the day in its evidence up to which a surge may last before it is an overload."""
        said = f"{self.evidence}; a surge so far, an overload if it lasts past {last:%Y-%m-%d}"
        return self.having(evidence=said, patience=0) if self.patience else self


class Circumstances(Frozen):
    """The figures that a constraint is read from, where nothing but a position is known.

    Attributes:
        wanted: tickets that should be on hand: safety stock, rounded up.
        per_day: expected starts per working day.
        usual: starts per working day over the last months; 0 where nobody knows.
        decisions: decisions per working day.
        yield_rate: ready tickets per candidate.
        known: whether any start was ever seen.
        load: demand ÷ capacity above which no order helps.
    """

    position: Position
    wanted: int
    per_day: float
    usual: float
    decisions: float
    yield_rate: float
    known: bool
    load: float

    @property
    def capacity(self) -> float:
        """Ready tickets that reviewers can release per working day."""
        return self.decisions * self.yield_rate

    @property
    def overloaded(self) -> bool:
        """Whether more is started than reviewers can release."""
        return self.known and self.per_day > self.load * self.capacity


def constraint(seen: Circumstances) -> Cause:
    """Return the primary constraint: the first of a fixed order whose mending alone would restore the stock.

    Blindness and missing history come first, because then nothing else can be told; where enough is on hand nothing
    is wrong; then what could be mended at once, then overload, which hides behind long queues, then demand that has
    risen. Where nothing of this explains the gap, there are too few candidates.
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
        Constraint.DRAFTS: 0 < missing <= here.not_ready,
        Constraint.SURGE: 0 < _RISEN * seen.usual < seen.per_day,
    }
    name = next((name for name, holds in checks.items() if holds), Constraint.SOURCES)
    evidence, remedy = _told(name, seen)
    return Cause(name=name, evidence=evidence, remedy=remedy)


def _told(name: Constraint, seen: Circumstances) -> tuple[str, str]:
    """Return the figures behind a constraint, and what would help."""
    here = seen.position
    missing = max(seen.wanted - here.on_hand, 0)
    needed = seen.per_day / seen.load / seen.yield_rate - seen.decisions
    more = _counted(math.ceil(max(missing - _queued(seen), 0) / seen.yield_rate), "more candidate")
    said = {
        Constraint.HEALTHY: (f"{here.on_hand} on hand, {seen.wanted} wanted", ""),
        Constraint.BLIND: (here.blind, ""),
        Constraint.NO_HISTORY: ("0 starts seen", ""),
        Constraint.BLOCKED: (
            f"{here.blocked} ready tickets wait for others, {here.on_hand} on hand",
            f"{_counted(missing, 'ticket')} unblocked would bring the stock to {seen.wanted}",
        ),
        Constraint.OVERLOAD: (
            f"{seen.per_day:.1f} starts a day, {seen.capacity:.1f} can be released",
            f"{_counted(math.ceil(needed), 'more decision')} a day would keep up; no larger order helps",
        ),
        Constraint.REVIEWERS: (
            f"{here.undecided} candidates wait, {seen.decisions:g} decisions a day",
            f"{_counted(math.ceil(missing / seen.yield_rate), 'decision')} now would bring the stock to {seen.wanted}",
        ),
        Constraint.DRAFTS: (
            f"{here.not_ready} open tickets are not ready, {here.on_hand} are",
            f"{_counted(missing, 'ticket')} refined would bring the stock to {seen.wanted}",
        ),
        Constraint.SURGE: (
            f"{seen.per_day:.1f} starts a day, {seen.usual:.1f} over the last months; {here.on_hand} on hand",
            f"{more} would bring the stock to {seen.wanted}",
        ),
        Constraint.SOURCES: (
            f"{here.undecided + here.accepted} candidates under way, {here.on_hand} on hand, {seen.wanted} wanted",
            f"{more} would bring the stock to {seen.wanted}",
        ),
    }
    return said[name]


def _queued(seen: Circumstances) -> float:
    return seen.position.undecided * seen.yield_rate + seen.position.accepted


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
