"""The policy through one project's life: a day's facts in, an order out. What simulators drive."""

from collections import deque
from collections.abc import Iterable

from scout.buffer.clumps import Clumps
from scout.buffer.constraint import Cause
from scout.buffer.days import Day, Today
from scout.buffer.demand import Rates, Tempo
from scout.buffer.diagnosis import Diagnosis
from scout.buffer.policy import order_of
from scout.buffer.terms import Experience, Terms, shrunk_yield
from scout.buffer.wording import Order
from scout.model import Position

_KEPT = 0.98  # share of a decision's weight that is left a working day later
_LEADS = 60  # lead times remembered
_SPEED_KEPT = 0.9
_HALF_A_DAY = 0.5  # whole days from one day's end to another's beginning are half a day less, give or take as much


class Life:
    """One project's policy and what it has learned.

    Args:
        terms: the settings; what was measured replaces them by and by.
    """

    def __init__(self, terms: Terms | None = None) -> None:
        self._terms = terms or Terms()
        self._rates, self._clumps = Rates(), Clumps()
        self._days = self._seen = 0
        self._asked = Tempo()
        self._accepted = self._decided = 0.0
        self._leads: deque[float] = deque(maxlen=_LEADS)
        self._speed = 0.0
        self._fastest = 0
        self._diagnosis = Diagnosis()
        self._capacity = 0.0

    @property
    def cause(self) -> Cause:
        """What keeps ready work short, as the last day ended."""
        return self._diagnosis.cause(self._capacity)

    def order(self, day: Day) -> Order:
        """Learn a day, and return what to order for the next."""
        self._learn(day.today)
        self._diagnosis.see(day)
        terms = self._terms.having(decisions=self._decisions(day.today), most_undecided=day.ceiling)
        experience = Experience(
            accepted=round(self._accepted),
            decided=round(self._decided),
            lead_times=tuple(self._leads),
            clumps=self._clumps,
        )
        expected, _ = shrunk_yield(experience.accepted, experience.decided, terms.yield_rate)
        self._capacity = terms.decisions * expected
        undecided = day.on_order.undecided
        here = Position(
            on_hand=day.on_hand,
            on_order=undecided * expected + day.on_order.accepted,
            undecided=undecided,
            accepted=day.on_order.accepted,
            blocked=day.today.blocked,
        )
        return order_of(self._tempo(day.today.asked), here, terms, experience)

    def recall(self, asked: Iterable[int]) -> None:
        """Learn the demand of past working days, oldest first, of which nothing else is known."""
        for count in asked:
            self._demanded(count)

    def _demanded(self, asked: int) -> None:
        if asked or self._days:  # the first start begins the history
            self._rates.see(asked)
            self._clumps = self._clumps.seeing(asked)
            self._days += 1
            self._seen += asked

    def _learn(self, today: Today) -> None:
        self._demanded(today.asked)
        self._accepted = _KEPT * self._accepted + max(0, today.accepted - today.spoiled)
        self._decided = _KEPT * self._decided + today.decided
        self._leads.extend(max(0.0, days - _HALF_A_DAY) for days in today.leads)

    def _tempo(self, asked: int) -> Tempo:
        """Return the tempo; on a day on which nobody asks, not one that calls for more than the last asking did."""
        if not self._days:
            return Tempo()
        now = self._rates.tempo(self._days, self._seen)
        if asked:
            self._asked = now
            return now
        return now.no_more_than(self._asked)

    def _decisions(self, today: Today) -> float:
        """Return decisions a day: what reviewers made on days when more was there than they decided."""
        self._fastest = max(self._fastest, today.decided)
        if today.queued > 0 and today.decided > 0:
            speed = self._speed or float(today.decided)
            self._speed = _SPEED_KEPT * speed + (1 - _SPEED_KEPT) * today.decided
        return self._speed or max(self._terms.decisions, float(self._fastest))
