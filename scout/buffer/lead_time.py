"""Lead time: working days from a candidate drafted to a ready ticket, those still on their way counted, too.

Leaving out what has not arrived makes a slowing line look fast: the quick ones arrive first. The product-limit
estimator (Kaplan & Meier, Journal of the American Statistical Association 53, 1958) counts each candidate for as long
as it was watched. Until enough has arrived, five arrivals that the settings stand for are counted with the rest
(Susarla & Van Ryzin, Journal of the American Statistical Association 71, 1976).
"""

import math
from collections.abc import Sequence

from scout.model import Frozen

PROBABILITIES = (0.5, 0.8, 0.95)
"""The quantiles that are shown."""

_SPREAD = 0.4  # standard deviation ÷ mean, until measured
_STANDARD = (-math.sqrt(2), -math.sqrt(0.5), 0.0, math.sqrt(0.5), math.sqrt(2))  # mean 0, deviation 1
_FORGOTTEN = 4.0  # who waits longer than this many times the longest arrival is forgotten, not slow


class LeadTime(Frozen):
    """How long it takes, in working days.

    Attributes:
        arrived: how many were measured to their end.
        waiting: how many are still on their way, or left it by a rejection.
        mean: expected.
        deviation: standard deviation.
        quantiles: probability (as '0.5') → working days by which that share has arrived.
    """

    arrived: int
    waiting: int
    mean: float
    deviation: float
    quantiles: dict[str, float]


def lead_time(arrived: Sequence[float], waiting: Sequence[float], prior: float) -> LeadTime:
    """Return the distribution of the lead time.

    Args:
        arrived: working days of those that arrived; impossible ones (negative, not finite) are left out.
        waiting: working days so far of those that did not; likewise.
        prior: expected working days before anything was measured, positive.
    """
    ends = [days for days in arrived if math.isfinite(days) and days >= 0]
    believed = [prior * (1 + _SPREAD * one) for one in _STANDARD]
    longest = _FORGOTTEN * max(*ends, *believed)
    ages = [days for days in waiting if math.isfinite(days) and 0 <= days <= longest]
    masses = _product_limit([*ends, *believed], ages)
    mean = math.fsum(days * mass for days, mass in masses)
    variance = math.fsum((days - mean) ** 2 * mass for days, mass in masses)
    return LeadTime(
        arrived=len(ends),
        waiting=len(ages),
        mean=mean,
        deviation=math.sqrt(variance),
        quantiles={f"{probability:g}": _quantile(masses, probability) for probability in PROBABILITIES},
    )


def _product_limit(ends: Sequence[float], ages: Sequence[float]) -> list[tuple[float, float]]:
    """Return days with their probabilities; who waits longest counts as arriving now (Efron, 1967)."""
    marks = sorted([(days, False) for days in ends] + [(days, True) for days in ages])
    left, at_risk = 1.0, len(marks)
    masses: list[tuple[float, float]] = []
    for place, (days, waits) in enumerate(marks):
        if not waits or place == len(marks) - 1:
            masses.append((days, left / at_risk))
            left -= left / at_risk
        at_risk -= 1
    return masses


def _quantile(masses: Sequence[tuple[float, float]], probability: float) -> float:
    reached = 0.0
    for days, mass in masses:
        reached += mass
        if reached >= probability - 1e-9:
            return days
    return masses[-1][0]
