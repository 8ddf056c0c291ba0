"""Quantiles of a count from its mean and variance."""

import math
from collections.abc import Sequence

_DEVIATIONS = 12.0  # below mean − 12 σ a negative binomial has no mass that a double can hold
_NEARLY_POISSON = 1e-6  # a smaller excess of the variance would drown in the rounding of lgamma
_NOTHING = 1e-9  # no count is expected at any probability that can be asked for
_WIDEST = 1000.0  # a wider law is counted in larger units: the steps of the recurrence are bounded


def quantiles(mean: float, variance: float, probabilities: Sequence[float]) -> tuple[int, ...]:
    """Return, for each probability, the smallest count that is not exceeded with it.

    The count is negative binomial with this mean and variance, hence Poisson where the variance is no larger than
    the mean. Terms come from Panjer's recurrence (ASTIN Bulletin 12, 1981) p(k+1) = p(k) · (k+r)/(k+1) · (1−π) with
    π = mean/variance and r = mean²/(variance − mean), started far below the mean so that nothing underflows.

    Args:
        mean: expected count, finite and not negative.
        variance: of the count.
        probabilities: each above 0 and below 1, in any order.
    """
    if mean <= _NOTHING:
        return tuple(0 for _ in probabilities)
    unit = math.ceil(math.sqrt(max(variance, mean)) / _WIDEST)
    found = _walk(mean / unit, variance / unit**2, sorted(set(probabilities)))
    return tuple(found[probability] * unit for probability in probabilities)


def log_probability(count: int, mean: float, variance: float) -> float:
    """Return the logarithm of the probability of `count` under the same law; `mean` must be positive."""
    spread = max(variance - mean, mean * _NEARLY_POISSON)
    shape = mean * mean / spread
    chosen = math.lgamma(count + shape) - math.lgamma(shape) - math.lgamma(count + 1)
    return chosen + shape * math.log(mean / (mean + spread)) + count * math.log(spread / (mean + spread))


def _walk(mean: float, variance: float, probabilities: Sequence[float]) -> dict[float, int]:
    spread = max(variance - mean, mean * _NEARLY_POISSON)
    shape, ratio = mean * mean / spread, spread / (mean + spread)
    deviation = math.sqrt(mean + spread)
    count = max(0, math.floor(mean - _DEVIATIONS * deviation))
    limit = count + math.ceil(100 * deviation) + 100
    term = reached = math.exp(log_probability(count, mean, variance))
    found = dict[float, int]()
    for probability in probabilities:
        while reached < probability and count < limit:
            term *= (count + shape) / (count + 1) * ratio
            count += 1
            reached += term
        found[probability] = count
    return found
