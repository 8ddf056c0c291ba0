# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Tests and intervals: the only place that uses scipy, which comes without types for its results."""

import warnings

import numpy as np
import scipy  # its parts load when they are first used: importing this costs little

from scout.flow.log import Flags, Floats

SURE = 0.95


def quantile_places(n: int, share: float) -> tuple[int, int]:
    """Return the places (from 1) of the order statistics that hold a quantile of `n` values with 95 %."""
    low, high = scipy.stats.binom.ppf([(1 - SURE) / 2, (1 + SURE) / 2], n, share)
    return int(low), int(high)


def wilson(count: int, of: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share."""
    found = scipy.stats.binomtest(count, of).proportion_ci(SURE, method="wilson")
    return float(found.low), float(found.high)


def share_at_most(count: int, of: int) -> float:
    """Return what a share is at most, with 95 % (Clopper and Pearson 1934, one-sided)."""
    return float(scipy.stats.binomtest(count, of).proportion_ci(0.9, method="exact").high)


def chance_of_many(count: int, of: int, share: float) -> float:
    """Return the chance of at least `count` of `of` where each comes with chance `share`."""
    return float(scipy.stats.binomtest(count, of, share, alternative="greater").pvalue)


def chance_of_more(count: int, of: int, other: int, of_other: int) -> float:
    """Return the chance of a share as much larger than another one (Fisher's exact test, one-sided)."""
    table = np.array([[count, of - count], [other, of_other - other]])
    return float(np.asarray(scipy.stats.fisher_exact(table, alternative="greater")).ravel()[1])


def normal_above(value: float) -> float:
    """Return the chance of a standard normal value above `value`."""
    return float(scipy.stats.norm.sf(value))


def normal_at(chance: float) -> float:
    """Return the standard normal value that is exceeded with 1 − `chance`."""
    return float(scipy.stats.norm.ppf(chance))


def student_at(chance: float, freedom: int) -> float:
    """Return the value of Student's distribution that is exceeded with 1 − `chance`."""
    return float(scipy.stats.t.ppf(chance, max(freedom, 1)))


def kolmogorov_above(value: float) -> float:
    """Return the chance that a Brownian bridge goes further than `value` (Kolmogorov 1933)."""
    return float(scipy.stats.kstwobign.sf(value))


def ranks(values: Floats) -> Floats:
    """Return ranks from 1, means for ties."""
    return np.asarray(scipy.stats.rankdata(values), dtype=np.float64)


def rank_correlation(one: Floats, other: Floats) -> float:
    """Return Spearman's ρ."""
    return float(np.asarray(scipy.stats.spearmanr(one, other).statistic))


def survival(days: Floats, censored: Flags) -> tuple[Floats, Floats, Floats, Floats]:
    """Return times, the part that lasts longer by Kaplan–Meier, and its 95 % interval (log-log) below and above."""
    curve = scipy.stats.ecdf(scipy.stats.CensoredData.right_censored(days, censored)).sf
    with np.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the interval is undefined where all or none are left
        sure = curve.confidence_interval(SURE, method="log-log")
    times, alive, low, high = (
        np.asarray(one, dtype=np.float64)
        for one in (curve.quantiles, curve.probabilities, sure.low.probabilities, sure.high.probabilities)
    )
    return times, alive, np.where(np.isnan(low), alive, low), np.where(np.isnan(high), alive, high)
