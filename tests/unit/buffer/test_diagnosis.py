"""What keeps ready work short is named with its evidence, and only where something does."""

import pytest

from scout.buffer.constraint import Constraint
from scout.buffer.days import Day, Today
from scout.buffer.diagnosis import Diagnosis
from tests.bench._shortages import CHANGE, SURGE, named, names

USUAL = Day(8, today=Today(starts=2, decided=4, accepted=2, readied=2, ordered=4))
SHORT = Day(0, today=Today(starts=1, starved=1, decided=4, accepted=2, readied=2, ordered=4))


@pytest.mark.parametrize(
    "cause",
    [Constraint.BLOCKED, Constraint.YIELD, Constraint.REVIEWERS, Constraint.DRAFTS, Constraint.SOURCES],
)
def test_what_went_wrong_is_named_ten_days_into_the_shortage(cause: Constraint):
    found = [name for seed in range(4) for _, name in named(cause, seed, (10,))]
    assert found
    assert found.count(cause) >= len(found) - 1


def test_demand_above_what_reviewers_can_release_is_a_surge_first_and_an_overload_when_it_lasts():
    told = names(Constraint.OVERLOAD, 3)[1]
    demand = [name for name in told[CHANGE:] if name in {Constraint.SURGE, Constraint.OVERLOAD}]
    assert demand[0] is Constraint.SURGE
    assert demand[-1] is Constraint.OVERLOAD


@pytest.mark.parametrize("seed", range(3))
def test_a_surge_that_ends_in_eight_days_is_no_overload(seed: int):
    assert SURGE < 10
    assert Constraint.OVERLOAD not in names(Constraint.SURGE, seed)[1]


@pytest.mark.parametrize("seed", range(3))
def test_a_healthy_project_has_no_constraint(seed: int):
    assert set(names(Constraint.HEALTHY, seed)[1]) == {Constraint.HEALTHY}


def _watched(days: list[Day]) -> Diagnosis:
    watch = Diagnosis()
    for day in days:
        watch.see(day)
    return watch


def test_nothing_is_named_without_days_to_compare_with():
    assert _watched([SHORT] * 20).cause(3.0).name is Constraint.HEALTHY


def test_the_reference_is_kept_until_the_shortage_is_over():
    surge = Day(0, today=Today(starts=2, starved=6, decided=4, accepted=2, readied=2, ordered=4))
    watch = _watched([USUAL] * 60 + [surge] * 100)
    assert watch.cause(2.4).name is Constraint.OVERLOAD
    assert "2.0 before" in watch.cause(2.4).evidence
    assert watch.cause(0.0).name is Constraint.OVERLOAD


def test_three_good_days_end_it():
    surge = Day(0, today=Today(starts=2, starved=6, decided=4, accepted=2, readied=2, ordered=4))
    ended = _watched([USUAL] * 60 + [surge] * 20 + [USUAL] * 3)
    assert ended.cause(2.4).name is Constraint.HEALTHY


def test_a_cause_says_what_would_help_in_numbers():
    surge = Day(0, today=Today(starts=2, starved=6, decided=4, accepted=2, readied=2, ordered=4))
    assert _watched([USUAL] * 60 + [surge] * 40).cause(2.4).remedy == "13 more decisions a day would keep up"
