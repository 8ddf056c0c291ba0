import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.buffer.calendar import Calendar
from scout.buffer.constraint import Constraint
from scout.buffer.demand import NO_HISTORY, Tempo
from scout.buffer.policy import levels, plan
from scout.buffer.terms import Experience, Terms, shrunk_lead_time, shrunk_yield
from scout.errors import SettingsError
from scout.model import Plan, Position

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
QUIET = Tempo(days=100, starts=100, per_day=1.0, rate_variance=0.02, dispersion=1.3)


def _tempo(per_day: float, spread: float, drift: float, dispersion: float) -> Tempo:
    squared = per_day**2
    return Tempo(
        days=60, starts=9, per_day=per_day, rate_variance=squared * spread, drift=squared * drift, dispersion=dispersion
    )


TEMPOS = st.builds(_tempo, st.floats(0, 500), st.floats(0, 1), st.floats(0, 0.1), st.floats(1, 12))
POSITIONS = st.builds(
    Position,
    on_hand=st.integers(0, 3000),
    on_order=st.floats(0, 200),
    undecided=st.integers(0, 60),
    accepted=st.integers(0, 20),
    not_ready=st.integers(0, 60),
    blocked=st.integers(0, 60),
    blind=st.sampled_from(["", "files was not read"]),
)
TERMS = st.builds(
    Terms,
    service_level=st.floats(0.5, 0.9999),
    review_period=st.floats(0.1, 20),
    floor=st.integers(1, 50),
    lead_time=st.floats(1, 60),
    yield_rate=st.floats(0.01, 1),
    decisions=st.floats(0, 200),
    drafting_days=st.floats(0, 1),
)
EXPERIENCES = st.builds(
    Experience,
    accepted=st.integers(-5, 500),
    decided=st.integers(-5, 500),
    lead_times=st.lists(st.floats(-10, 90) | st.just(math.nan), max_size=8).map(tuple),
    recent=st.integers(0, 60),
)


def _plan(demand: Tempo = QUIET, terms: Terms | None = None, experience: Experience | None = None, **here: Any) -> Plan:
    position = Position.model_validate({"on_hand": 0, "on_order": 0, **here})
    return plan("p", NOW, demand=demand, position=position, terms=terms or Terms(), experience=experience)


def _constraint(made: Plan) -> str:
    return made.constraint.partition(":")[0]


@settings(deadline=None)
@given(TEMPOS, POSITIONS, TERMS, EXPERIENCES)
def test_any_plan_is_sound(demand: Tempo, position: Position, terms: Terms, experience: Experience):
    made = plan("p", NOW, demand=demand, position=position, terms=terms, experience=experience)
    figures = (made.lead_time, made.yield_rate, made.safety_stock, made.demand.per_day, made.days_of_cover or 0.0)
    assert all(math.isfinite(figure) and figure >= 0 for figure in figures)
    assert terms.floor <= made.reorder_point < made.order_up_to
    assert 0 <= made.order <= max(0, made.ceiling - max(position.undecided, experience.recent))
    if position.blind or position.on_hand + position.on_order > made.reorder_point:
        assert made.order == 0
    assert made.next_review_at > NOW
    assert _constraint(made) in set(Constraint)
    assert made.reason


@settings(deadline=None)
@given(TEMPOS, POSITIONS, TERMS, EXPERIENCES, st.floats(1, 10))
def test_more_demand_never_means_a_smaller_order(
    demand: Tempo, position: Position, terms: Terms, experience: Experience, factor: float
):
    scaled = {"rate_variance": demand.rate_variance * factor**2, "drift": demand.drift * factor**2}
    faster = demand.having(per_day=demand.per_day * factor, **scaled)
    slow, fast = (
        plan("p", NOW, demand=one, position=position, terms=terms, experience=experience) for one in (demand, faster)
    )
    assert slow.reorder_point <= fast.reorder_point
    assert slow.order <= fast.order


@settings(deadline=None)
@given(TEMPOS, TERMS, st.floats(0.5, 0.99))
def test_a_higher_service_level_never_lowers_the_reorder_point(demand: Tempo, terms: Terms, level: float):
    low = levels(demand, terms.having(service_level=level), Experience())
    high = levels(demand, terms.having(service_level=min(level + 0.009, 0.9999)), Experience())
    assert low.reorder_point <= high.reorder_point


