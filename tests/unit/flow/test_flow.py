"""Measures, tests and controls by themselves, on values whose truth is known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.flow._control import over_tempo
from scout.flow.catalogue import controls, measures
from scout.flow.changepoint import Course, shift
from scout.flow.compare import compare
from scout.flow.log import DAY
from scout.flow.recurring import Told, recurrences
from scout.flow.simulate import days_until
from scout.flow.survival import quantiles, restricted_mean
from tests.bench.bench_flow_worlds import MIDDLE, TRUTHS, alarms
from tests.flow_worlds import Truth, world

CONTRACT = ("ticket-lead-time", "change-lead-time", "first-review-latency", "reopen-rate", "throughput")
DURATIONS = st.lists(st.integers(1, 400), min_size=6, max_size=60)


def test_the_contract_comes_first_and_every_measure_says_what_it_is():
    known = measures()
    assert tuple(one.id for one in known[:5]) == CONTRACT
    assert len({one.id for one in known}) == len(known) > 25
    for one in known:
        assert all((one.unit, one.definition, one.formula, one.source, one.bias, one.__doc__))


def test_every_control_says_what_it_watches():
    known = controls()
    assert len(known) == 8
    assert all(one.watches and one.opportunity and one.suggestions for one in known)


@given(DURATIONS)
@settings(max_examples=40, deadline=None)
def test_without_anything_open_the_median_is_the_plain_one(days: list[int]):
    values = np.array(days, dtype=np.float64)
    middle, slow, _ = quantiles(values, np.zeros(values.size, dtype=np.bool_))
    ordered = sorted(days)
    assert middle == ordered[math.ceil(len(days) / 2) - 1]
    assert slow == ordered[math.ceil(round(0.85 * len(days), 9)) - 1]
    mean, _ = restricted_mean(values, np.zeros(values.size, dtype=np.bool_), 500.0)
    assert mean == pytest.approx(sum(days) / len(days))


@given(DURATIONS, st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_what_is_still_open_never_makes_a_duration_shorter(days: list[int], place: int):
    values = np.array(days, dtype=np.float64)
    ended = np.zeros(values.size, dtype=np.bool_)
    some = ended.copy()
    some[place] = True
    before, _, _ = quantiles(values, ended)
    after, _, _ = quantiles(values, some)
    assert before is not None
    assert after is None or after >= before


def test_the_published_example_of_kaplan_and_meier():
    """Remission under 6-MP, Freireich et al. (1963): the median is 23 weeks."""
    ended, going = (6, 6, 6, 7, 10, 13, 16, 22, 23), (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
    days = np.array([*ended, *going], dtype=np.float64)
    censored = np.arange(days.size) >= len(ended)
    middle, slow, (low, _) = quantiles(days, censored)
    assert (middle, slow) == (23.0, None)
    assert low == 13.0


def test_a_lasting_change_a_surge_and_one_odd_week():
    rng = np.random.default_rng(3)
    calm = rng.normal(10, 1, 60)
    assert shift(calm) is None
    rose, surged, odd = calm.copy(), calm.copy(), calm.copy()
    rose[40:] += 4
    surged[20:26] += 6
    odd[30] += 40
    found = shift(rose)
    assert found is not None
    assert (found.course, found.start) == (Course.ROSE, 40)
    found = shift(surged)
    assert found is not None
    assert found.course is Course.SURGED
    assert abs(found.start - 20) <= 1
    assert shift(odd) is None
    assert shift(calm[:11]) is None


def test_a_forecast_is_drawn_from_the_past():
    drawn = days_until(20, np.array([2.0]), np.random.default_rng(1))
    assert set(drawn.tolist()) == {10}
    drawn = days_until(100, np.array([0.0, 0.0, 5.0]), np.random.default_rng(1))
    assert 45 <= np.median(drawn) <= 75
    with pytest.raises(ValueError, match="nothing was ever done"):
        days_until(3, np.zeros(4), np.random.default_rng(1))


@pytest.mark.parametrize("title", TRUTHS)
def test_what_is_true_in_a_world_is_found(title: str):
    truth, wanted = TRUTHS[title]
    seen = [alarms(world(truth, seed)) for seed in range(900, 905)]
    for name in wanted:
        assert sum(one[name] for one in seen) >= 4, (name, seen)


def test_a_quiet_world_is_quiet_and_the_same_twice():
    seen = [alarms(world(Truth(), seed)) for seed in range(700, 706)]
    assert sum(one["anything at all"] for one in seen) <= 1
    assert alarms(world(Truth(), 700)) == seen[0]


def test_a_comparison_warns_that_it_is_no_cause():
    made = compare(world(Truth(automated=True), 5), MIDDLE, "asked for")
    assert "does not say why" in made.warning
    verdicts = {one.state: one.verdict for one in made.burdens}
    assert (verdicts["first review"], verdicts["merge"]) == ("removed", "displaced")


def told(texts: list[str]) -> list[Told]:
    return [Told("ticket", str(place), text, 100 + 13 * place, 2.0) for place, text in enumerate(texts)]


def test_what_repeats_under_different_names_is_one_thing_whatever_the_order():
    noise = [f"{'abcdefghij'[place % 10] * 5} {'klmnopqrst'[place // 10] * 6} report" for place in range(60)]
    again = [
        f"Worker queue stuck after {word} deploy" for word in ("friday", "monday", "night", "hotel", "late", "early")
    ]
    rows = told([*noise[:50], *again, *noise[50:]])
    (found,) = recurrences(rows)
    assert set(found.name.split()) <= {"worker", "queue", "stuck", "after", "deploy"}
    assert len(found.members) == 6
    assert found.waited == 12.0
    assert recurrences(rows[::-1]) == (found,)
    (hidden,) = recurrences(rows, lambda word: word == "worker")
    assert "worker" not in hidden.name
    assert recurrences(told(["the same title"] * 8)) == ()
    assert recurrences(rows[:4]) == ()


def test_what_is_bypassed_mostly_is_no_theatre():
    log = world(Truth(theatre=True), 3)
    at, bypassed = log.landing["at"], log.landing["reviewed"] == 0
    found = over_tempo(log, at, bypassed)
    assert found is not None
    assert found.rises
    week = np.floor((at - at.min()) / (7 * DAY)).astype(np.int64)
    tempo = np.bincount(week)
    busy = tempo[week] > np.median(tempo[week])
    mostly = over_tempo(log, at, busy | (np.arange(at.size) % 10 < 4))
    assert mostly is not None
    assert mostly.slow_rate < 0.5 < mostly.fast_rate
    assert not mostly.rises
