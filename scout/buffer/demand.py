"""Demand: how many tickets will be started, as quantiles, from the dates of those that were.

Three Gamma–Poisson rates forget at different speeds (West & Harrison, Bayesian Forecasting and Dynamic Models, 1997:
discounting); a mixture weighs them by how well each foresaw the recent days, so that a quiet project is forecast
from half a year and a tenfold step is believed within days. Real starts come in bursts: likelihoods and variances
are tempered by the measured dispersion, without which intervals would be far too narrow.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from scout.buffer.calendar import Calendar
from scout.buffer.negative_binomial import log_probability, quantiles
from scout.errors import SettingsError
from scout.model import DemandForecast, Frozen

PROBABILITIES = (0.5, 0.8, 0.95)
"""The quantiles that a forecast shows unless asked for others."""

NO_HISTORY = "no history"
"""What a forecast's basis says when no start was ever seen."""

_REMEMBERED = (0.80, 0.95, 0.98)  # share of a day's weight that is left a working day later
_EVIDENCE_KEPT = 0.9  # likewise for how well each rate foresaw
_DISPERSION_KEPT = 0.97
_LEAST_SHARE = 0.05  # no rate is ever given up: tomorrow may be unlike today
_WINDOW = 520  # working days: what is older weighs under 0.01 %
_PRIOR_DAYS = 0.5  # the first day's count is believed as if half a day like it had been seen before
_PRIOR_RATE = 0.2
_LEAST_RATE = 1e-6


class Tempo(Frozen):
    """What the dated starts of a project say about its rate.

    Attributes:
        days: working days of history looked at; 0 when no start was ever seen.
        starts: starts in those days.
        per_day: expected starts per working day.
        rate_variance: variance of that expectation, (starts per working day)².
        drift: what a working day adds to that variance, because rates change.
        dispersion: variance ÷ mean of a day's starts, at least 1.
    """

    days: int = 0
    starts: int = 0
    per_day: float = 0.0
    rate_variance: float = 0.0
    drift: float = 0.0
    dispersion: float = 1.0

    @property
    def known(self) -> bool:
        """Whether any start was ever seen."""
        return self.days > 0

    def at_most(self, per_day: float) -> "Tempo":
        """Return this tempo slowed down to `per_day`, with the same relative spread."""
        if self.per_day <= per_day:
            return self
        scale = max(per_day, 0.0) / self.per_day
        return self.having(
            per_day=self.per_day * scale,
            rate_variance=self.rate_variance * scale**2,
            drift=self.drift * scale**2,
        )

    def variance(self, interval: float) -> float:
        """Return the variance of the starts in `interval` working days: chance, unsure rate, rate that drifts."""
        unsure = self.rate_variance + self.drift * interval / 3
        return interval * self.per_day * self.dispersion + interval**2 * unsure


def daily(history: Iterable[tuple[date, int]], today: date, calendar: Calendar) -> list[int]:
    """Return the starts of each working day from the first start to the day before `today`, oldest first.

    Starts on a free day count for the working day before it; those of `today` and later are left out, because the
    day is not over (or a clock was wrong); so are counts below 1. At most the last 520 working days are returned.
    """
    counts = Counter[date]()
    for day, count in history:
        if day < today and count > 0:
            counts[calendar.latest(day)] += count
    if not counts:
        return []
    days = calendar.days(max(min(counts), date.fromordinal(max(1, today.toordinal() - 2 * _WINDOW))), today)
    return [counts[day] for day in days[-_WINDOW:]] or [0]


def tempo(history: Iterable[tuple[date, int]], today: date, calendar: Calendar | None = None) -> Tempo:
    """Estimate the rate of starts.

    Args:
        history: dates with the number of starts on them, in any order; a date may occur more than once.
        today: the day that has not ended yet.
        calendar: which days are worked; Monday to Friday by default.
    """
    counts = daily(history, today, calendar or Calendar())
    if not counts:
        return Tempo()
    mixture = Rates()
    for count in counts:
        mixture.see(count)
    return mixture.tempo(len(counts), sum(counts))


