"""Demand: how many tickets will be started, as quantiles, from the dates of those that were.

Three models look at a project's history (`course`, `bursts`, `mixture`); the one that would have lost least so far
speaks for it (`backtest`). What it knows is a `Tempo`, from which mean and variance of the starts in any interval
follow, and from these the quantiles of a negative binomial law.
"""

import math
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice

import numpy as np

from scout.buffer.backtest import DECISIVE, MODELS, Trial
from scout.buffer.calendar import Calendar
from scout.buffer.course import Course, Prior
from scout.buffer.negative_binomial import quantiles
from scout.errors import SettingsError
from scout.model import Backtest, DemandForecast, Frozen

PROBABILITIES = (0.5, 0.8, 0.95)
"""The quantiles that a forecast shows unless asked for others."""

NO_HISTORY = "no history"
"""What a forecast's basis says when no start was ever seen."""

_WINDOW = 520  # working days: what is older weighs under 1 %
_TRIED = 260  # working days that forecasts are tried from: a year
_EVERY = 3  # of those days: sums from successive days are nearly the same
_CHOSEN_FOR = 10  # days until `Rates` chooses again among the models
_SETTLED = 60  # working days from which on a project lends to others
_LENDERS = 3  # projects that must have something to lend
_LEAST_DAYS, _MOST_DAYS = 0.5, 5.0  # what the rate of others is worth, in days of the project's own


class Tempo(Frozen):
    """What the dated starts of a project say about its rate.

    Attributes:
        days: working days of history looked at; 0 when no start was ever seen.
        starts: starts in those days.
        per_day: expected starts per working day.
        rate_variance: variance of that expectation, (starts per working day)².
        drift: what a working day adds to that variance, because rates change.
        dispersion: variance ÷ mean of a day's starts, at least 1.
        model: what was chosen; empty when no start was ever seen.
        backtest: how it would have done; empty where the history is too short to say.
        then: what was known as the last day ended on which anything was started; None where that was the last of all.
    """

    days: int = 0
    starts: int = 0
    per_day: float = 0.0
    rate_variance: float = 0.0
    drift: float = 0.0
    dispersion: float = 1.0
    model: str = ""
    backtest: tuple[Backtest, ...] = ()
    then: "Tempo | None" = None

    @property
    def calm(self) -> "Tempo":
        """What to order by: quiet days make the rate lower and less sure; the second is no reason to stock up."""
        return self.no_more_than(self.then).having(then=None) if self.then else self

    def no_more_than(self, then: "Tempo") -> "Tempo":
        """Return this tempo where it calls for less than another one, and that one where it calls for less."""
        return self.having(
            per_day=min(self.per_day, then.per_day),
            rate_variance=min(self.rate_variance, then.rate_variance),
            drift=min(self.drift, then.drift),
            dispersion=min(self.dispersion, then.dispersion),
        )

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


def daily(history: Iterable[tuple[date, int]], today: date, calendar: Calendar, longest: int = _WINDOW) -> list[int]:
    """Return the starts of each working day from the first start to the day before `today`, oldest first.

    Starts on a free day count for the working day before it; those of `today` and later are left out, because the
    day is not over (or a clock was wrong); so are counts below 1. At most the last `longest` working days are returned.
    """
    counts = Counter[date]()
    for day, count in history:
        if day < today and count > 0:
            counts[calendar.latest(day)] += count
    if not counts:
        return []
    days = calendar.days(max(min(counts), date.fromordinal(max(1, today.toordinal() - 2 * longest))), today)
    return [counts[day] for day in days[-longest:]] or [0]


def tempo(
    history: Iterable[tuple[date, int]],
    today: date,
    calendar: Calendar | None = None,
    prior: Prior | None = None,
) -> Tempo:
    """Estimate the rate of starts.

    Args:
        history: dates with the number of starts on them, in any order; a date may occur more than once.
        today: the day that has not ended yet.
        calendar: which days are worked; Monday to Friday by default.
        prior: what is believed of a rate before anything is seen, such as what `borrowed` returns.
    """
    counts = daily(history, today, calendar or Calendar())
    if not counts:
        return Tempo()
    trial = Trial(counts, prior or Prior(), tried=_TRIED, every=_EVERY)
    place = int(trial.picks[-1])
    found = _last(trial.courses[place], place, counts)
    asked = max((day for day, count in enumerate(counts) if count), default=len(counts) - 1)
    then = _last(trial.courses[place], place, counts[: asked + 1]) if asked < len(counts) - 1 else None
    return found.having(backtest=trial.figures(), then=then)


def borrowed(tempos: Iterable[Tempo]) -> Prior:
    """Return what other projects teach about a new one: their median rate, worth the more the more alike they are.

    A Gamma belief with mean μ and variance v is worth μ ÷ v days of having seen (empirical Bayes: Robbins, 1956);
    never more than a week. Projects younger than 60 working days lend nothing, and fewer than three are no portfolio.
    """
    rates = sorted(one.per_day for one in tempos if one.days >= _SETTLED and one.per_day > 0)
    if len(rates) < _LENDERS:
        return Prior()
    middle = float(np.median(rates))
    apart = float(np.var(rates))
    return Prior(per_day=middle, days=min(max(middle / max(apart, 1e-9), _LEAST_DAYS), _MOST_DAYS))


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
        model=known.model,
        backtest=known.backtest,
    )


class Rates:
    """What is learned of a project's rate day by day.

    Args:
        prior: what is believed of the rate before anything is seen.
    """

    def __init__(self, prior: Prior | None = None) -> None:
        self._counts = deque[int](maxlen=_WINDOW)
        self._prior = prior or Prior()
        self._picked, self._until = len(MODELS) - 1, 0

    def see(self, count: int) -> None:
        """Learn a day's count."""
        self._counts.append(count)
        self._until -= 1

    def tempo(self, days: int, starts: int) -> Tempo:
        """Return what was learned; among the models is chosen every ten days, for it takes longest.

        Args:
            days: working days seen.
            starts: starts on them.
        """
        if not self._counts:
            return Tempo()
        trial = Trial(self._counts, self._prior, DECISIVE, _TRIED, _EVERY)
        if self._until <= 0:
            self._picked, self._until = int(trial.picks[-1]), _CHOSEN_FOR
        place = trial.heeded(self._picked)
        return _last(trial.courses[place], place, self._counts).having(days=days, starts=starts)


def _last(course: Course, place: int, counts: Sequence[int]) -> Tempo:
    """Return what a course says as the last of these days ended."""
    day = len(counts) - 1
    return Tempo(
        days=len(counts),
        starts=sum(counts),
        per_day=float(course.per_day[day]),
        rate_variance=float(course.rate_variance[day]),
        drift=float(course.drift[day]),
        dispersion=float(course.dispersion[day]),
        model=next(islice(MODELS, place, None)),
    )
