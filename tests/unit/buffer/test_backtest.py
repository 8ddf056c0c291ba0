"""Models of demand, tried on every past day."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.buffer.backtest import HORIZONS, MODELS, WARM_UP, Trial
from scout.buffer.bursts import bursts
from scout.buffer.course import Prior, discounted, moving_window, recent_mean
from scout.buffer.demand import Rates
from scout.buffer.mixture import mixture
from tests.bench.bench_demand import drawn

COUNTS = st.lists(st.integers(0, 3000), min_size=1, max_size=150)
PLACES = {name: place for place, name in enumerate(MODELS)}


def _world(number: int, rate: float, dispersion: float, days: int) -> list[int]:
    chance = random.Random(number)  # noqa: S311 - a seeded world
    return [drawn(chance, rate, dispersion) for _ in range(days)]


@given(st.lists(st.floats(0, 1e6), max_size=600), st.floats(0.5, 0.999), st.floats(0, 100))
def test_discounting_is_a_recurrence(counts: list[float], kept: float, start: float):
    found = discounted(np.array(counts, dtype=float), kept, start)
    expected = start
    for count, one in zip(counts, found.tolist(), strict=True):
        expected = kept * expected + count
        assert one == pytest.approx(expected, rel=1e-6, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(COUNTS)
def test_no_model_ever_says_what_is_no_number(counts: list[int]):
    row = np.array(counts, dtype=float)
    for course in (recent_mean(row), moving_window(row, Prior()), bursts(row, Prior()), mixture(row, Prior())):
        for figures in (course.per_day, course.rate_variance, course.drift, course.dispersion, course.variance(7)):
            assert len(figures) == len(counts)
            assert np.isfinite(figures).all()
            assert (figures >= 0).all()
        assert (course.dispersion >= 1).all()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=120), st.integers(1, 119))
def test_no_forecast_and_no_choice_knows_the_future(counts: list[int], cut: int):
    cut = min(cut, len(counts) - 1)
    whole, known = Trial(counts, Prior()), Trial(counts[:cut], Prior())
    assert whole.picks[:cut].tolist() == known.picks.tolist()
    for one, other in zip(whole.courses, known.courses, strict=True):
        assert one.per_day[:cut] == pytest.approx(other.per_day)
        assert one.variance(5)[:cut] == pytest.approx(other.variance(5))


def test_rare_bursts_are_left_to_the_model_of_bursts():
    covered: list[float] = []
    picked = 0
    for number in range(6):
        chance = random.Random(number)  # noqa: S311 - a seeded world
        trial = Trial([4 * (chance.random() < 1 / 7) for _ in range(400)], Prior())
        picked += int((trial.picks[200:] == PLACES["bursts"]).sum())
        covered += [one.covered for one in trial.figures()]
        assert all(one.ratio is not None and one.ratio < 0.95 for one in trial.figures())
    assert picked > 0.7 * 6 * 200
    assert 0.94 <= sum(covered) / len(covered) <= 0.98


def test_where_nothing_changes_the_simplest_model_is_used():
    trial = Trial(_world(2, 2, 1, 500), Prior())
    assert trial.picks[-1] == PLACES["moving window"]


def test_a_new_pace_is_left_to_the_mixture_within_days():
    counts = _world(1, 1, 1, 200)
    trial = Trial([*counts, *_world(2, 10, 1, 12)], Prior())
    assert Trial(counts, Prior()).picks[-1] != PLACES["mixture of rates"]
    assert (trial.picks[204:] == PLACES["mixture of rates"]).all()


def test_a_stop_is_left_to_the_mixture_however_long_it_lasts():
    counts = [*_world(5, 2, 1, 200), *[0] * 60]
    trial = Trial(counts, Prior())
    assert (trial.picks[220:] == PLACES["mixture of rates"]).all()
    assert trial.courses[-1].per_day[-1] < 0.1


def test_figures_begin_after_the_warm_up_and_say_how_many_they_are():
    figures = Trial([1, 0] * 50, Prior()).figures()
    assert [(one.horizon, one.forecasts) for one in figures] == [(h, 100 - h - WARM_UP + 1) for h in HORIZONS]
    assert Trial([1] * WARM_UP, Prior()).figures() == ()
    assert Trial([0] * 100, Prior()).figures()[0].ratio is None


@pytest.mark.parametrize(("rate", "dispersion"), [(0.3, 1), (1, 3), (5, 8), (60, 3)])
def test_the_95_percent_quantile_covers_about_95_of_100_sums(rate: float, dispersion: float):
    shares = [
        one.covered for number in range(4) for one in Trial(_world(number, rate, dispersion, 360), Prior()).figures()
    ]
    assert 0.91 <= sum(shares) / len(shares) <= 1


def test_learning_day_by_day_comes_to_the_same():
    counts = _world(7, 1.5, 3, 130)
    rates, trial = Rates(), Trial(counts, Prior())
    assert not rates.tempo(0, 0).known
    for count in counts:
        rates.see(count)
    found = rates.tempo(130, sum(counts))
    course = trial.courses[PLACES[found.model]]
    assert found.per_day == pytest.approx(float(course.per_day[-1]))
    assert found.variance(6) == pytest.approx(float(course.variance(6)[-1]))
    assert math.isfinite(found.dispersion)