def forecast(  # noqa: PLR0913 - one argument a kind of knowledge
    history: Iterable[tuple[date, int]],
    today: date,
    interval: float,
    probabilities: Sequence[float] = PROBABILITIES,
    *,
    calendar: Calendar | None = None,
    basis: str = "tickets started",
) -> DemandForecast:
    """Forecast the starts in the next `interval` working days.

    Args:
        history: dates with the number of starts on them, in any order.
        today: the day that has not ended yet.
        interval: the protection interval in working days, positive.
        probabilities: each above 0 and below 1.
        calendar: which days are worked; Monday to Friday by default.
        basis: what was counted as a start, in words.

    Raises:
        SettingsError: the interval or a probability is out of range.
    """
    return expected(tempo(history, today, calendar), interval, probabilities, basis=basis)


def expected(
    known: Tempo, interval: float, probabilities: Sequence[float] = PROBABILITIES, *, basis: str
) -> DemandForecast:
    """Return the forecast that a tempo implies; arguments as for `forecast`.

    Raises:
        SettingsError: the interval or a probability is out of range.
    """
    if not (math.isfinite(interval) and interval > 0):
        message = f"A forecast over {interval} working days means nothing."
        raise SettingsError(message, "Give a positive number of working days.")
    for probability in probabilities:
        if not 0 < probability < 1:
            message = f"A probability of {probability} has no finite quantile."
            raise SettingsError(message, "Give one above 0 and below 1.")
    found = quantiles(known.per_day * interval, known.variance(interval), probabilities)
    return DemandForecast(
        basis=basis if known.known else NO_HISTORY,
        days=known.days,
        starts=known.starts,
        per_day=known.per_day,
        interval=interval,
        quantiles={f"{probability:g}": count for probability, count in zip(probabilities, found, strict=True)},
    )


class Rates:
    """What is learned of a project's rate day by day: three discounted Gamma(a, b) rates, and a day's dispersion."""

    def __init__(self) -> None:
        self._a = [_PRIOR_DAYS * _PRIOR_RATE] * len(_REMEMBERED)
        self._b = [_PRIOR_DAYS] * len(_REMEMBERED)
        self._evidence = [0.0] * len(_REMEMBERED)
        self._squares, self._seen = 2.0, 2.0

    def see(self, count: int) -> None:
        """Learn a day's count."""
        dispersion, foreseen = self._dispersion(), self._mean()
        for k, (a, b, kept) in enumerate(zip(self._a, self._b, _REMEMBERED, strict=True)):
            likelihood = log_probability(count, a / b, dispersion * (a / b) * (1 + 1 / b))
            self._evidence[k] = _EVIDENCE_KEPT * self._evidence[k] + likelihood / dispersion
            self._a[k] = max(kept * a + count, _LEAST_RATE)
            self._b[k] = kept * b + 1.0
        # Pearson's statistic; the day itself bounds it, or the first burst after a quiet year would be all there is
        square = (count - foreseen) ** 2 / max(foreseen, count / 4, 0.05)
        self._squares = _DISPERSION_KEPT * self._squares + square
        self._seen = _DISPERSION_KEPT * self._seen + 1.0

    def tempo(self, days: int, starts: int) -> Tempo:
        """Return what was learned.

        Args:
            days: working days seen.
            starts: starts on them.
        """
        weights, dispersion, mean = self._weights(), self._dispersion(), self._mean()
        within = between = drift = 0.0
        for weight, a, b, kept in zip(weights, self._a, self._b, _REMEMBERED, strict=True):
            unsure = weight * dispersion * a / b**2
            within += unsure
            drift += unsure * (1 / kept - 1)
            between += weight * (a / b - mean) ** 2
        return Tempo(
            days=days,
            starts=starts,
            per_day=mean,
            rate_variance=within + between,
            drift=drift,
            dispersion=dispersion,
        )

    def _mean(self) -> float:
        return sum(weight * a / b for weight, a, b in zip(self._weights(), self._a, self._b, strict=True))

    def _weights(self) -> list[float]:
        top = max(self._evidence)
        raw = [math.exp(one - top) for one in self._evidence]
        free = 1 - _LEAST_SHARE * len(raw)
        return [free * one / sum(raw) + _LEAST_SHARE for one in raw]

    def _dispersion(self) -> float:
        return max(1.0, self._squares / self._seen)
