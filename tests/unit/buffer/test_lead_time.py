"""Lead times, those still on their way counted, too."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.buffer.lead_time import lead_time
from scout.buffer.terms import shrunk_lead_time

DAYS = st.lists(st.floats(-5, 200), max_size=40)


def test_before_anything_arrived_the_settings_hold():
    found = lead_time([], [], 4)
    assert (found.arrived, found.waiting) == (0, 0)
    assert found.mean == pytest.approx(4)
    assert found.deviation == pytest.approx(0.4 * 4)


def test_what_waits_longer_than_others_took_makes_the_line_slower():
    quick = lead_time([1.0] * 10, [], 4)
    assert lead_time([1.0] * 10, [6.0] * 10, 4).mean > 1.5 * quick.mean
    assert lead_time([1.0] * 10, [0.2] * 10, 4).mean == pytest.approx(quick.mean)


def test_the_mean_is_found_although_the_slow_half_has_not_arrived_yet():
    chance = random.Random(4)  # noqa: S311 - a seeded world
    times = [chance.gammavariate(4, 2) for _ in range(600)]
    watched = [chance.uniform(0, 16) for _ in times]
    arrived = [time for time, end in zip(times, watched, strict=True) if time <= end]
    waiting = [end for time, end in zip(times, watched, strict=True) if time > end]
    assert sum(arrived) / len(arrived) < 7
    assert lead_time(arrived, waiting, 4).mean == pytest.approx(8, rel=0.1)


def test_what_lies_forgotten_does_not_count_as_slow():
    assert lead_time([2.0, 3.0], [400.0] * 30, 4).mean == pytest.approx(lead_time([2.0, 3.0], [], 4).mean)


def test_impossible_times_of_imported_data_are_left_out():
    odd = [-3.0, math.nan, math.inf]
    assert lead_time([2.0, *odd], odd, 4) == lead_time([2.0], [], 4)


@given(DAYS, DAYS, st.floats(0.1, 100))
def test_every_figure_is_a_number_of_days(arrived: list[float], waiting: list[float], prior: float):
    found = lead_time(arrived, waiting, prior)
    quantiles = list(found.quantiles.values())
    assert quantiles == sorted(quantiles)
    assert all(math.isfinite(one) and one >= 0 for one in (*quantiles, found.mean, found.deviation))
    assert shrunk_lead_time(arrived, prior, waiting) == (found.mean, found.deviation**2)
    assert found.mean >= lead_time(arrived, [], prior).mean - 1e-9
