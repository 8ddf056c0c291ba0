"""What bursts ask for is remembered longer than how often they come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.buffer.clumps import Clumps, clumps
from scout.buffer.demand import Tempo
from scout.buffer.policy import levels
from scout.buffer.terms import Experience, Terms


def test_no_history_says_nothing():
    assert clumps([]).tempo == clumps([0] * 50).tempo == Tempo()


def test_days_that_are_alike_are_no_bursts():
    assert clumps([2] * 100).tempo.per_day == 0


def test_a_burst_is_remembered_when_the_rate_has_gone_down():
    tempo = clumps([19, *[0] * 14] * 6).tempo
    assert tempo.per_day * 15 == pytest.approx(19, rel=0.3)
    quiet = Tempo(days=90, starts=100, per_day=0.1)
    remembered = levels(quiet, Terms(), Experience(clumps=clumps([19, *[0] * 14] * 6))).reorder_point
    assert remembered >= 19 > levels(quiet, Terms(), Experience()).reorder_point


@given(st.lists(st.integers(0, 500), max_size=60))
def test_any_history_gives_a_sound_tempo(counts: list[int]):
    tempo = clumps(counts).tempo
    assert tempo.per_day >= 0
    assert tempo.dispersion >= 1


def test_days_one_by_one_are_the_same_as_all_at_once():
    one_by_one = Clumps()
    for count in (3, 0, 5):
        one_by_one = one_by_one.seeing(count)
    assert one_by_one == clumps([0, 3, 0, 5])
