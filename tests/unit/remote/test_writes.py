from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.remote.failure import LimitedError
from scout.remote.writes import Writes, recent, wait

LIMITS = ((60.5, 80), (3600.5, 500))


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_no_minute_holds_more_than_eighty_and_no_hour_more_than_five_hundred(tmp_path: Path):
    clock, sent = Clock(), list[float]()
    for _ in range(1200):
        Writes(tmp_path, "a", patience=4000, clock=lambda: clock.now, sleep=clock.sleep).take("host")
        sent.append(clock.now)
        clock.now += 0.1
    for span, most in ((60, 80), (3600, 500)):
        assert max(sum(begin <= one < begin + span for one in sent) for begin in sent) <= most


def test_longer_waits_are_left_to_the_next_run(tmp_path: Path):
    clock = Clock()
    for _ in range(2):
        Writes(tmp_path, "a", per_minute=2, patience=5, clock=lambda: clock.now, sleep=clock.sleep).take("host")
    with pytest.raises(LimitedError, match="As much was written to host as it allows"):
        Writes(tmp_path, "a", per_minute=2, patience=5, clock=lambda: clock.now, sleep=clock.sleep).take("host")


@given(st.lists(st.floats(0, 5000), max_size=600), st.floats(0, 5000))
def test_after_the_wait_there_is_room(moments: list[float], now: float):
    known = recent(sorted(moments), now)
    later = now + wait(known, now, LIMITS) + 0.001
    assert wait(recent(known, later), later, LIMITS) == 0


def test_a_clock_that_began_anew_forgets_what_it_cannot_know():
    assert recent([5000.0, 6000.0], 10.0) == []
