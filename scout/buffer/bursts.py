"""Demand that comes in bursts: on how many days anything starts, and how much then.

A hurdle model (Mullahy, Journal of Econometrics 33, 1986) with discounting, kin of Croston's (1972), whose two halves
it keeps: occurrence is Bernoulli with a Beta belief, the size of a burst has a mean and a variance of its own. The
variance of a day is p·σ² + p(1 − p)·μ², which a few bursts tell far better than squared errors of single days. Unlike
Croston's, the estimate decays on days without a start.
"""

import numpy as np

from scout.buffer.course import Course, Prior, discounted
from scout.buffer.negative_binomial import Floats

_OCCURRENCE_KEPT = 0.985  # share of a day's weight that is left a working day later
_SIZE_KEPT = 0.9  # share of a burst's weight that is left a burst later
_SIZE, _SIZE_SQUARED = 1.0, 1.5  # one burst that is believed in before any was seen
_CHANCE = 0.1  # what is added to the variance of sizes, in sizes: equal ones so far prove little
_PRIOR_DAYS = 2.0  # days of belief, in those of the prior
_NEVER = 1e-9


def bursts(counts: Floats, prior: Prior) -> Course:
    """Return what the model knows after each day."""
    weight = _PRIOR_DAYS * prior.days
    happened = counts > 0
    days = discounted(np.ones(len(counts)), _OCCURRENCE_KEPT, weight)
    occurred = discounted(happened.astype(np.float64), _OCCURRENCE_KEPT, weight * min(prior.per_day, 1.0))
    share = np.minimum(occurred / days, 1.0)
    seen, size, spread = _sizes(counts, happened)
    mean = share * size
    daily = share * spread + share * (1 - share) * size**2
    unsure = size**2 * share * (1 - share) / days + share**2 * spread / seen
    dispersion = np.maximum(daily / np.maximum(mean, _NEVER), 1.0)
    return Course(mean, unsure, unsure * (1 / _OCCURRENCE_KEPT - 1), dispersion)


def _sizes(counts: Floats, happened: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> tuple[Floats, Floats, Floats]:
    """Return after each day: bursts seen, discounted; mean and variance of their size."""
    burst = counts[happened]
    last = np.cumsum(happened)  # place of the newest burst, from 1; 0 before any
    seen = np.concatenate(([1.0], discounted(np.ones(len(burst)), _SIZE_KEPT, 1.0)))[last]
    total = np.concatenate(([_SIZE], discounted(burst, _SIZE_KEPT, _SIZE)))[last]
    squares = np.concatenate(([_SIZE_SQUARED], discounted(burst**2, _SIZE_KEPT, _SIZE_SQUARED)))[last]
    mean = total / seen
    spread = np.maximum(squares / seen - mean**2, 0.0) * (1 + 1 / seen) + _CHANCE * mean
    return seen, mean, spread
