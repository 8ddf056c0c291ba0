import math
import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.buffer.calendar import Calendar
from scout.buffer.demand import NO_HISTORY, Tempo, daily, expected, forecast, tempo
from scout.buffer.negative_binomial import quantiles
from scout.errors import SettingsError

TODAY = date(2026, 3, 2)
HISTORIES = st.lists(
    st.tuples(st.dates(date(2016, 1, 1), date(2027, 1, 1)), st.integers(-3, 2000)),
    max_size=120,
)


def _history(counts: list[int]) -> list[tuple[date, int]]:
    days = Calendar().days(TODAY - timedelta(len(counts) * 2 + 10), TODAY)[-len(counts) :]
    return list(zip(days, counts, strict=True))


def _negative_binomial(seed: random.Random, mean: float, dispersion: float) -> int:
    rate = mean if dispersion <= 1 else seed.gammavariate(mean / (dispersion - 1), dispersion - 1)
    if rate > 50:
        return max(0, round(seed.gauss(rate, math.sqrt(rate))))
    limit, count, product = math.exp(-rate), 0, seed.random()
    while product > limit:
        count += 1
        product *= seed.random()
    return count


def _covered(counts: list[int], horizon: int, step: int = 3) -> list[bool]:
    found: list[bool] = []
    for end in range(60, len(counts) - horizon, step):
        known = tempo(_history(counts[:end]), TODAY)
        (q95,) = quantiles(known.per_day * horizon, known.variance(horizon), (0.95,))
        found.append(sum(counts[end : end + horizon]) <= q95)
    return found


def test_without_any_start_the_forecast_says_so():
    found = forecast([], TODAY, 5)
    assert found.basis == NO_HISTORY
    assert (found.days, found.starts, found.per_day, found.quantiles) == (0, 0, 0, {"0.5": 0, "0.8": 0, "0.95": 0})
    assert not tempo([(TODAY + timedelta(3), 4)], TODAY).known


@pytest.mark.parametrize("rate", [1, 7, 60, 500])
def test_a_steady_project_is_forecast_at_its_rate(rate: int):
    found = forecast(_history([rate] * 80), TODAY, 5, basis="tickets started")
    assert found.per_day == pytest.approx(rate, rel=0.03)
    assert found.quantiles["0.5"] == pytest.approx(5 * rate, rel=0.1, abs=1)
    assert found.starts == 80 * rate
    assert found.basis == "tickets started"


def test_a_tenfold_step_is_believed_within_nine_working_days():
    lags: list[int] = []
    for number in range(15):
        seed = random.Random(number)  # noqa: S311 - a seeded world
        counts = [_negative_binomial(seed, 1 if day < 100 else 10, 1) for day in range(140)]
        lags.append(
            next(lag for lag in range(40) if abs(tempo(_history(counts[: 100 + lag]), TODAY).per_day - 10) <= 2)
        )
    assert sorted(lags)[7] <= 9


def test_a_project_that_stops_is_forgotten():
    stopped = tempo(_history([5] * 60 + [0] * 40), TODAY)
    assert stopped.per_day < 0.3
    assert tempo(_history([5] * 60 + [0] * 400), TODAY).per_day < 0.01


@pytest.mark.parametrize(
    ("mean", "dispersion", "horizon"),
    [(0.3, 1, 5), (1, 1, 5), (1, 3, 5), (5, 1, 10), (5, 3, 10), (5, 8, 5), (50, 3, 5), (500, 8, 5)],
)
def test_the_95_percent_quantile_holds_in_about_95_of_100_cases(mean: float, dispersion: float, horizon: int):
    covered: list[bool] = []
    for number in range(4):
        seed = random.Random(number)  # noqa: S311 - a seeded world
        covered += _covered([_negative_binomial(seed, mean, dispersion) for _ in range(200)], horizon, 6)
    assert 0.89 <= sum(covered) / len(covered) <= 1


