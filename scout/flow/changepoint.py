"""When a series changed: a test for a shift or a passing bump of its mean, and for a sequence of durations.

Sources: the scan over all intervals with the most telling contrast, Siegmund, Boundary crossing probabilities and
statistical applications (1986); its distribution without any change is simulated for the same length, with the same
estimate of the spread. Newey and West (1987) for the error of a mean whose terms depend on their past.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from scout.flow.chances import kolmogorov_above, student_at
from scout.flow.chances import ranks as ranks_of
from scout.flow.log import Flags, Floats, Ints

SHORTEST = 12
"""Weeks under which nothing is said."""
_WORLDS = 999
_SEED = 20_251
_LONGEST = 156
_EDGE = 0.08


class Course(StrEnum):
    """What a series did."""

    ROSE = "rose"
    FELL = "fell"
    SURGED = "surged"
    DIPPED = "dipped"


@dataclass(frozen=True, slots=True)
class Shift:
    """A change of a series' mean.

    Attributes:
        course: whether it lasts (`rose`, `fell`) or passed (`surged`, `dipped`).
        start: place at which it began.
        end: place after its last; the length of the series for what lasts.
        before: mean outside.
        during: mean inside.
        p: probability of as large a range without any change.
    """

    course: Course
    start: int
    end: int
    before: float
    during: float
    p: float


def shift(series: Floats, alpha: float = 0.01) -> Shift | None:
    """Return the change of a series' mean; None where there is none to be sure of at level `alpha`, or it is short.

    What one single term makes is no change: without its most telling term the interval has to stand out, too. Of long
    series the last three years count, by the week.
    """
    left = max(series.size - _LONGEST, series.size % 4 if series.size > SHORTEST else 0)
    values = series[left:]
    n = values.size
    if n < SHORTEST or not float(np.ptp(values)):
        return None
    seen, start, end = (float(one[0]) for one in _sober(values[None, :]))
    p = _rank(seen, _quiet(n))
    return _named(values, int(start), int(end), left, p) if p <= alpha else None


def _sober(series: Floats) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Return the contrast of each row without the one term that tells most, and the interval that it has with it."""
    _, first, after = _scan(series)
    n = series.shape[1]
    places: Ints = np.arange(n, dtype=np.int64)
    inside: Flags = (places >= first[:, None]) & (places < after[:, None])
    count = inside.sum(axis=1)
    within: Floats = (series * inside).sum(axis=1) / count
    without: Floats = (series * ~inside).sum(axis=1) / (n - count)
    residuals: Floats = series - inside * within[:, None] - ~inside * without[:, None]
    spread = np.array([long_run_variance(residuals[row]) for row in range(series.shape[0])]) ** 0.5
    is_short = count <= n // 2
    shorter = np.where(is_short[:, None], inside, ~inside)
    usual: Floats = without * is_short + within * ~is_short
    telling = np.where(shorter, np.abs(series - usual[:, None]), -1).argmax(axis=1)
    rest = series.copy()
    rest[np.arange(series.shape[0]), telling] = usual
    best = _scan(rest)[0]
    return np.divide(best, spread, out=np.zeros(best.size), where=spread > 0), first, after


def _named(values: Floats, start: int, end: int, left: int, p: float) -> Shift | None:
    """Return what an interval that stands out means: lasting where it touches an end, passing where it does not."""
    n = values.size
    edge = max(2, round(_EDGE * n))
    if start <= edge and end >= n - edge:
        return None  # what stands out is one or two terms at an end: too few to call it anything
    inside = float(values[start:end].mean())
    outside = float((values.sum() - values[start:end].sum()) / (n - end + start))
    raised = inside > outside
    if end >= n - edge:
        course = Course.ROSE if raised else Course.FELL
        return Shift(course, left + start, left + n, float(values[:start].mean()), float(values[start:].mean()), p)
    if start <= edge:
        course = Course.FELL if raised else Course.ROSE
        return Shift(course, left + end, left + n, float(values[:end].mean()), float(values[end:].mean()), p)
    return Shift(Course.SURGED if raised else Course.DIPPED, left + start, left + end, outside, inside, p)


def _scan(series: Floats) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Return for each row the most telling contrast between an interval and the rest, and where the interval is."""
    rows, n = series.shape
    centred = series - series.mean(axis=1, keepdims=True)
    sums = np.concatenate([np.zeros((rows, 1)), np.cumsum(centred, axis=1)], axis=1)
    best, first, after = np.zeros(rows), np.zeros(rows, dtype=np.int64), np.full(rows, 1, dtype=np.int64)
    for length in _lengths(n):
        contrast = np.abs(sums[:, length:] - sums[:, :-length]) / (length * (1 - length / n)) ** 0.5
        place = contrast.argmax(axis=1)
        value = contrast[np.arange(rows), place]
        better = value > best
        best, first = np.where(better, value, best), np.where(better, place, first)
        after = np.where(better, place + length, after)
    return best, first, after


@cache
def _lengths(n: int) -> tuple[int, ...]:
    """Return lengths of intervals to look at: every short one, then each a fifth longer, up to all but two."""
    found, length = list[int](), 2
    while length <= n - 2:
        found.append(length)
        length = max(length + 1, round(length * 1.2))
    return tuple(found)


@cache
def _quiet(n: int) -> Floats:
    """Return the sorted contrasts of series of pure noise of this length."""
    noise = np.random.default_rng(_SEED).standard_normal((_WORLDS, n))
    return np.sort(_sober(noise)[0])


def _rank(seen: float, quiet: Floats) -> float:
    return float((1 + quiet.size - np.searchsorted(quiet, seen)) / (1 + quiet.size))


def long_run_variance(residuals: Floats) -> float:
    """Return the variance of a mean times the number of terms, where terms depend on their past (Newey–West)."""
    n = residuals.size
    lags = int(4 * (n / 100) ** (2 / 9))
    total = float((residuals**2).mean())
    floor = total
    for lag in range(1, lags + 1):
        total += 2 * (1 - lag / (lags + 1)) * float((residuals[lag:] * residuals[:-lag]).sum()) / n
    return max(total, floor / 2) * n / max(n - 3, 1)


def excess(series: Floats) -> tuple[float, float, float]:
    """Return the mean of a series with its 95 % interval, its terms depending on their past."""
    n = series.size
    mean = float(series.mean())
    error = (long_run_variance(series - mean) / n) ** 0.5
    reach = student_at(0.975, n - 1) * error
    return mean, mean - reach, mean + reach


def turn(values: Floats, censored: Flags, alpha: float) -> int | None:
    """Return where durations in order of their beginning became longer or shorter; None where they did not.

    The ranks of durations are compared, so that no distribution is assumed. What has not ended yet counts by how long
    it has lasted, hence only what began early enough to have ended should be given.
    """
    n = values.size
    if n < 5 * SHORTEST:
        return None
    ranks = ranks_of(values)
    ranks = np.where(censored, np.maximum(ranks, np.median(ranks)), ranks)
    sums = np.cumsum(ranks - ranks.mean())[:-1]
    place = int(np.abs(sums).argmax()) + 1
    residuals = np.concatenate([ranks[:place] - ranks[:place].mean(), ranks[place:] - ranks[place:].mean()])
    spread = long_run_variance(residuals)
    if not spread:
        return None
    p = kolmogorov_above(float(np.abs(sums).max()) / (spread * n) ** 0.5)
    return place if p < alpha else None
