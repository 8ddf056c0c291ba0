"""What a model of demand says of the rate after each day: the course of a forecast, and the simplest models."""

from dataclasses import dataclass

import numpy as np

from scout.buffer.negative_binomial import Floats
from scout.model import Frozen

MEAN_DAYS = 20
"""Working days of the mean that every model is measured against."""

_WINDOW = 120  # working days: half a year
_BELIEVED_MEAN = 2.0  # starts that the dispersion of a plain count is worth
_BLOCK = 256  # days at once: 0.5 ** -256 is still a number


class Prior(Frozen):
    """What is believed of a rate before anything is seen.

    Attributes:
        per_day: starts per working day.
        days: how many days of having seen that it is worth.
    """

    per_day: float = 0.2
    days: float = 0.5


@dataclass(frozen=True, slots=True)
class Course:
    """What a model knows after each day; each field has a number a day, the first one after the first day.

    Attributes:
        per_day: expected starts per working day.
        rate_variance: variance of that expectation.
        drift: what a working day adds to that variance.
        dispersion: variance ÷ mean of a day's starts, at least 1.
    """

    per_day: Floats
    rate_variance: Floats
    drift: Floats
    dispersion: Floats

    def variance(self, interval: float) -> Floats:
        """Return the variance of the starts in `interval` working days: chance, unsure rate, rate that drifts."""
        unsure = self.rate_variance + self.drift * interval / 3
        return interval * self.per_day * self.dispersion + interval**2 * unsure

    def unsure_by(self, other: "Course") -> "Course":
        """Return this course, less sure of itself where another one says something else."""
        apart = (self.per_day - other.per_day) ** 2
        return Course(self.per_day, self.rate_variance + apart, self.drift, self.dispersion)

    def doubted(self, factor: float) -> "Course":
        """Return this course with its uncertainty about the rate times `factor`."""
        return Course(self.per_day, self.rate_variance * factor, self.drift, self.dispersion)


def discounted(counts: Floats, kept: float, start: float = 0.0) -> Floats:
    """Return for each day y(t) = kept · y(t − 1) + counts(t), where y before the first day is `start`."""
    found = np.empty(len(counts))
    power = kept ** np.arange(1, min(len(counts), _BLOCK) + 1)
    for first in range(0, len(counts), _BLOCK):
        block = counts[first : first + _BLOCK]
        powers = power[: len(block)]
        found[first : first + len(block)] = (np.cumsum(block / powers) + start) * powers
        start = float(found[first + len(block) - 1])
    return found


def recent_mean(counts: Floats) -> Course:
    """Return the mean of the last 20 working days, taken for the rate of a Poisson process: what must be beaten."""
    days, total, _ = _moving(counts, MEAN_DAYS)
    nothing = np.zeros(len(counts))
    return Course(total / days, nothing, nothing, nothing + 1.0)


def moving_window(counts: Floats, prior: Prior) -> Course:
    """Return mean and dispersion of the last 120 working days: best where nothing ever changes."""
    days, total, squares = _moving(counts, _WINDOW)
    mean = (total + prior.days * prior.per_day) / (days + prior.days)
    excess = np.maximum(squares / days - (total / days) ** 2, 0.0) * days
    dispersion = np.maximum((excess + 2 * _BELIEVED_MEAN) / (np.maximum(total, 0.0) + _BELIEVED_MEAN), 1.0)
    return Course(mean, dispersion * mean / days, np.zeros(len(counts)), dispersion)


def _moving(counts: Floats, width: int) -> tuple[Floats, Floats, Floats]:
    """Return for each day how many of the last `width` days there were, and sum and sum of squares of their counts."""
    end = np.arange(1, len(counts) + 1)
    begin = np.maximum(end - width, 0)
    sums = np.concatenate(([0.0], np.cumsum(counts)))
    squares = np.concatenate(([0.0], np.cumsum(counts**2)))
    return (end - begin).astype(np.float64), sums[end] - sums[begin], squares[end] - squares[begin]
