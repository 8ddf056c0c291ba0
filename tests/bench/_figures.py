"""What a policy did in a world, in figures; and what many such lives say together."""

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from scout.buffer.simulate import Lived, Policy, simulate
from tests.bench._worlds import CHANGE, Kind, world

_WARM = 30  # days until a policy that began without history has seen enough
_CALM = 5  # days in a row without a shortage end a recovery


@dataclass(frozen=True)
class Life:
    """One seed's figures; shares in percent, spans in working days."""

    starved: float
    demand_starved: float
    fill: float
    stock: float
    ordered: int
    accepted: int
    wait: float
    over: int
    recovered: int
    after_ten: int
    after_forty: int


@dataclass(frozen=True)
class Figures:
    """Figures of many seeds: the worse end of the 95 % interval for starvation and fill, else means and extremes."""

    starved: float
    mean_starved: float
    demand_starved: float
    fill: float
    stock: float
    per_accepted: float
    wait: float
    over: int
    recovered: tuple[float, float]
    after_ten: int
    after_forty: int


def figures(kind: Kind, begun: Callable[[], Policy], seeds: Iterable[int]) -> Figures:
    """Live through a kind's worlds, one a seed."""
    return _together([_one(kind, begun(), seed) for seed in seeds])


def smallest(make: Callable[[int], Figures], good: Callable[[Figures], bool], most: int = 512) -> Figures | None:
    """Return the figures of the smallest level that is good, where more is better; None when none is."""
    low, high = 0, 1
    while not good(found := make(high)):
        low, high = high, high * 2
        if high > most:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        tried = make(middle)
        if good(tried):
            high, found = middle, tried
        else:
            low = middle
    return found


def _one(kind: Kind, policy: Policy, seed: int) -> Life:
    at = world(kind, seed)
    lived = list(simulate(at, policy, seed + 1))
    after = lived[_WARM:]
    asked, starts = sum(one.asked for one in after), sum(one.day.today.starts for one in after)
    waits = [span for one in lived for span in one.day.today.waits]
    short = [one.day.today.starved > 0 for one in lived]
    wanted = sum(one.asked > 0 for one in after)
    return Life(
        starved=100 * sum(short[_WARM:]) / len(after),
        demand_starved=100 * sum(short[_WARM:]) / max(1, wanted),
        fill=100 * starts / asked if asked else 100.0,
        stock=statistics.fmean(one.day.on_hand for one in after),
        ordered=sum(one.ordered for one in lived),
        accepted=sum(one.day.today.accepted for one in lived),
        wait=statistics.fmean(waits) if waits else 0.0,
        over=max(_undecided(one) for one in lived) - (at.ceiling or 0),
        recovered=next((day for day in range(len(short)) if not any(short[CHANGE + day : CHANGE + day + _CALM])), 0),
        after_ten=sum(one.ordered for one in lived[CHANGE + 10 :]),
        after_forty=sum(one.ordered for one in lived[CHANGE + 40 :]),
    )


def _undecided(one: Lived) -> int:
    return one.day.on_order.undecided + one.ordered


def _together(lives: Sequence[Life]) -> Figures:
    recovered = sorted(one.recovered for one in lives)
    return Figures(
        starved=worse([one.starved for one in lives], 1),
        mean_starved=statistics.fmean(one.starved for one in lives),
        demand_starved=statistics.fmean(one.demand_starved for one in lives),
        fill=worse([one.fill for one in lives], -1),
        stock=statistics.fmean(one.stock for one in lives),
        per_accepted=sum(one.ordered for one in lives) / max(1, sum(one.accepted for one in lives)),
        wait=statistics.fmean(one.wait for one in lives),
        over=max(one.over for one in lives),
        recovered=(statistics.median(recovered), recovered[math.ceil(0.9 * len(recovered)) - 1]),
        after_ten=max(one.after_ten for one in lives),
        after_forty=max(one.after_forty for one in lives),
    )


def worse(values: Sequence[float], sign: int) -> float:
    """Return the upper (sign 1) or lower (−1) end of the 95 % interval of a mean, not beyond 0 and 100."""
    mean = statistics.fmean(values)
    half = 1.96 * statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else 0.0
    return min(max(mean + sign * half, 0.0), 100.0)