def test_weekends_and_holidays_are_no_quiet_days():
    closed = frozenset({date(2026, 2, day) for day in range(9, 21)})
    days = Calendar(holidays=closed).days(date(2025, 11, 3), TODAY)
    history = [(day, 4) for day in days]
    assert tempo(history, TODAY, Calendar(holidays=closed)).per_day == pytest.approx(4, rel=0.02)
    assert tempo(history, TODAY).per_day < 3.8


def test_a_start_on_a_weekend_counts_for_the_working_day_before():
    assert daily([(date(2026, 2, 27), 1), (date(2026, 2, 28), 2)], TODAY, Calendar()) == [3]


def test_today_is_not_over_and_the_future_is_not_history():
    history = _history([2] * 30)
    assert tempo([*history, (TODAY, 90), (TODAY + timedelta(50), 90)], TODAY) == tempo(history, TODAY)


def test_only_the_last_two_years_of_working_days_are_looked_at():
    found = daily([(date(2010, 1, 4), 3), (date(2026, 2, 27), 1)], TODAY, Calendar())
    assert len(found) == 520
    assert sum(found) == 1


@settings(deadline=None)
@given(HISTORIES, st.floats(0.01, 300))
def test_nothing_is_ever_negative_infinite_or_undefined(history: list[tuple[date, int]], interval: float):
    found = tempo(history, TODAY)
    figures = (found.per_day, found.rate_variance, found.drift, found.dispersion, found.variance(interval))
    assert all(math.isfinite(figure) and figure >= 0 for figure in figures)
    shown = expected(found, interval, basis="starts").quantiles
    assert 0 <= shown["0.5"] <= shown["0.8"] <= shown["0.95"]


@settings(deadline=None)
@given(HISTORIES, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(history: list[tuple[date, int]], seed: random.Random):
    mixed = list(history)
    seed.shuffle(mixed)
    assert tempo(mixed, TODAY) == tempo(history, TODAY)


@settings(deadline=None)
@given(st.floats(0.05, 500), st.floats(1, 12), st.floats(1, 4), st.floats(0.5, 30))
def test_more_demand_never_has_a_smaller_quantile(per_day: float, dispersion: float, factor: float, interval: float):
    slow = Tempo(days=50, starts=9, per_day=per_day, rate_variance=per_day**2 / 50, dispersion=dispersion)
    fast = slow.having(per_day=per_day * factor, rate_variance=(per_day * factor) ** 2 / 50)
    low, high = (expected(one, interval, (0.5, 0.95), basis="starts").quantiles for one in (slow, fast))
    assert low["0.5"] <= high["0.5"]
    assert low["0.95"] <= high["0.95"]


def test_slowing_down_keeps_the_relative_spread():
    known = tempo(_history([3, 9, 0, 4] * 20), TODAY)
    slow = known.at_most(1.0)
    assert slow.per_day == pytest.approx(1)
    assert slow.rate_variance / slow.per_day**2 == pytest.approx(known.rate_variance / known.per_day**2)
    assert known.at_most(1e9) == known
    assert known.at_most(0).per_day == 0


def _nonsense() -> list[tuple[Callable[[], object], str]]:
    return [
        (lambda: forecast([], TODAY, 0), "0 working days"),
        (lambda: forecast([], TODAY, math.nan), "nan working days"),
        (lambda: forecast([], TODAY, 5, (1.0,)), "probability of 1.0"),
    ]


@pytest.mark.parametrize(("call", "words"), _nonsense())
def test_what_cannot_be_forecast_is_a_clear_error(call: Callable[[], object], words: str):
    with pytest.raises(SettingsError, match=words):
        call()


def test_quiet_days_never_raise_what_is_ordered_by():
    busy = [(date(2026, 1, 5) + timedelta(days=number), 3) for number in range(40)]
    for quiet in range(1, 30):
        known = tempo(busy, date(2026, 2, 14) + timedelta(days=quiet))
        then = known.then or known
        assert known.calm.rate_variance <= then.rate_variance
        assert known.calm.drift <= then.drift
        assert known.calm.per_day <= known.per_day
    assert tempo(busy, date(2026, 2, 14)).then is None, "something was started on the last working day"
