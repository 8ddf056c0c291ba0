import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.buffer.cadence import next_look
from scout.model import Position

PACE = st.floats(0.005, 500)
COUNT = st.integers(0, 500)


def _look(on_hand: int, on_order: float = 0.0, *, pace: float = 1.0, s: int = 3, blind: str = "") -> float:
    return next_look(Position(on_hand=on_hand, on_order=on_order, blind=blind), pace, s, 1.0)


@given(COUNT, st.floats(0, 500), PACE, st.integers(1, 500))
def test_it_is_hours_to_a_week_away(on_hand: int, on_order: float, pace: float, s: int):
    assert 0.25 <= _look(on_hand, on_order, pace=pace, s=s) <= 5


@given(COUNT, st.floats(0, 500), PACE, st.integers(1, 500))
def test_whoever_is_faster_is_never_looked_at_later(on_hand: int, on_order: float, pace: float, s: int):
    assert _look(on_hand, on_order, pace=10 * pace, s=s) <= _look(on_hand, on_order, pace=pace, s=s)


@given(COUNT, COUNT, PACE)
def test_more_on_the_shelf_never_brings_the_look_forward_once_s_is_passed(few: int, more: int, pace: float):
    assert _look(4 + few, pace=pace) <= _look(4 + few + more, pace=pace)


@pytest.mark.parametrize(
    ("look", "days"),
    [
        (_look(500, pace=0.1), 5.0),  # plenty
        (_look(13), 5.0),  # ten above s
        (_look(7), 2.0),  # four above s
        (_look(0, 20), 0.25),  # all of it still on order
        (_look(0, pace=0.3), 0.5 / 0.3 / 2),  # empty, but slow
        (_look(3), 1.0),  # at s
        (_look(500, blind="git was not read"), 0.25),
    ],
)
def test_the_sooner_of_reaching_s_and_running_dry_decides(look: float, days: float):
    assert look == pytest.approx(days)
