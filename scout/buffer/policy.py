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

Two things that a plain quantile over the lead time leaves out are counted, because work comes in clumps. Who asks for
work meets the stock that the demand *before* has left, and asks for a whole day's worth (Poisson arrivals see time
averages; Wolff, Operations Research 30, 1982): s is the quantile up to that day, and the day itself as those who ask
see it. And what a clump took comes back no faster than reviewers decide: s is the largest such need over longer
intervals, each less what reviewers release in the meantime.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime

from scout.buffer.cadence import next_look
from scout.buffer.calendar import Calendar
from scout.buffer.chronicle import Dated
from scout.buffer.constraint import Circumstances
from scout.buffer.demand import PROBABILITIES, Tempo, expected
from scout.buffer.naming import named
from scout.buffer.negative_binomial import quantiles
from scout.buffer.terms import Experience, Terms, shrunk_lead_time, shrunk_yield
from scout.buffer.wording import Order, first, reason
from scout.model import Frozen, Plan, Position

_BATCH_DAYS = 0.5  # days of demand between s and S
_LEAST_BATCH, _FLOOR_BATCH = 1, 2  # tickets between s and S, at least; and where nothing is being started
_LOAD = 0.9  # above this share of the reviewers' capacity queues grow whatever is ordered
_STANDSTILL = 0.005  # starts a day: fewer than one in 200 working days is none
_ROUNDING = 1e-9
_LUMPY = 0.5  # part of the risk of running dry that is taken with bursts: each would miss many tickets at once
_PACE = 0.85  # part of the ceiling that is used: the rest would only wait in the queue
_MEANWHILE = (0, 2, 5, 9, 14)  # working days after the lead time in which reviewers go on releasing


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
    """Return s and S; S is half a day of demand more than s: more would only lie there, for an order costs nothing.

    With T = lead time + review period, μ starts a day of dispersion d, yield y, and C what reviewers release a day:
    s = max over k of [quantile of the demand in T + k − 1 working days − C·k] + (d − 1 + μ). The last term is what
    is asked for on a day on which something is. The variance is μ(T + k − 1)(d + 1 − y) by chance, and T²·Var(μ) +
    μ²·Var(lead) + (μT/y)²·Var(y) because rate, lead time and yield are not known for sure.
    """
    yield_rate, yield_variance = shrunk_yield(experience.accepted, experience.decided, terms.yield_rate)
    lead_time, lead_variance = shrunk_lead_time(experience.lead_times, terms.lead_time, experience.waiting)
    supply = _Supply(
        interval=lead_time + terms.review_period,
        lead_variance=lead_variance,
        yield_rate=yield_rate,
        yield_variance=yield_variance,
        released=_LOAD * terms.decisions * yield_rate,
    )
    dry = 1 - terms.service_level
    lumpy = _need(experience.clumps.tempo, supply, 1 - _LUMPY * dry)
    least = _LEAST_BATCH if demand.per_day > _STANDSTILL else _FLOOR_BATCH
    s = max(terms.floor, _need(demand, supply, terms.service_level), lumpy)
    return Levels(
        reorder_point=s,
        order_up_to=s + max(least, math.ceil(_BATCH_DAYS * demand.per_day)),
        safety_stock=max(s - demand.per_day * supply.interval, 0.0),
        interval=supply.interval,
        lead_time=lead_time,
        yield_rate=yield_rate,
    )


class _Supply(Frozen):
    """How ordered candidates become ready tickets; `released` is what reviewers let through in a working day."""

    interval: float
    lead_variance: float
    yield_rate: float
    yield_variance: float
    released: float


