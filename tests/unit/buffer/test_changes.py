"""Since when the pace is another one."""

import random
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from scout.buffer.changes import changes
from tests.bench.bench_demand import drawn


def test_a_tenfold_step_is_found_where_it_was():
    for number in range(10):
        chance = random.Random(number)  # noqa: S311 - a seeded world
        counts = [drawn(chance, 1 if day < 100 else 10, 1) for day in range(130)]
        days = [date(2026, 1, 1) + timedelta(day) for day in range(130)]
        [*_, last] = changes(counts, days)
        assert abs(last.place - 100) <= 3
        assert last.day == days[last.place]
        assert last.before < 3 < last.after


def test_a_stop_is_found():
    [one] = changes([3] * 60 + [0] * 30)
    assert (one.place, one.after, one.day) == (60, 0.0, None)


def test_a_steady_pace_is_no_change_and_a_lone_burst_hardly_ever():
    steady = lone = 0
    for number in range(20):
        chance = random.Random(number)  # noqa: S311 - a seeded world
        steady += len(changes([drawn(chance, 3, 1) for _ in range(250)]))
        lone += len(changes([4 * (chance.random() < 1 / 7) for _ in range(250)]))
    assert steady == 0
    assert lone <= 20 * 250 / 1000


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 500), max_size=120))
def test_changes_come_in_order_and_within_the_history(counts: list[int]):
    places = [one.place for one in changes(counts)]
    assert places == sorted(set(places))
    assert all(0 < place < len(counts) for place in places)
