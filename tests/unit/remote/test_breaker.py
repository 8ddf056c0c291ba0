"""A server that is down is left alone, and asked again by one."""

from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from threading import Event

import pytest

from scout.remote.breaker import EXHAUSTED, FIRST, LONGEST, LOST, Breaker
from scout.remote.failure import Lost
from scout.remote.pausing import Stopped, called_off
from tests.unit.remote.scripted import Time

LOSS = Lost("the connection was refused")


def opened() -> tuple[Breaker, Time]:
    time = Time()
    breaker = Breaker(time)
    for _ in range(EXHAUSTED):
        assert breaker.admit() == 0
        breaker.exhausted()
    return breaker, time


def test_it_opens_after_calls_in_a_row_that_used_up_their_attempts():
    assert opened()[0].admit() == FIRST


def test_one_answer_in_between_begins_the_count_anew():
    breaker = Breaker(Time())
    for _ in range(3 * EXHAUSTED):
        breaker.exhausted()
        breaker.alive()
    assert breaker.admit() == 0


def test_it_opens_when_no_attempt_brings_an_answer():
    breaker = Breaker(Time())
    for _ in range(LOST - 1):
        breaker.failed(LOSS, answered=False)
    assert breaker.admit() == 0
    breaker.failed(LOSS, answered=False)
    assert breaker.admit() == FIRST


def test_errors_of_a_server_that_answers_are_no_lost_connections():
    breaker = Breaker(Time())
    for _ in range(3 * LOST):
        breaker.failed(LOSS, answered=False)
        breaker.failed(LOSS, answered=True)
    assert breaker.admit() == 0


def test_after_a_while_one_attempt_decides():
    breaker, time = opened()
    time.sleep(FIRST)
    assert breaker.admit() == 0
    assert breaker.admit() > 0, "without patience nobody waits"
    breaker.alive()
    assert breaker.admit() == 0


def test_a_failed_trial_opens_it_for_longer_up_to_a_bound():
    breaker, time = opened()
    spans = list[float]()
    for _ in range(5):
        time.sleep(breaker.admit())
        assert breaker.admit() == 0
        breaker.failed(LOSS, answered=True)
        spans.append(breaker.admit())
    assert spans == [120.0, 480.0, LONGEST, LONGEST, LONGEST]


def test_what_was_under_way_when_it_opened_does_not_keep_it_open_longer():
    breaker, time = opened()
    for _ in range(20):
        breaker.exhausted()
        breaker.failed(LOSS, answered=False)
    assert breaker.admit() == FIRST
    time.sleep(FIRST)
    assert breaker.admit() == 0


@pytest.mark.parametrize("comes_back", [True, False])
def test_the_others_wait_for_the_end_of_the_trial_and_share_it(*, comes_back: bool):
    breaker, time = opened()
    time.sleep(FIRST)
    assert breaker.admit() == 0
    with ThreadPoolExecutor(4) as pool:
        others = [pool.submit(breaker.admit, 60.0) for _ in range(4)]
        assert not any(_is_done(other) for other in others)
        if comes_back:
            breaker.alive()
        else:
            breaker.failed(LOSS, answered=False)
        assert [other.result(10) for other in others] == [0 if comes_back else 4 * FIRST] * 4


def test_a_trial_that_is_not_made_is_made_by_the_next():
    breaker, time = opened()
    time.sleep(FIRST)
    assert breaker.admit() == 0
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(breaker.admit, 60.0)
        breaker.withdrawn()
        assert other.result(10) == 0
    assert breaker.admit() > 0, "the other one's trial has not ended"


def test_only_the_attempt_that_is_the_trial_decides():
    breaker, time = opened()
    time.sleep(FIRST)
    assert breaker.admit() == 0
    with ThreadPoolExecutor(1) as pool:
        pool.submit(breaker.failed, LOSS, answered=False).result(10)
        pool.submit(breaker.withdrawn).result(10)
    breaker.alive()
    assert breaker.admit() == 0


def test_nobody_waits_for_a_trial_beyond_their_patience():
    breaker, time = opened()
    time.sleep(FIRST)
    assert breaker.admit() == 0
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(breaker.admit, 5.0)
        time.sleep(5)
        assert other.result(10) > 0


def test_who_waits_for_a_trial_can_be_called_off():
    breaker, time = opened()
    time.sleep(FIRST)
    assert breaker.admit() == 0
    event, context = Event(), copy_context()
    context.run(called_off.set, event)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(context.run, breaker.admit, 60.0)
        event.set()
        with pytest.raises(Stopped):
            other.result(10)


def _is_done(other: "Future[float]") -> bool:
    """Return whether a thread came back, after it had time enough to."""
    try:
        other.result(0.05)
    except TimeoutError:
        return False
    return True
