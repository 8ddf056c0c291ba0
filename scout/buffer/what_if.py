"""What if demand grew tenfold, or reviewers had less time: the policy lives through it, many times over."""

import copy
import math
import re
import statistics
from collections.abc import Callable, Sequence
from random import Random

from scout.buffer.constraint import Cause, Constraint
from scout.buffer.days import Day
from scout.buffer.life import Life
from scout.buffer.simulate import Circumstance, Lived, World, simulate
from scout.buffer.terms import Terms
from scout.errors import UsageError
from scout.model import Frozen

DAYS = 30
"""Working days that are looked ahead."""

_LIVES = 24
_LOAD = 0.9  # above this share of what reviewers can release queues grow whatever is ordered
_SHORT = 0.02
_STANDSTILL = 0.005  # tickets a day: fewer than one in 200 working days is none
_ROUNDING = 1e-9
_DRAFTING, _READYING = 0.25, 0.5  # parts of the lead time; the rest is waiting for a decision
_WRITTEN = re.compile(r"(?P<name>[a-z]+)\s*=\s*(?P<figure>\d+(?:\.\d+)?)(?P<times>[x×]?)")
_REMEDY = "Write for example demand=10x,reviewers=2; names: demand, reviewers, yield, lead; 2x is twice what it is."


class Supposed(Frozen):
    """How things stand, or might.

    Attributes:
        demand: tickets asked for in a working day.
        reviewers: decisions in a working day.
        yield_rate: ready tickets per candidate, 0..1.
        lead: working days from ordered to ready.
    """

    demand: float
    reviewers: float
    yield_rate: float
    lead: float


class Band(Frozen):
    """Days of cover as a working day ends: one in ten lives has less than `low`, one in ten more than `high`.

    They are None where nothing is asked for.

    Attributes:
        starved: share of the lives in which somebody asked in vain that day, 0..1.
    """

    low: float | None
    middle: float | None
    high: float | None
    starved: float


class Course(Frozen):
    """How it would go.

    Attributes:
        bands: a band for each of the next working days.
        starved: share of days on which somebody asks in vain, 0..1.
        served: share of what is asked for that is there, 0..1.
        orders: candidates ordered in all, on average.
        load: demand ÷ what reviewers can release; above 0.9 no order helps.
        cause: what keeps cover down, and what would help.
    """

    supposed: Supposed
    bands: tuple[Band, ...]
    starved: float
    served: float
    orders: float
    load: float | None
    cause: Cause


def supposed(written: str, now: Supposed) -> Supposed:
    """Return how things would stand; `demand=10x` is ten times what is, `reviewers=2` is two.

    Raises:
        UsageError: it cannot be read, or a figure makes no sense.
    """
    values = {"demand": now.demand, "reviewers": now.reviewers, "yield": now.yield_rate, "lead": now.lead}
    for part in written.split(","):
        found = _WRITTEN.fullmatch(part.strip().lower())
        if found is None or found["name"] not in values:
            message = f"'{part.strip()}' says nothing that can be supposed."
            raise UsageError(message, _REMEDY)
        figure = float(found["figure"])
        if found["times"] and found["name"] == "demand" and now.demand <= _STANDSTILL:
            message = f"Nothing is being started here, so that {part.strip()} is nothing, too."
            raise UsageError(message, "Give tickets a working day: demand=2.")
        values[found["name"]] = values[found["name"]] * figure if found["times"] else figure
    if not (0 < values["yield"] <= 1 and 0 < values["lead"] <= 250 and values["demand"] <= 1000):  # noqa: PLR2004
        message = f"With {written} the buffer cannot be simulated."
        raise UsageError(message, "Keep the yield above 0 and up to 1, the lead time within 250 days, demand in 1000.")
    return Supposed(
        demand=values["demand"], reviewers=values["reviewers"], yield_rate=values["yield"], lead=values["lead"]
    )


