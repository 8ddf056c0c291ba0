"""A server that is down is left alone, and asked again by one."""

from scout.remote.breaker import EXHAUSTED, FIRST, LONGEST, LOST, Breaker
from scout.remote.failure import Lost
from tests.unit.remote.scripted import Time

LOSS = Lost("the connection was refused")


def opened() -> tuple[Breaker, Time]:
    time = Time()
    breaker = Breaker(time)
    for _ in range(EXHAUSTED):
        assert breaker.refuses() == 0
        breaker.exhausted()
    return breaker, time


def test_it_opens_after_calls_in_a_row_that_used_up_their_attempts():
    assert opened()[0].refuses() == FIRST


def test_one_answer_in_between_begins_the_count_anew():
    breaker = Breaker(Time())
    for _ in range(3 * EXHAUSTED):
        breaker.exhausted()
        breaker.alive()
    assert breaker.refuses() == 0


def test_it_opens_when_no_attempt_brings_an_answer():
    breaker = Breaker(Time())
    for _ in range(LOST - 1):
        breaker.failed(LOSS, answered=False)
    assert breaker.refuses() == 0
    breaker.failed(LOSS, answered=False)
    assert breaker.refuses() == FIRST


def test_errors_of_a_server_that_answers_are_no_lost_connections():
    breaker = Breaker(Time())
    for _ in range(3 * LOST):
        breaker.failed(LOSS, answered=False)
        breaker.failed(LOSS, answered=True)
    assert breaker.refuses() == 0


def test_after_a_while_one_attempt_decides():
    breaker, time = opened()
    time.sleep(FIRST)
    assert breaker.refuses() == 0
    assert breaker.refuses() > 0
    breaker.alive()
    assert breaker.refuses() == 0


def test_a_failed_probe_opens_it_for_longer_up_to_a_bound():
    breaker, time = opened()
    spans = list[float]()
    for _ in range(5):
        time.sleep(breaker.refuses())
        assert breaker.refuses() == 0
        breaker.failed(LOSS, answered=True)
        spans.append(breaker.refuses())
    assert spans == [120.0, 480.0, LONGEST, LONGEST, LONGEST]


def test_what_was_under_way_when_it_opened_does_not_keep_it_open_longer():
    breaker, time = opened()
    for _ in range(20):
        breaker.exhausted()
        breaker.failed(LOSS, answered=False)
    assert breaker.refuses() == FIRST
    time.sleep(FIRST)
    assert breaker.refuses() == 0
