"""The buffer in the terms of inventory theory."""

from datetime import date, datetime

from scout.model._base import Frozen


class DemandForecast(Frozen):
    """Starts per working day, forecast as quantiles of the sum over an interval.

    Attributes:
        basis: what was counted as a start, in words ('changes landed on the default branch (proxy)').
        days: working days of history behind it.
        starts: starts in those days.
        per_day: expected starts per working day.
        interval: the protection interval in working days.
        quantiles: probability (as '0.5', '0.8', '0.95') → starts over the interval.
    """

    basis: str
    days: int
    starts: int
    per_day: float
    interval: float
    quantiles: dict[str, int]


class Position(Frozen):
    """What is there and what is coming, in work items.

    Attributes:
        on_hand: ready, unblocked, unstarted, unclaimed tickets.
        on_order: undecided or unpublished candidates × their expected yield.
        undecided: candidates that wait for a reviewer.
        accepted: accepted candidates not yet published.
        not_ready: open, unstarted tickets that fail a gate.
        blocked: ready, unstarted, unclaimed tickets that wait for others.
        blind: why the position cannot be believed; empty when it can.
    """

    on_hand: int
    on_order: float
    undecided: int = 0
    accepted: int = 0
    not_ready: int = 0
    blocked: int = 0
    blind: str = ""


class Plan(Frozen):
    """How much definition work to order now, and why.

    Attributes:
        reorder_point: s, in work items: order when on hand + on order is below or at it.
        order_up_to: S, in work items.
        safety_stock: s minus expected demand over the protection interval.
        days_of_cover: on hand ÷ expected starts per working day; None when nothing is being started.
        order: candidates to draft now.
        reason: why that many, in a sentence or two.
        next_review_at: when to look again (UTC).
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