def _need(demand: Tempo, supply: _Supply, service_level: float) -> int:
    """Return the stock and orders that last until what is ordered has arrived."""
    if demand.per_day <= _STANDSTILL:
        return 0
    needs: list[int] = []
    for more in _MEANWHILE:
        # beyond what reviewers can release no stock helps for long
        served = demand.at_most(supply.released) if more else demand
        days = max(supply.interval + more - 1, 0.0)
        mean = served.per_day * days
        chance = mean * (served.dispersion + 1 - supply.yield_rate)
        before = quantiles(mean, chance + _unsure(served, supply), (service_level,))[0]
        at_once = served.dispersion - 1 + served.per_day
        needs.append(math.ceil(before + at_once - _ROUNDING) - math.floor(supply.released * more))
    return max(needs)


def _unsure(demand: Tempo, supply: _Supply) -> float:
    """Return the variance of what is not known; it does not grow past the interval, for by then more is known."""
    mean = demand.per_day * supply.interval
    rate = demand.variance(supply.interval) - mean * demand.dispersion
    lead_time = demand.per_day**2 * supply.lead_variance
    return rate + lead_time + (mean / supply.yield_rate) ** 2 * supply.yield_variance


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
    days: Sequence[Dated] = (),
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
        days: the working days as they ended, which tell why work is short; none by default.
    """
    calendar, experience = calendar or Calendar(), experience or Experience()
    found = levels(demand.calm, terms, experience)
    seen = _circumstances(demand, position, terms, found, experience.clumps.per_day)
    order = order_of(demand.calm, position, terms, experience)
    cause = named(seen, days, now.astimezone(UTC).date(), calendar)
    refine = _refine(order, position, found, experience)
    wait = next_look(position, max(demand.per_day, _STANDSTILL), found.reorder_point, terms.review_period)
    return Plan(
        project=project,
        at=now,
        demand=expected(demand, found.interval, sorted({*PROBABILITIES, terms.service_level}), basis=basis),
        position=position,
        review_period=terms.review_period,
        service_level=terms.service_level,
        ceiling=terms.ceiling,
        **found.model_dump(exclude={"interval"}),
        days_of_cover=position.on_hand / demand.per_day if demand.per_day > _STANDSTILL else None,
        order=order.count,
        reason=f"{reason(cause, seen, order)} {first(refine, order, seen, experience.refine_yield)}".strip(),
        refine=refine,
        constraint=str(cause),
        remedy=cause.remedy,
        next_review_at=calendar.after(now, wait),
        holidays=tuple(sorted(calendar.holidays)),
    )


def order_of(demand: Tempo, position: Position, terms: Terms, experience: Experience) -> Order:
    """Return how many candidates to order; arguments as for `plan`."""
    found = levels(demand, terms, experience)
    served = demand.at_most(_LOAD * terms.decisions * found.yield_rate)
    up_to = levels(served, terms, experience).order_up_to
    here = position.on_hand - position.expiring + position.on_order
    wanted = count = 0
    if here <= found.reorder_point and not position.blind:
        wanted = max(0, math.ceil((up_to - here) / found.yield_rate - _ROUNDING))
        most = min(terms.ceiling, 1) if experience.collapsed else math.ceil(_PACE * terms.ceiling)
        count = max(0, min(wanted, most - max(position.undecided, experience.recent)))
    return Order(
        count=count,
        wanted=wanted,
        s=found.reorder_point,
        up_to=up_to,
        ceiling=terms.ceiling,
        recent=experience.recent,
    )


def _refine(order: Order, position: Position, found: Levels, experience: Experience) -> int:
    """Return how much of an order goes to tickets that are not ready: all, where a decision there releases more."""
    cheaper = experience.refine_yield is not None and experience.refine_yield > found.yield_rate
    return min(order.count, position.not_ready) if cheaper else 0


def _circumstances(demand: Tempo, position: Position, terms: Terms, found: Levels, usual: float) -> Circumstances:
    return Circumstances(
        position=position,
        wanted=math.ceil(found.safety_stock - _ROUNDING),
        per_day=demand.per_day,
        usual=usual,
        decisions=terms.decisions,
        yield_rate=found.yield_rate,
        known=demand.known,
        load=_LOAD,
    )
