"""The replenishment policy: periodic review with reorder point and order-up-to level, (R, s, S).

Every R working days the position (on hand + on order) is compared with the reorder point s. **Convention: an order
is made when the position is at s or below**, which is the textbook's s + 1 for those who order strictly below.
What is ordered brings the position up to S. (Silver, Pyke & Thomas, Inventory and Production Management in Supply
Chains, 4th ed. 2017, ch. 7; random yield as in Yano & Lee, Operations Research 43, 1995.)

Definition work is unlike goods in one way: each candidate costs a reviewer's decision. Therefore undecided
candidates never exceed a ceiling; without it a long queue would look like a long lead time, raise s, and so make
more candidates, for ever. What was made within the last review period counts against it even when decided, so that
a morning of rejections is not answered with a second helping (cool-down). Where more is started than reviewers can
release, the order is the one for the highest demand that they can serve: more would only wait.
"""

import math
from datetime import datetime

from scout.buffer.calendar import Calendar
from scout.buffer.constraint import Circumstances, constraint, figure
from scout.buffer.demand import PROBABILITIES, Tempo, expected
from scout.buffer.negative_binomial import quantiles
from scout.buffer.terms import Experience, Terms, shrunk_lead_time, shrunk_yield
from scout.buffer.wording import Order, reason
from scout.model import Frozen, Plan, Position

_BATCH_DAYS = 2.0  # days of demand between s and S
_LEAST_BATCH = 2  # tickets between s and S
_LOAD = 0.9  # above this share of the reviewers' capacity queues grow whatever is ordered
_STANDSTILL = 0.005  # starts a day: fewer than one in 200 working days is none
_SOONEST, _LATEST = 0.25, 5.0  # next look, in review periods
_ROUNDING = 1e-9


class Levels(Frozen):
    """Reorder point, order-up-to level and what they rest on.

    Attributes:
        reorder_point: s, in tickets.
        order_up_to: S, in tickets.
        safety_stock: s minus the expected demand over the protection interval, not below 0.
        interval: protection interval: lead time + review period, in working days.
        lead_time: expected, in working days.
        yield_rate: expected ready tickets per candidate.
    """

    reorder_point: int
    order_up_to: int
    safety_stock: float
    interval: float
    lead_time: float
    yield_rate: float


def levels(demand: Tempo, terms: Terms, experience: Experience) -> Levels:
    """Return s and S.

    s is the quantile of demand over lead time + review period at the service level, where lead time and yield vary,
    too: Var = Var(demand | mean interval) + μ²·Var(lead) + μT(1 − y) + (μT/y)²·Var(y). S is two days of demand more.
    """
    yield_rate, yield_variance = shrunk_yield(experience.accepted, experience.decided, terms.yield_rate)
    lead_time, lead_variance = shrunk_lead_time(experience.lead_times, terms.lead_time)
    interval = lead_time + terms.review_period
    mean = demand.per_day * interval
    supply = mean * (1 - yield_rate) + (mean / yield_rate) ** 2 * yield_variance
    variance = demand.variance(interval) + demand.per_day**2 * lead_variance + supply
    s = max(terms.floor, *quantiles(mean, variance, (terms.service_level,)))
    return Levels(
        reorder_point=s,
        order_up_to=s + max(_LEAST_BATCH, math.ceil(_BATCH_DAYS * demand.per_day)),
        safety_stock=max(s - mean, 0.0),
        interval=interval,
        lead_time=lead_time,
        yield_rate=yield_rate,
    )


def plan(  # noqa: PLR0913 - one argument a kind of knowledge
    project: str,
    now: datetime,
    *,
    demand: Tempo,
    position: Position,
    terms: Terms,
    experience: Experience | None = None,
    calendar: Calendar | None = None,
    basis: str = "tickets started",
) -> Plan:
    """Decide how many candidates to draft now, and say why.

    Args:
        project: the project's id.
        now: the clock, UTC.
        demand: what `demand.tempo` made of the dated starts.
        position: what `position.position` counted.
        terms: the settings.
        experience: yields and lead times so far; none by default.
        calendar: the working days; Monday to Friday by default.
        basis: what was counted as a start, in words.
    """
    calendar, experience = calendar or Calendar(), experience or Experience()
    found = levels(demand, terms, experience)
    seen = _circumstances(demand, position, terms, found)
    order = order_of(demand, position, terms, experience)
    name = constraint(seen)
    probabilities = sorted({*PROBABILITIES, terms.service_level})
    return Plan(
        project=project,
        at=now,
        demand=expected(demand, found.interval, probabilities, basis=basis),
        position=position,
        lead_time=found.lead_time,
        review_period=terms.review_period,
        service_level=terms.service_level,
        yield_rate=found.yield_rate,
        ceiling=terms.ceiling,
        reorder_point=found.reorder_point,
        order_up_to=found.order_up_to,
        safety_stock=found.safety_stock,
        days_of_cover=position.on_hand / demand.per_day if demand.per_day > _STANDSTILL else None,
        order=order.count,
        reason=reason(name, seen, order),
        constraint=f"{name}: {figure(name, seen)}",
        next_review_at=calendar.after(now, _next_look(demand, position, terms, found.reorder_point)),
        holidays=tuple(sorted(calendar.holidays)),
    )


def order_of(demand: Tempo, position: Position, terms: Terms, experience: Experience) -> Order:
    """Return how many candidates to order; arguments as for `plan`."""
    found = levels(demand, terms, experience)
    served = demand.at_most(_LOAD * terms.decisions * found.yield_rate)
    up_to = levels(served, terms, experience).order_up_to
    here = position.on_hand + position.on_order
    wanted = count = 0
    if here <= found.reorder_point and not position.blind:
        wanted = max(0, math.ceil((up_to - here) / found.yield_rate - _ROUNDING))
        count = max(0, min(wanted, terms.ceiling - max(position.undecided, experience.recent)))
    return Order(
        count=count,
        wanted=wanted,
        s=found.reorder_point,
        up_to=up_to,
        ceiling=terms.ceiling,
        recent=experience.recent,
    )


def _circumstances(demand: Tempo, position: Position, terms: Terms, found: Levels) -> Circumstances:
    return Circumstances(
        position=position,
        wanted=math.ceil(found.safety_stock - _ROUNDING),
        per_day=demand.per_day,
        capacity=terms.decisions * found.yield_rate,
        decisions=terms.decisions,
        yield_rate=found.yield_rate,
        known=demand.known,
        load=_LOAD,
    )


def _next_look(demand: Tempo, position: Position, terms: Terms, reorder_point: int) -> float:
    """Return working days until the next look: half the time until s is reached at the expected pace, bounded."""
    if position.blind:
        return _SOONEST * terms.review_period
    slack = position.on_hand + position.on_order - reorder_point
    if slack <= 0:
        return terms.review_period
    reached = slack / max(demand.per_day, _STANDSTILL)
    return min(max(reached / 2, _SOONEST * terms.review_period), _LATEST * terms.review_period)
