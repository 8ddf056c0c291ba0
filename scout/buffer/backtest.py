"""How models would have done: forecasts from every past day on, against what then came, and the choice that follows.

Rolling-origin evaluation (Tashman, International Journal of Forecasting 16, 2000) by pinball loss (Koenker & Bassett,
Econometrica 46, 1978; the mean of three quantiles). The choice of a day knows only what was known that day, so that
the figures shown are those a reader would have lived with, the choosing included.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from scout.buffer.bursts import bursts
from scout.buffer.course import Course, Prior, discounted, moving_window, recent_mean
from scout.buffer.mixture import mixture
from scout.buffer.negative_binomial import Floats, quantile_rows
from scout.model import Backtest

MODELS: Mapping[str, float] = MappingProxyType({"moving window": 0.92, "bursts": 0.85, "mixture of rates": 0.85})
"""The models, the simpler before the less simple, and what each is expected to lose, in losses of the 20-day mean.

The expectations are rounded means over real projects; they keep a short history from choosing by luck.
"""

HORIZONS = (3, 5, 7, 10, 14)
"""Working days over which forecasts are tried."""

DECISIVE = (5, 10)
"""Those that a model is chosen by."""

WARM_UP = 60
"""Working days before the first forecast that counts in the figures shown."""

SERVICE = 0.95
"""Probability of the quantile whose coverage is shown."""

_SCORED = (0.5, 0.8, SERVICE)
_DOUBT = 1.5  # by how much each model overrates what it knows of the rate: measured on real projects, all alike
_LOSS_KEPT = 0.998  # share of a loss's weight that is left a working day later
_EXPECTED_FOR = 200.0  # working days that the expectation of a model's loss is worth
_TIE = 0.01  # losses that differ by less are the same
_SURGE_DAYS, _SURGE = 7, 0.99
_LULL_DAYS, _LULL = 20, 0.01

_Picks = npt.NDArray[np.intp]
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Losses:
    """What the forecasts over one horizon would have lost.

    Attributes:
        days: the days after which they were made, from 0.
        loss: a row a model and one for the 20-day mean, a column for each of these days.
        covered: in the same shape: whether no more was started than the 95 % quantile.
    """

    days: npt.NDArray[np.intp]
    loss: Floats
    covered: _Flags


class Trial:
    """All models on one history.

    Args:
        counts: starts of each working day, oldest first; at least one.
        prior: what is believed of the rate before anything is seen.
        horizons: working days over which forecasts are tried; must include those that decide.
        tried: how many of the last days forecasts are tried from; all by default.
        every: how many days lie between two of them.
    """

    def __init__(
        self,
        counts: Sequence[int],
        prior: Prior,
        horizons: Sequence[int] = HORIZONS,
        tried: int | None = None,
        every: int = 1,
    ) -> None:
        self._counts = np.asarray(counts, dtype=np.float64)
        self._sums = np.concatenate(([0.0], np.cumsum(self._counts)))
        self._horizons, self._every = horizons, every
        self._first = 0 if tried is None else max(0, len(self._counts) - tried)
        rates = mixture(self._counts, prior)
        simpler = (moving_window(self._counts, prior), bursts(self._counts, prior))
        courses = (*(one.unsure_by(rates) for one in simpler), rates)
        self.courses = tuple(one.doubted(_DOUBT) for one in courses)

    @cached_property
    def picks(self) -> _Picks:
        """Return for each day the place of the model to use after it: the least loss so far, unless contradicted."""
        expected = np.array(list(MODELS.values()))[:, None]
        known = np.zeros((len(MODELS) + 1, len(self._counts)))
        for horizon in DECISIVE:
            losses = self.losses[horizon]
            known[:, losses.days + horizon] += losses.loss / horizon
        so_far = np.stack([discounted(row, _LOSS_KEPT) for row in known])
        tried = np.zeros(len(self._counts))
        tried[self._first :: self._every] = 1.0
        days = discounted(tried, _LOSS_KEPT)
        scores = so_far[:-1] + _EXPECTED_FOR * expected * so_far[-1] / np.maximum(days, 1.0)
        best = np.argmax(scores <= scores.min(axis=0) * (1 + _TIE), axis=0)
        against = np.zeros((len(self.courses), len(self._counts)), dtype=np.bool_)
        for place in range(len(self.courses)):
            against[place, self._first :] = self._contradicted(place, self._first)
        return np.where(against[best, np.arange(len(best))], len(self.courses) - 1, best)

    def heeded(self, place: int) -> int:
        """Return the place of a model, or that of the mixture where what came lately contradicts the model."""
        return len(self.courses) - 1 if self._contradicted(place, len(self._counts) - 1)[-1] else place

    @cached_property
    def losses(self) -> Mapping[int, Losses]:
        """What forecasts over each horizon would have lost."""
        tried = (*self.courses, recent_mean(self._counts))
        return {horizon: self._losses(tried, horizon) for horizon in self._horizons}

    def figures(self, warm_up: int = WARM_UP) -> tuple[Backtest, ...]:
        """Return what the chosen models would have reached, a horizon a line; none where the history is too short."""
        lines = (_figure(horizon, losses, self.picks, warm_up) for horizon, losses in self.losses.items())
        return tuple(line for line in lines if line is not None)

    def _losses(self, tried: Sequence[Course], horizon: int) -> Losses:
        days = np.arange(self._first, max(self._first, len(self._counts) - horizon), self._every)
        mean = np.concatenate([course.per_day[days] * horizon for course in tried])
        variance = np.concatenate([course.variance(horizon)[days] for course in tried])
        found = quantile_rows(mean, variance, _SCORED).reshape(len(_SCORED), len(tried), len(days))
        return _lost(days, found, self._came(days, horizon))

    def _came(self, days: npt.NDArray[np.intp], horizon: int) -> Floats:
        """Return what was started in the `horizon` working days after each of `days`."""
        return self._sums[days + 1 + horizon] - self._sums[days + 1]

    def _contradicted(self, place: int, since: int) -> _Flags:
        """Whether what came lately is beyond what a model foresaw, after each day from the day `since` on.

        The simpler models take long to believe a new pace: more in a week than 99 % of what they foresaw, or less in
        four than 1 %, is no chance. The mixture is what is left then.
        """
        flags = np.zeros(len(self._counts), dtype=np.bool_)
        if place < len(self.courses) - 1:
            for horizon, probability in ((_SURGE_DAYS, _SURGE), (_LULL_DAYS, _LULL)):
                days = np.arange(max(since - horizon, 0), max(len(flags) - horizon, 0))
                mean = self.courses[place].per_day[days] * horizon
                variance = self.courses[place].variance(horizon)[days]
                foreseen = quantile_rows(mean, variance, (probability,))[0]
                came = self._came(days, horizon)
                flags[days + horizon] |= came > foreseen if horizon == _SURGE_DAYS else came < foreseen
        return flags[since:]


def _lost(days: npt.NDArray[np.intp], found: Floats, came: Floats) -> Losses:
    probabilities = np.array(_SCORED)[:, None, None]
    error = came - found
    loss = np.maximum(probabilities * error, (probabilities - 1) * error).mean(axis=0)
    return Losses(days, loss, error[-1] <= 0)


def _figure(horizon: int, losses: Losses, picks: _Picks, warm_up: int) -> Backtest | None:
    counted = losses.days >= warm_up - 1
    if not counted.any():
        return None
    chosen, columns = picks[losses.days[counted]], np.flatnonzero(counted)
    return Backtest(
        horizon=horizon,
        forecasts=len(columns),
        covered=round(float(losses.covered[chosen, columns].mean()), 4),
        pinball=round(float(losses.loss[chosen, columns].mean()), 4),
        baseline=round(float(losses.loss[-1, columns].mean()), 4),
    )
