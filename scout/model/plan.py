"""The buffer in the terms of inventory theory."""

from datetime import date, datetime
from enum import StrEnum

from scout.model._base import Frozen
from scout.model.finding import WorkKind


class Backtest(Frozen):
    """How the forecasts of the sum over `horizon` working days would have done, from every past day on.

    Attributes:
        horizon: working days.
        forecasts: how many were made; those of successive days overlap.
        covered: share of them in which no more was started than the 95 % quantile.
        pinball: mean loss over the quantiles 50, 80 and 95 %, in tickets.
        baseline: the same of the mean of the last 20 working days with a Poisson law.
    """

    horizon: int
    forecasts: int
    covered: float
    pinball: float
    baseline: float

    @property
    def ratio(self) -> float | None:
        """Loss ÷ that of the baseline; None where the baseline lost nothing."""
        return self.pinball / self.baseline if self.baseline else None


class DemandForecast(Frozen):
    """Starts per working day, forecast as quantiles of the sum over an interval.

    Attributes:
        basis: what was counted as a start, in words ('changes landed on the default branch (proxy)').
        days: working days of history behind it.
        starts: starts in those days.
        per_day: expected starts per working day.
        interval: the protection interval in working days.
        quantiles: probability (as '0.5', '0.8', '0.95') → starts over the interval.
        model: what was chosen for this project; empty without history.
        backtest: how it would have done, a horizon a line; empty where the history is too short to say.
    """

    basis: str
    days: int
    starts: int
    per_day: float
    interval: float
    quantiles: dict[str, int]
    model: str = ""
    backtest: tuple[Backtest, ...] = ()


class Stock(Frozen):
    """Work items of one kind in the position, and where they come from.

    Attributes:
        stage: what they are: `on hand`, `committed`, `blocked`, `stale`, `not ready`, `gone`, or a candidate's state.
        count: how many.
        expected: ready tickets to expect of them, for what is on order.
        days: working days until they are ready, on average; None where nothing says so.
        keys: tickets' keys, or candidates' ids.
    """

    stage: str
    count: int
    expected: float = 0.0
    days: float | None = None
    keys: tuple[str, ...] = ()


class Position(Frozen):
    """What is there and what is coming, in work items.

    Attributes:
        on_hand: ready, unblocked, unstarted, unclaimed next actions whose readiness is fresh.
        on_order: candidates × their expected yield, where they arrive within the protection interval.
        undecided: candidates that wait for a reviewer.
        accepted: accepted candidates not yet published.
        not_ready: open, unstarted tickets that fail a gate.
        blocked: ready, unstarted, unclaimed tickets that wait for others.
        blind: why the position cannot be believed; empty when it can.
        fronts: how many of those on hand could start at once without meeting in a file; None where nobody looked.
        days: working days of work on hand; None unless all sizes are known.
        committed: ready, unstarted tickets that somebody has claimed.
        stale: ready tickets whose ground has changed since they were last touched.
        expiring: those on hand that go stale within the protection interval.
        empty_reads: how many independent readings in a row found nothing on hand, counted up to two.
        stock: where each figure comes from.
    """

    on_hand: int
    on_order: float
    undecided: int = 0
    accepted: int = 0
    not_ready: int = 0
    blocked: int = 0
    blind: str = ""
    fronts: int | None = None
    days: float | None = None
    committed: int = 0
    stale: int = 0
    expiring: int = 0
    empty_reads: int = 0
    stock: tuple[Stock, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is on hand, and two independent readings say so."""
        return self.on_hand == 0 and self.empty_reads > 1 and not self.blind

    def keys(self, stage: str) -> tuple[str, ...]:
        """Return the tickets or candidates of a stage."""
        return next((one.keys for one in self.stock if one.stage == stage), ())


class AlarmKind(StrEnum):
    """What a lead should hear of."""

    EMPTY = "empty"
    BELOW = "below s"
    FALLING = "falling fast"
    WAITING = "waiting for a decision"
    STARVING = "starving"
    OVERFULL = "over-full"


class Alarm(Frozen):
    """An episode that has not ended.

    Attributes:
        kind: what it is.
        since: when it began (UTC).
        said: the figures, in words.
    """

    kind: AlarmKind
    since: datetime
    said: str


class KindOrder(Frozen):
    """How much of an order is of one kind.

    Attributes:
        count: candidates to draft.
        started: share of the tickets started lately that were of this kind, 0..1.
        here: tickets of this kind that are ready, or expected from open candidates.
    """

    kind: WorkKind
    count: int
    started: float
    here: float

    def __str__(self) -> str:
        return f"{self.count} {self.kind} ({self.started:.0%} of starts, {self.here:.2g} there)"


class Plan(Frozen):
    """How much definition work to order now, and why.

    Attributes:
        reorder_point: s, in work items: order when on hand + on order is below or at it.
        order_up_to: S, in work items.
        safety_stock: s minus expected demand over the protection interval.
        days_of_cover: on hand ÷ expected starts per working day; None when nothing is being started.
        order: candidates to draft now.
        reason: why that many, in a sentence or two.
        constraint: what keeps cover down, with its evidence.
        remedy: what would help against that, in numbers; empty where nothing has to.
        next_review_at: when to look again (UTC).
        refine: how many tickets that are not ready come before new candidates, of those in `order`.
        alarms: those that hold, each since it began.
        kinds: what the order is made of, most first; empty where nothing says which kinds are needed.
        in_vain: tickets asked for since the plan before when none was ready, and `in_vain_since` the first moment.
    """

    project: str
    at: datetime
    demand: DemandForecast
    position: Position
    lead_time: float
    review_period: float
    service_level: float
    yield_rate: float
    ceiling: int
    reorder_point: int
    order_up_to: int
    safety_stock: float
    days_of_cover: float | None
    order: int
    reason: str
    constraint: str
    next_review_at: datetime
    holidays: tuple[date, ...] = ()
    refine: int = 0
    remedy: str = ""
    alarms: tuple[Alarm, ...] = ()
    kinds: tuple[KindOrder, ...] = ()
    in_vain: int = 0
    in_vain_since: datetime | None = None
