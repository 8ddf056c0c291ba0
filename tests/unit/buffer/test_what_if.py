"""What if demand or reviewers were others: simulated with bands, and never nonsense."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.buffer import what_if
from scout.buffer.constraint import Constraint
from scout.buffer.simulate import Circumstance, World
from scout.buffer.terms import Terms
from scout.buffer.what_if import DAYS, Course, Supposed, course, supposed
from scout.errors import UsageError

NOW = Supposed(demand=1.0, reviewers=5, yield_rate=0.6, lead=4)
START = World((), Circumstance(5), stock=10, queued=2, accepted=1)


@pytest.fixture(autouse=True)
def _few_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(what_if, "_LIVES", 6)


def _course(case: Supposed) -> Course:
    return course(case, START, [1, 0, 2, 1] * 10, Terms(), dispersion=1.3)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("demand=10x", NOW.having(demand=10)),
        ("demand=10x,reviewers=2", NOW.having(demand=10, reviewers=2)),
        (" Demand = 3 , yield=0.5×", NOW.having(demand=3, yield_rate=0.3)),
        ("lead=6", NOW.having(lead=6)),
        ("reviewers=0", NOW.having(reviewers=0)),
    ],
)
def test_what_is_supposed_is_read_as_figures_and_multiples(written: str, expected: Supposed):
    assert supposed(written, NOW) == expected


@pytest.mark.parametrize("written", ["", "demand", "demand=", "demand=-1", "stock=3", "yield=0", "yield=2", "lead=0"])
def test_what_makes_no_sense_is_a_clear_error(written: str):
    with pytest.raises(UsageError):
        supposed(written, NOW)


def test_ten_times_nothing_is_told():
    with pytest.raises(UsageError, match="Nothing is being started"):
        supposed("demand=10x", NOW.having(demand=0))


@given(st.text(max_size=30))
@settings(max_examples=50)
def test_any_text_is_read_or_refused(written: str):
    try:
        found = supposed(written, NOW)
    except UsageError:
        return
    assert 0 < found.yield_rate <= 1


def test_as_it_is_there_is_enough():
    found = _course(NOW)
    assert len(found.bands) == DAYS
    assert found.starved < 0.05
    assert found.cause.name is Constraint.HEALTHY
    assert all(band.low is not None and band.high is not None and 0 <= band.low <= band.high for band in found.bands)


def test_ten_times_the_demand_with_two_decisions_is_an_overload_and_says_what_would_help():
    found = _course(NOW.having(demand=10, reviewers=2))
    assert found.cause.name is Constraint.OVERLOAD
    assert "17 more decisions a day" in found.cause.remedy
    assert found.served < 0.5
    assert found.load == pytest.approx(10 / 1.2)


def test_the_same_question_has_the_same_answer():
    assert _course(NOW) == _course(NOW)


def test_without_demand_or_reviewers_there_is_an_answer_without_cover():
    quiet = _course(NOW.having(demand=0))
    assert all(band.middle is None and band.starved == 0 for band in quiet.bands)
    assert quiet.served == 1
    assert _course(NOW.having(reviewers=0)).load is None