def course(  # noqa: PLR0913 - one argument a kind of knowledge
    case: Supposed,
    start: World,
    past: Sequence[int],
    terms: Terms,
    *,
    dispersion: float = 1.0,
    step: Callable[[int, int], None] = lambda _, __: None,
) -> Course:
    """Live through the next working days many times.

    Args:
        case: how things stand in those days.
        start: the stock and what is under way; its demand and circumstances are not used.
        past: the demand of past working days, oldest first: what the policy has learned from.
        terms: the settings.
        dispersion: variance ÷ mean of a day's demand, at least 1.
        step: called with how many lives are done, and of how many.
    """
    usual = Circumstance(case.reviewers, case.yield_rate, _DRAFTING * case.lead, _READYING * case.lead)
    primed = Life(terms.having(decisions=case.reviewers))
    primed.recall(past)
    lives: list[list[Lived]] = []
    for seed in range(_LIVES):
        life = copy.deepcopy(primed)
        demand = _demand(case.demand, dispersion, Random(seed))  # noqa: S311 - a simulation
        world = World(demand, usual, start.stock, queued=start.queued, accepted=start.accepted)
        lives.append(list(simulate(world, _policy(life), seed)))
        step(seed + 1, _LIVES)
    asked = sum(day.asked for one in lives for day in one)
    started = sum(day.day.today.starts for one in lives for day in one)
    days = [[one[number] for one in lives] for number in range(DAYS)]
    starved = statistics.fmean(day.day.today.starved > 0 for one in lives for day in one)
    released = case.reviewers * case.yield_rate
    return Course(
        supposed=case,
        bands=tuple(_band(one, case.demand) for one in days),
        starved=starved,
        served=started / asked if asked else 1.0,
        orders=sum(day.ordered for one in lives for day in one) / _LIVES,
        load=case.demand / released if released else None,
        cause=_cause(case, starved),
    )


def _cause(case: Supposed, starved: float) -> Cause:
    """Return what keeps cover down in this case: an overload, a surge that is over in time, or nothing."""
    released = case.reviewers * case.yield_rate
    needed = math.ceil(case.demand / _LOAD / case.yield_rate - case.reviewers - _ROUNDING)
    if needed > 0:
        decisions = f"{needed} more decision{'s' * (needed > 1)} a day"
        return Cause(
            name=Constraint.OVERLOAD,
            evidence=f"{case.demand:.3g} asked for a day, {released:.3g} can be released",
            remedy=f"{decisions} would keep cover above s; no larger order helps",
        )
    if starved > _SHORT:
        return Cause(name=Constraint.SURGE, evidence=f"{starved:.0%} of the days short until the orders arrive")
    return Cause(name=Constraint.HEALTHY, evidence=f"{starved:.1%} of the days short")


def _policy(life: Life) -> Callable[[Day], int]:
    return lambda day: life.order(day).count


def _band(lives: Sequence[Lived], demand: float) -> Band:
    starved = statistics.fmean(one.day.today.starved > 0 for one in lives)
    if demand <= _STANDSTILL:
        return Band(low=None, middle=None, high=None, starved=starved)
    cover = sorted(one.day.on_hand / demand for one in lives)
    tenth = len(cover) // 10
    return Band(low=cover[tenth], middle=statistics.median(cover), high=cover[-1 - tenth], starved=starved)


def _demand(mean: float, dispersion: float, chance: Random) -> tuple[int, ...]:
    """Return daily counts with this mean and variance ÷ mean: Poisson, its rate Gamma where there is more."""
    return tuple(_count(mean, dispersion, chance) for _ in range(DAYS))


def _count(mean: float, dispersion: float, chance: Random) -> int:
    excess = dispersion - 1
    rate = chance.gammavariate(mean / excess, excess) if excess > 0.01 and mean > 0 else mean  # noqa: PLR2004
    count, time = -1, 0.0
    while time <= rate:
        time += chance.expovariate(1)
        count += 1
    return count