def test_the_order_is_made_at_the_reorder_point_and_not_above_it():
    s = _plan(on_hand=999).reorder_point
    assert _plan(on_hand=s).order > 0
    assert _plan(on_hand=s + 1).order == 0


def test_an_order_brings_the_position_to_the_level_at_the_expected_yield():
    made = _plan(on_hand=4, terms=Terms(decisions=50))
    assert made.order == math.ceil((made.order_up_to - 4) / made.yield_rate)
    assert _plan(on_hand=4, on_order=made.order * made.yield_rate, undecided=made.order).order == 0


def test_without_history_the_floor_is_ordered_and_the_plan_says_so():
    made = _plan(demand=Tempo())
    assert (made.reorder_point, made.order_up_to, made.order) == (3, 5, 9)
    assert _constraint(made) == "no history"
    assert "No history" in made.reason
    assert made.demand.basis == NO_HISTORY
    assert made.days_of_cover is None


def test_nothing_is_ordered_from_blindness():
    made = _plan(blind="files was not read")
    assert made.order == 0
    assert made.constraint == "blind: files was not read"
    assert made.reason.startswith("Blind: files was not read.")
    assert made.next_review_at < NOW + timedelta(days=1)


def test_overload_is_named_and_not_answered_with_more():
    limits = Terms(decisions=5)
    at_the_limit, beyond = (_plan(demand=QUIET.having(per_day=rate), terms=limits) for rate in (2.8, 40.0))
    assert _constraint(beyond) == "structural overload"
    assert "no larger order helps" in beyond.reason
    assert beyond.order == at_the_limit.order < limits.ceiling


def test_undecided_candidates_never_exceed_what_reviewers_can_decide():
    busy = QUIET.having(per_day=2.0)
    assert _plan(demand=busy, undecided=14, on_order=2.0).order <= 1
    assert _plan(demand=busy, undecided=15, on_order=2.0).order == 0


def test_a_morning_of_rejections_is_not_answered_with_a_second_helping():
    made = _plan(experience=Experience(recent=15))
    assert made.order == 0
    assert "15 were made within the last review period" in made.reason


def test_reviewers_set_to_zero_get_nothing_and_are_told():
    made = _plan(terms=Terms(decisions=0))
    assert (made.order, made.ceiling) == (0, 0)
    assert "No decisions are made" in made.reason


@pytest.mark.parametrize(
    ("here", "name"),
    [
        ({"on_hand": 40}, "healthy"),
        ({"blocked": 30}, "blocked stock"),
        ({"undecided": 14, "on_order": 8.4}, "reviewers' queue"),
        ({"not_ready": 20}, "drafts not ready"),
        ({}, "starving sources"),
        ({"blocked": 30, "blind": "git was not read"}, "blind"),
    ],
)
def test_exactly_one_constraint_is_named_with_its_figure(here: dict[str, Any], name: str):
    made = _plan(**here)
    assert made.constraint.startswith(f"{name}: ")
    assert len(made.constraint) > len(name) + 2


def test_one_start_ever_and_all_on_one_day_are_planned_for():
    from scout.buffer.demand import tempo

    for history in ([(date(2025, 1, 6), 1)], [(date(2026, 3, 2), 70)]):
        made = _plan(demand=tempo(history, NOW.date()))
        assert made.order <= made.ceiling
        assert math.isfinite(made.demand.per_day)


def test_a_full_buffer_is_looked_at_later_and_never_past_five_periods():
    soon, late = _plan(on_hand=_plan().reorder_point + 1), _plan(on_hand=500)
    assert soon.next_review_at < late.next_review_at
    assert Calendar().between(NOW, late.next_review_at) <= 5
    assert _plan(on_hand=500, demand=QUIET.having(per_day=100.0)).next_review_at < late.next_review_at


def test_holidays_move_the_next_look():
    closed = Calendar(holidays=frozenset({date(2026, 3, 4), date(2026, 3, 5)}))
    position = Position(on_hand=3, on_order=0)
    made = plan("p", NOW, demand=QUIET, position=position, terms=Terms(), calendar=closed)
    assert made.next_review_at == datetime(2026, 3, 6, 9, tzinfo=UTC)
    assert made.holidays == (date(2026, 3, 4), date(2026, 3, 5))


def test_the_yield_moves_from_the_setting_to_what_was_seen():
    assert shrunk_yield(0, 0, 0.6)[0] == pytest.approx(0.6)
    assert shrunk_yield(90, 100, 0.6)[0] == pytest.approx(0.873, abs=1e-3)
    assert 0 < shrunk_yield(0, 1000, 0.6)[0] < 0.01
    assert shrunk_yield(9, -4, 0.6)[0] == pytest.approx(0.6)


