"""Never more points in any minute than allowed, however requests are sent, answered, or killed."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from scout.remote.window import HOLD, MINUTE, Limits, Mark, Meter, Pause, Reading, Window, settle, spent, take

LIMITS = Limits(points=10, reserve=0.0)

steps = st.lists(
    st.tuples(
        st.one_of(st.just(0.0), st.floats(0, 30)),  # time that passes before
        st.sampled_from([1, 1, 1, 5]),  # points
        st.floats(0, HOLD),  # time until the answer
        st.floats(0, 1),  # when in between it arrives
        st.booleans(),  # whether its process is killed before the answer
    ),
    max_size=60,
)


def strictly(arrived: Sequence[tuple[float, int]]) -> int:
    """Return the most points that a server with a sliding minute has counted."""
    return max(
        (sum(points for at, points in arrived if start <= at <= start + MINUTE) for start, _ in arrived), default=0
    )


@given(steps)
def test_a_strict_server_never_counts_more_than_allowed(wanted: list[tuple[float, int, float, float, bool]]):
    window, now = Window(), 1000.0
    under_way: list[tuple[float, Mark]] = []
    arrived: list[tuple[float, int]] = []
    for passes, points, lasts, share, killed in wanted:
        now += passes
        while True:
            for end, mark in sorted(under_way, key=lambda one: one[0]):
                if end <= now:
                    window = settle(window, end, mark, Reading())
            under_way = [one for one in under_way if one[0] > now]
            window, taken = take(window, now, points, "core", LIMITS)
            if isinstance(taken, Mark):
                break
            assert taken.until > now
            now = min([taken.until, *(end for end, _ in under_way)])
        arrived.append((now + share * lasts, points))
        if not killed:
            under_way.append((now + lasts, taken))
    assert strictly(arrived) <= 10


@given(st.integers(1, 50))
def test_a_burst_may_use_the_whole_minute_at_once(most: int):
    window = Window()
    for _ in range(most):
        window, taken = take(window, 5.0, 1, "core", Limits(most, 0))
        assert isinstance(taken, Mark)
        window = settle(window, 5.0, taken, Reading())
    _, taken = take(window, 5.0, 1, "core", Limits(most, 0))
    assert isinstance(taken, Pause)
    assert 65 < taken.until < 67


def test_a_wait_for_requests_under_way_is_no_longer_than_a_minute():
    window, _ = take(Window(), 5.0, 10, "core", LIMITS)
    _, taken = take(window, 5.0, 1, "core", LIMITS)
    assert isinstance(taken, Pause)
    assert taken.until < 67


def test_a_write_that_costs_more_than_is_allowed_is_let_through_alone():
    window, taken = take(Window(), 5.0, 5, "core", Limits(3, 0))
    assert isinstance(taken, Mark)
    assert isinstance(take(window, 6.0, 5, "core", Limits(3, 0))[1], Pause)
    assert isinstance(take(window, 5.0 + HOLD + 62, 5, "core", Limits(3, 0))[1], Mark)


def test_without_points_only_waits_count():
    window = spent(5.0, Limits(None, 0.2))
    for _ in range(2000):
        window, taken = take(window, 5.0, 1, "core", Limits(None, 0.2))
        assert isinstance(taken, Mark)


def test_a_share_of_the_hour_is_left_for_people():
    window = Window(meters={"core": Meter(1001, 5000, 3000.0)})
    window, first = take(window, 5.0, 1, "core", Limits(900, 0.2))
    assert isinstance(first, Mark)
    assert take(window, 5.0, 1, "core", Limits(900, 0.2))[1] == Pause(3000.0)
    assert isinstance(take(window, 5.0, 1, "search", Limits(900, 0.2))[1], Mark)
    assert isinstance(take(window, 3000.0, 1, "core", Limits(900, 0.2))[1], Mark)


@given(st.permutations(range(8)), st.integers(8, 20))
def test_the_hours_limit_is_never_overdrawn_by_answers_that_overtake_each_other(order: list[int], left: int):
    window, marks = Window(meters={"core": Meter(left, 100, 3000.0)}), list[Mark]()
    for _ in range(8):
        window, taken = take(window, 5.0, 1, "core", Limits(900, 0))
        assert isinstance(taken, Mark)
        marks.append(taken)
    for i in order:
        told = Meter(left - 1 - i, 100, 3000.5)
        window = settle(window, 6.0, marks[i], Reading("core", told))
    more = 0
    while isinstance((result := take(window, 7.0, 1, "core", Limits(900, 0)))[1], Mark):
        window, more = result[0], more + 1
    assert more == left - 8


def test_what_costs_nothing_is_given_back():
    window = Window(meters={"core": Meter(50, 100, 3000.0)})
    for _ in range(40):
        window, taken = take(window, 5.0, 1, "core", Limits(900, 0))
        assert isinstance(taken, Mark)
        window = settle(window, 5.0, taken, Reading("core", Meter(50, 100, 3000.0), free=True))
    assert window.meters["core"].remaining == 50


def test_a_new_hour_begins_with_a_whole_limit_and_late_answers_of_the_old_one_change_nothing():
    window, mark = take(Window(meters={"core": Meter(2, 100, 50.0)}), 49.0, 1, "core", Limits(900, 0))
    assert isinstance(mark, Mark)
    window = settle(window, 51.0, mark, Reading("core", Meter(99, 100, 3650.0)))
    window = settle(window, 51.0, mark, Reading("core", Meter(0, 100, 50.0)))
    assert window.meters["core"] == Meter(99, 100, 3650.0)


def test_that_nothing_is_left_counts_though_more_was_told_for_longer():
    window, mark = take(Window(meters={"core": Meter(90, 100, 3650.0)}), 49.0, 1, "core", Limits(900, 0))
    assert isinstance(mark, Mark)
    window = settle(window, 50.0, mark, Reading("core", Meter(0, 100, 100.0)))
    assert take(window, 51.0, 1, "core", Limits(900, 0))[1] == Pause(100.0)
    assert isinstance(take(window, 101.0, 1, "core", Limits(900, 0))[1], Mark)


def test_a_wait_is_never_shortened():
    window, mark = take(Window(), 5.0, 1, "core", LIMITS)
    assert isinstance(mark, Mark)
    window = settle(window, 6.0, mark, Reading(blocked=100.0))
    window = settle(window, 6.0, mark, Reading(blocked=50.0))
    assert take(window, 99.0, 1, "search", LIMITS)[1] == Pause(100.0)
    assert isinstance(take(window, 100.0, 1, "core", LIMITS)[1], Mark)
