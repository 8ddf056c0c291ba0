"""Demand that changes its pace: a mixture of Gamma–Poisson rates that forget at different speeds.

West & Harrison, Bayesian Forecasting and Dynamic Models (1997), ch. 10: a Gamma belief about a Poisson rate is
discounted from day to day. No single discount serves a quiet year and a tenfold step, so four are kept, weighed by
how well each foresaw the recent days. Real starts come in bursts: likelihoods and variances are tempered by the
measured dispersion, without which every burst would look like a new pace and intervals would be far too narrow.

Two measures of dispersion are told apart, both ratios Σ(…)² ÷ Σ counts, because the mean of single ratios underrates
rare bursts: that of successive days (von Neumann, 1941), which a step of the rate touches once, tempers what is
learned; that around the forecast widens what is foretold.
"""

import numpy as np

from scout.buffer.course import Course, Prior, discounted
from scout.buffer.negative_binomial import Floats, log_probability_rows

_REMEMBERED = np.array([[0.78], [0.92], [0.98], [0.99]])  # share of a day's weight that is left a working day later
_EVIDENCE_KEPT = 0.9  # likewise for how well each rate foresaw
_DISPERSION_KEPT = 0.97
_TEMPER = 0.6  # power of the dispersion by which a likelihood counts less
_LEAST_SHARE = 0.03  # no rate is ever given up: tomorrow may be unlike today
_BELIEVED = 0.4  # starts that a dispersion of 1 is believed for
_LEAST_RATE = 1e-6


def mixture(counts: Floats, prior: Prior) -> Course:
    """Return what the mixture knows after each day."""
    first = prior.days * prior.per_day
    shape = np.maximum(np.stack([discounted(counts, kept, first) for kept in _REMEMBERED[:, 0]]), _LEAST_RATE)
    days = np.stack([discounted(np.ones(len(counts)), kept, prior.days) for kept in _REMEMBERED[:, 0]])
    rates = shape / days
    weights = _weights(counts, rates, days, prior)
    mean = (weights * rates).sum(axis=0)
    before = _lagged(mean, prior.per_day)
    dispersion = _ratio((counts - before) ** 2, (counts + before) / 2)
    unsure = weights * dispersion * shape / days**2
    return Course(
        per_day=mean,
        rate_variance=(unsure + weights * (rates - mean) ** 2).sum(axis=0),
        drift=(unsure * (1 / _REMEMBERED - 1)).sum(axis=0),
        dispersion=dispersion,
    )


def _weights(counts: Floats, rates: Floats, days: Floats, prior: Prior) -> Floats:
    """Return the share of each rate after each day: how well it foresaw the recent ones, tempered."""
    yesterday = _lagged(counts, float(counts[0]))
    rough = _ratio((counts - yesterday) ** 2 / 2, (counts + yesterday) / 2)
    rough = _lagged(rough, 1.0)
    foreseen = np.maximum(_lagged(rates, prior.per_day), _LEAST_RATE)
    spread = rough * foreseen * (1 + 1 / _lagged(days, prior.days))
    likelihood = log_probability_rows(np.broadcast_to(counts, rates.shape), foreseen, spread) / rough**_TEMPER
    evidence = np.stack([discounted(row, _EVIDENCE_KEPT) for row in likelihood])
    raw = np.exp(evidence - evidence.max(axis=0))
    return (1 - _LEAST_SHARE * len(raw)) * raw / raw.sum(axis=0) + _LEAST_SHARE


def _ratio(squares: Floats, counts: Floats) -> Floats:
    """Return Σ squares ÷ Σ counts after each day, discounted, at least 1."""
    above = discounted(squares, _DISPERSION_KEPT, _BELIEVED)
    return np.maximum(above / discounted(counts, _DISPERSION_KEPT, _BELIEVED), 1.0)


def _lagged(rows: Floats, first: float) -> Floats:
    """Return what was known a day earlier: each row moved on by one, with `first` before it."""
    start = np.full((*rows.shape[:-1], 1), first)
    return np.concatenate((start, rows[..., :-1]), axis=-1)
