"""Quantiles of a count from its mean and variance."""

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
"""A row of numbers, one a day."""

_DEVIATIONS = 12.0  # below mean − 12 σ a negative binomial has no mass that a double can hold
_NEARLY_POISSON = 1e-6  # a smaller excess of the variance would drown in the rounding of lgamma
_NOTHING = 1e-9  # no count is expected at any probability that can be asked for
_WIDEST = 1000.0  # a wider law is counted in larger units: the steps of the recurrence are bounded
_ROW_WIDEST = 20.0  # likewise for whole rows, where a 20th of a standard deviation is exact enough
_ROW_DEVIATIONS = 5.0
_TOGETHER = 700  # laws that are walked together, those of like width
_STIRLING = 8.0  # from here on Stirling's series is exact to 1e-13


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


def quantile_rows(mean: Floats, variance: Floats, probabilities: Sequence[float]) -> Floats:
    """Return the quantiles of many counts at once: a row a probability, a column a count.

    Where the standard deviation is above 20 they are exact to a 20th of it, elsewhere as `quantiles` are.

    Args:
        mean: expected counts, finite and not negative.
        variance: of the counts.
        probabilities: each from 0.001 to 0.999.
    """
    deviation = np.sqrt(np.maximum(variance, mean))
    unit = np.maximum(np.ceil(deviation / _ROW_WIDEST), 1.0)
    scaled = np.maximum(mean / unit, _NOTHING)
    spread = deviation**2 / unit**2 - scaled
    found = np.zeros((len(probabilities), len(mean)))
    narrow = (unit > 1) & (spread <= 0)  # far from zero, so that the normal law is near
    found[:, narrow] = _nearly_normal(mean[narrow], deviation[narrow], probabilities) / unit[narrow]
    order = np.argsort(scaled + deviation / unit)
    order = order[~narrow[order]]
    spread = np.maximum(spread, scaled * _NEARLY_POISSON)
    for begin in range(0, len(order), _TOGETHER):
        some = order[begin : begin + _TOGETHER]
        found[:, some] = _walk_rows(scaled[some], spread[some], np.asarray(probabilities)[:, None])
    return np.where(mean > _NOTHING, found * unit, 0.0)


def _nearly_normal(mean: Floats, deviation: Floats, probabilities: Sequence[float]) -> Floats:
    """Return quantiles by the first two terms of Cornish and Fisher's expansion (Revue de l'Institut 5, 1938)."""
    skew = (2 * deviation**2 / mean - 1) / deviation
    scores = np.array([NormalDist().inv_cdf(probability) for probability in probabilities])[:, None]
    return np.ceil(mean + deviation * (scores + skew * (scores**2 - 1) / 6) - 0.5)


def log_probability_rows(count: Floats, mean: Floats, variance: Floats) -> Floats:
    """Return `log_probability` of many counts at once; all means must be positive."""
    spread = np.maximum(variance - mean, mean * _NEARLY_POISSON)
    shape = mean * mean / spread
    some = bool(np.any(count))  # of nothing the coefficient is 1
    chosen = _log_gamma(count + shape) - _log_gamma(shape) - _log_gamma(count + 1) if some else 0.0
    return chosen + shape * np.log(mean / (mean + spread)) + count * np.log(spread / (mean + spread))


def _walk_rows(mean: Floats, spread: Floats, wanted: Floats) -> Floats:
    shape, ratio = mean * mean / spread, spread / (mean + spread)
    deviation = np.sqrt(mean + spread)
    first = np.floor(np.maximum(mean - _ROW_DEVIATIONS * deviation, 0.0))
    count, term = first.copy(), np.exp(log_probability_rows(first, mean, mean + spread))
    reached, found = term.copy(), np.tile(first, (len(wanted), 1))
    for _ in range(math.ceil(100 * float(deviation.max(initial=0.0))) + 100):
        short = reached < wanted
        if not short.any():
            break
        found += short
        term *= (count + shape) / (count + 1) * ratio
        count += 1
        reached += term
    return found


def _log_gamma(positive: Floats) -> Floats:
    """Return ln Γ by Stirling's series (Abramowitz & Stegun, 6.1.41), shifted by Γ(x+8) = Γ(x)·x·(x+1)…(x+7)."""
    product = positive.copy()
    for step in range(1, int(_STIRLING)):
        product *= np.minimum(positive, 1e30) + step
    shifted = positive + _STIRLING
    series = 1 / (12 * shifted) - 1 / (360 * shifted**3) + 1 / (1260 * shifted**5) - 1 / (1680 * shifted**7)
    whole = (shifted - 0.5) * np.log(shifted) - shifted + 0.5 * math.log(2 * math.pi) + series
    return whole - np.log(product)


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
