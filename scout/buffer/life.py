"""The policy through one project's life: a day's facts in, an order out. What simulators drive."""

from collections import deque
from dataclasses import dataclass, field

from scout.buffer.demand import Rates, Tempo
from scout.buffer.policy import order_of
from scout.buffer.terms import Experience, Terms, shrunk_yield
from scout.buffer.wording import Order
from scout.model import Position

_KEPT = 0.98  # share of a decision's weight that is left a working day later
_LEADS = 60  # lead times remembered
_SPEED_KEPT = 0.9


@dataclass(frozen=True, slots=True)
class OnOrder:
    """Candidates that are no ready tickets yet, by stage.

    Attributes:
        drafting: being written.
        queued: waiting for a decision.
        accepted: accepted, not ready yet.
    """

    drafting: int = 0
    queued: int = 0
    accepted: int = 0


@dataclass(frozen=True, slots=True)
class Today:
    """What happened in a working day; counts, except `leads` and `waits`, which are working days.

    Attributes:
        starts: tickets started.
        starved: tickets asked for when nothing was ready. They are demand, too: without them a starving project looks
            like a quiet one.
        on_hand: ready tickets as the day began.
        blocked: ready tickets that wait for others.
        ordered: candidates ordered the day before.
        presented: candidates that reviewers could have decided.
        queued: candidates that wait as the day ends.
        decided: decisions.
        accepted: decisions that accept.
        expired: ready tickets whose readiness ended.
        spoiled: accepted candidates that never became ready.
        readied: tickets that became ready.
        leads: from ordered to ready, of the tickets that became ready.
        waits: from drafted to decided, of the candidates that were decided.
    """

    starts: int = 0
    starved: int = 0
    on_hand: int = 0
    blocked: int = 0
    ordered: int = 0
    presented: int = 0
    queued: int = 0
    decided: int = 0
    accepted: int = 0
    expired: int = 0
    spoiled: int = 0
    readied: int = 0
    leads: tuple[float, ...] = ()
    waits: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """What a policy knows as a working day ends.

    Attributes:
        on_hand: ready tickets.
        ceiling: undecided candidates at most; None for what the measured speed of reviewers allows.
    """

    on_hand: int
    on_order: OnOrder = field(default_factory=OnOrder)
    today: Today = field(default_factory=Today)
    ceiling: int | None = None


class Life:
    """One project's policy and what it has learned.

    Args:
        terms: the settings; what was measured replaces them by and by.
    """

    def __init__(self, terms: Terms | None = None) -> None:
        self._terms = terms or Terms()
        self._rates = Rates()
        self._days = self._seen = 0
        self._accepted = self._decided = 0.0
        self._leads: deque[float] = deque(maxlen=_LEADS)
        self._speed = 0.0
        self._fastest = 0

    def order(self, day: Day) -> Order:
        """Learn a day, and return what to order for the next."""
        self._learn(day.today)
        terms = self._terms.having(decisions=self._decisions(day.today), most_undecided=day.ceiling)
        experience = Experience(
            accepted=round(self._accepted), decided=round(self._decided), lead_times=tuple(self._leads)
        )
        expected, _ = shrunk_yield(experience.accepted, experience.decided, terms.yield_rate)
        undecided = day.on_order.drafting + day.on_order.queued
        here = Position(
            on_hand=day.on_hand,
            on_order=undecided * expected + day.on_order.accepted,
            undecided=undecided,
            accepted=day.on_order.accepted,
            blocked=day.today.blocked,
        )
        return order_of(self._tempo(), here, terms, experience)

    def _learn(self, today: Today) -> None:
        asked = today.starts + today.starved
        if asked or self._days:  # the first start begins the history
            self._rates.see(asked)
            self._days += 1
            self._seen += asked
        self._accepted = _KEPT * self._accepted + max(0, today.accepted - today.spoiled)
        self._decided = _KEPT * self._decided + today.decided
        self._leads.extend(today.leads)

    def _tempo(self) -> Tempo:
        return self._rates.tempo(self._days, self._seen) if self._days else Tempo()

    def _decisions(self, today: Today) -> float:
        """Return decisions a day: what reviewers made on days when more was there than they decided."""
        self._fastest = max(self._fastest, today.decided)
        if today.queued > 0 and today.decided > 0:
            speed = self._speed or float(today.decided)
            self._speed = _SPEED_KEPT * speed + (1 - _SPEED_KEPT) * today.decided
        return self._speed or max(self._terms.decisions, float(self._fastest))