def test_impossible_lead_times_are_left_out():
    assert shrunk_lead_time((-3.0, math.nan, math.inf), 4.0) == shrunk_lead_time((), 4.0)
    mean, variance = shrunk_lead_time((10.0,) * 50, 4.0)
    assert 9 < mean < 10
    assert variance > 0


def _wrong() -> list[tuple[Callable[[], Terms], str]]:
    return [
        (lambda: Terms(service_level=1.0), "service_level = 1.0"),
        (lambda: Terms(yield_rate=0), "yield_rate = 0"),
        (lambda: Terms(review_period=math.nan), "review_period = nan"),
        (lambda: Terms(decisions=-1), "decisions = -1"),
        (lambda: Terms(floor=0), "floor = 0"),
        (lambda: Terms(lead_time=2, drafting_days=3), "lead time of 2 working days cannot hold 3"),
    ]


@pytest.mark.parametrize(("make", "words"), _wrong())
def test_settings_that_cannot_be_planned_with_are_a_clear_error(make: Callable[[], Terms], words: str):
    with pytest.raises(SettingsError, match=words):
        make()


def test_without_acceptance_one_candidate_at_a_time_is_offered():
    rejected = Experience(accepted=0, decided=30)
    assert _plan(experience=rejected).order == 1
    assert _plan(experience=rejected, undecided=1).order == 0


@pytest.mark.parametrize(("accepted", "decided"), [(0, 500), (500, 500)])
def test_yields_of_nothing_and_of_everything_are_planned_for(accepted: int, decided: int):
    made = _plan(experience=Experience(accepted=accepted, decided=decided))
    assert 0 < made.yield_rate <= 1
    assert 0 < made.order <= made.ceiling


def test_what_will_be_stale_protects_nobody():
    s = _plan(on_hand=999).reorder_point
    assert _plan(on_hand=s + 5).order == 0
    assert _plan(on_hand=s + 5, expiring=5).order > 0


def test_constant_demand_never_makes_orders_swing():
    """What is ordered settles between nothing and a day's batch: no order answers an order."""
    from scout.buffer.life import Life
    from scout.buffer.simulate import Circumstance, World, simulate

    life = Life()
    world = World((2,) * 120, Circumstance(6, yield_rate=1.0), stock=8)
    days = list(simulate(world, lambda day: life.order(day).count, 1))[60:]
    assert max(one.ordered for one in days) <= 6
    assert max(one.day.on_hand for one in days) - min(one.day.on_hand for one in days) <= 6
    assert not any(one.day.today.starved for one in days)


def test_a_plan_does_not_depend_on_the_order_of_rows():
    from scout.buffer.demand import tempo

    history = [(date(2026, 1, 5) + timedelta(days=number), number % 4) for number in range(50)]
    assert _plan(demand=tempo(history, NOW.date())) == _plan(demand=tempo(history[::-1], NOW.date()))


def test_a_quarter_without_work_is_no_demand_and_a_clock_that_jumps_no_history():
    from scout.buffer.demand import tempo

    busy = [(date(2025, 9, 1) + timedelta(days=number), 2) for number in range(60)]
    paused = _plan(demand=tempo(busy, date(2026, 3, 2)), on_hand=4)
    assert paused.order == 0
    future = _plan(demand=tempo([(date(2030, 1, 1), 9)], NOW.date()))
    assert _constraint(future) == "no history"


def test_refining_comes_first_where_a_decision_there_releases_more_and_the_plan_says_so():
    cheaper = _plan(not_ready=3, experience=Experience(refine_yield=0.9))
    assert cheaper.refine == 3
    assert "Refining first (3 of them rewrite tickets" in cheaper.reason
    assert "0.90 tickets" in cheaper.reason
    dearer = _plan(not_ready=3, experience=Experience(refine_yield=0.3))
    assert dearer.refine == 0
    assert "New candidates first" in dearer.reason
    assert _plan(not_ready=3).refine == 0


def test_demand_that_has_risen_is_named():
    from scout.buffer.clumps import clumps

    usual = Experience(clumps=clumps([1, 0] * 60))
    assert _constraint(_plan(experience=usual)) == "demand surge"
    assert _constraint(_plan(experience=Experience(clumps=clumps([1] * 120)))) == "starving sources"
