"""Each alarm rings once when it begins and is reported once when it is over."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scout.buffer.alarms import alarms, news
from scout.buffer.demand import Tempo
from scout.buffer.policy import plan
from scout.buffer.terms import Terms
from scout.model import AlarmKind, Plan, Position

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
BUSY = Tempo(days=100, starts=200, per_day=2.0, rate_variance=0.02, dispersion=1.2)


def _plan(day: int = 0, before: Plan | None = None, terms: Terms | None = None, **here: Any) -> Plan:
    position = Position.model_validate({"on_hand": 0, "on_order": 0, **here})
    made = plan("p", MONDAY + timedelta(days=day), demand=BUSY, position=position, terms=terms or Terms())
    return made.having(alarms=alarms(made, before))


def _kinds(made: Plan) -> set[AlarmKind]:
    return {one.kind for one in made.alarms}


def test_a_healthy_buffer_is_silent():
    assert not _plan(on_hand=14).alarms


def test_empty_is_believed_after_two_reads():
    assert AlarmKind.EMPTY not in _kinds(_plan(empty_reads=1))
    assert AlarmKind.EMPTY in _kinds(_plan(empty_reads=2))


def test_an_episode_rings_once_and_its_end_is_told():
    first = _plan(empty_reads=2)
    second = _plan(1, first, empty_reads=2)
    over = _plan(2, second, on_hand=14)
    assert AlarmKind.EMPTY in {one.kind for one in news(first, None).began}
    assert news(second, first) == news(second, second)
    assert {one.since for one in second.alarms if one.kind is AlarmKind.EMPTY} == {MONDAY}
    assert AlarmKind.EMPTY in {one.kind for one in news(over, second).ended}
    assert not news(over, second).began


def test_waiting_for_a_decision_is_told_apart_from_starving():
    assert AlarmKind.WAITING in _kinds(_plan(undecided=10, on_order=6.0))
    assert AlarmKind.STARVING not in _kinds(_plan(undecided=10, on_order=6.0))
    assert AlarmKind.STARVING in _kinds(_plan())
    assert AlarmKind.WAITING not in _kinds(_plan())


def test_below_s_is_what_the_order_cannot_mend():
    assert AlarmKind.BELOW not in _kinds(_plan(on_hand=12, terms=Terms(decisions=50)))
    assert AlarmKind.BELOW in _kinds(_plan(terms=Terms(decisions=0)))


def test_a_fast_fall_is_told_while_there_is_stock():
    full = _plan(on_hand=13)
    falling = _plan(1, full, on_hand=4)
    assert AlarmKind.FALLING in _kinds(falling)
    assert AlarmKind.FALLING in _kinds(_plan(1, falling, on_hand=4))
    assert AlarmKind.FALLING not in _kinds(_plan(3, falling, on_hand=12))
    assert AlarmKind.FALLING not in _kinds(_plan(1, full, on_hand=12))


def test_over_full_ends_lower_than_it_began():
    level = _plan().order_up_to
    full = _plan(on_hand=2 * level + 1)
    still = _plan(1, full, on_hand=int(1.5 * level))
    assert AlarmKind.OVERFULL in _kinds(full)
    assert AlarmKind.OVERFULL in _kinds(still)
    assert AlarmKind.OVERFULL not in _kinds(_plan(1, None, on_hand=int(1.5 * level)))
    assert AlarmKind.OVERFULL not in _kinds(_plan(2, still, on_hand=level))


@pytest.mark.parametrize("day", [1, 30])
def test_blindness_neither_begins_nor_ends_an_alarm(day: int):
    first = _plan(empty_reads=2)
    blind = _plan(day, first, blind="jira was not read")
    assert blind.alarms == first.alarms
    assert not _plan(blind="jira was not read").alarms
