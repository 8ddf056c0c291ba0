"""How many at once: halved once for each complaint, grown one by one, untouched in the normal case."""

from hypothesis import given
from hypothesis import strategies as st

from scout.remote.pace import Pace


def rounds(pace: Pace, seconds: float, count: int) -> None:
    for _ in range(count):
        for _ in range(max(4, pace.limit)):
            pace.answered(seconds)


def test_it_begins_with_what_is_allowed():
    assert Pace(8).limit == 8
    assert Pace(1).limit == 1


def test_one_complaint_about_many_requests_halves_once():
    pace = Pace(8)
    assert [pace.limited(sent=1.0, now=2.0 + i / 10) for i in range(8)] == [True] + [False] * 7
    assert pace.limit == 4
    assert pace.limited(sent=3.0, now=4.0)
    assert pace.limit == 2


def test_it_grows_again_by_one_a_round():
    pace = Pace(8)
    pace.limited(1.0, 2.0)
    rounds(pace, 0.1, 1)
    assert pace.limit == 5
    rounds(pace, 0.1, 10)
    assert pace.limit == 8


def test_a_server_that_slows_down_is_asked_less_but_never_starved():
    pace = Pace(8)
    rounds(pace, 0.1, 5)
    rounds(pace, 5.0, 1)
    assert pace.limit == 6
    rounds(pace, 5.0, 20)
    assert pace.limit == 2


def test_a_server_that_stays_slower_is_believed_after_a_while():
    pace = Pace(8)
    rounds(pace, 0.1, 5)
    rounds(pace, 5.0, 200)
    assert pace.limit == 8


@given(st.lists(st.floats(0.0, 1.0), max_size=300))
def test_ordinary_answers_change_nothing(answers: list[float]):
    pace = Pace(8)
    for seconds in answers:
        pace.answered(seconds)
    assert pace.limit == 8


@given(st.integers(1, 16), st.lists(st.tuples(st.booleans(), st.floats(0, 100), st.floats(0, 100))))
def test_it_always_stays_between_one_and_what_is_allowed(most: int, events: list[tuple[bool, float, float]]):
    pace = Pace(most)
    for complaint, sent, seconds in events:
        if complaint:
            pace.limited(sent, sent + seconds)
        else:
            pace.answered(seconds)
        assert 1 <= pace.limit <= most
