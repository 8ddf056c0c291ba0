"""One gate for all: what a server told one thread or process, all others obey."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.remote.budget import Budget
from scout.remote.call import Answer, Call
from scout.remote.failure import BrokenError, LimitedError, Lost
from scout.remote.gate import Gate, Permit, resource_of
from scout.remote.pausing import Stopped, called_off
from scout.remote.verdict import Again, Good, Refuse, Unchanged, Wait
from tests.unit.remote.scripted import START, Time, answer

READ = Call("/repos/acme/rocket/issues")
WRITE = Call("/repos/acme/rocket/issues", method="POST", reads=False)


def quiet(_: datetime) -> None:
    pass


def gate(folder: Path, time: Time, *, concurrency: int = 8, patience: float = 120, points: int = 900) -> Gate:
    budget = Budget(folder, "account", points_per_minute=points, clock=time, sleep=time.sleep)
    return Gate(budget, concurrency, patience, today=time.today)


def enter(one: Gate, call: Call = READ, waiting: Callable[[datetime], None] = quiet) -> Permit:
    return one.enter(call, "tracker.example", waiting)


def once(one: Gate, verdict: Wait | Good | Unchanged | Refuse | Again, told: Answer | None = None) -> float:
    return one.leave(enter(one), told or answer(), verdict)


def test_a_wait_holds_for_every_gate_of_the_account(tmp_path: Path):
    time = Time()
    first, second = gate(tmp_path, time), gate(tmp_path, time)
    once(first, Wait(30))
    enter(second)
    assert time.now - time.begin >= 30


def test_it_says_when_a_wait_ends_before_it_begins(tmp_path: Path):
    time = Time()
    one = gate(tmp_path, time)
    once(one, Wait(30))
    said: list[datetime] = []
    enter(one, waiting=said.append)
    assert said == [datetime(2026, 3, 1, 14, 0, 32, tzinfo=UTC)]


def test_a_wait_longer_than_our_patience_is_left_to_the_next_run(tmp_path: Path):
    time = Time()
    one = gate(tmp_path, time, patience=20)
    once(one, Wait(300))
    with pytest.raises(
        LimitedError, match=r"limit of requests to tracker\.example is reached until 2026-03-01 14:05:02 UTC"
    ) as caught:
        enter(one)
    assert (caught.value.until - START).total_seconds() == 302
    assert time.slept == []
    once_more = gate(tmp_path, time)
    assert once_more.concurrency == 8


def test_a_wait_as_long_as_our_patience_is_waited_for(tmp_path: Path):
    time = Time()
    one = gate(tmp_path, time, patience=60)
    once(one, Wait(60))
    enter(one)


def test_without_a_word_for_how_long_it_waits_longer_each_time(tmp_path: Path):
    time = Time()
    one = gate(tmp_path, time, patience=5000)
    assert [round(once(one, Wait(None))) for _ in range(8)] == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    once(one, Good())
    assert round(once(one, Wait(None))) == 60


def test_requests_under_way_together_count_as_one_complaint(tmp_path: Path):
    time = Time()
    one = gate(tmp_path, time)
    permits = [enter(one) for _ in range(8)]
    assert {round(one.leave(permit, answer(), Wait(None))) for permit in permits} == {60}
    assert one.concurrency == 4


def test_the_hours_limit_is_waited_for_without_halving(tmp_path: Path):
    time = Time()
    one = gate(tmp_path, time, patience=4000)
    reset = str(int(START.timestamp()) + 900)
    used_up = answer(403, x_ratelimit_remaining="0", x_ratelimit_limit="5000", x_ratelimit_reset=reset)
    once(one, Wait(901, primary=True), used_up)
    assert one.concurrency == 8
    enter(one, Call("/search/issues"))
    assert time.now == time.begin
    enter(one)
    assert time.now - time.begin >= 900


def test_a_used_up_hour_of_an_unknown_resource_stops_everything(tmp_path: Path):
    time = Time()
    one = gate(tmp_path, time, patience=4000)
    told = answer(
        403,
        x_ratelimit_remaining="0",
        x_ratelimit_limit="10",
        x_ratelimit_reset=str(int(START.timestamp()) + 900),
        x_ratelimit_resource="dependency_sbom",
    )
    once(one, Wait(901, primary=True), told)
    enter(one)
    assert time.now - time.begin >= 900


def test_it_stops_where_the_share_for_people_begins(tmp_path: Path):
    time = Time()
    one = gate(tmp_path, time, patience=10)
    reset = str(int(START.timestamp()) + 900)
    once(one, Good(), answer(x_ratelimit_remaining="1000", x_ratelimit_limit="5000", x_ratelimit_reset=reset))
    with pytest.raises(LimitedError):
        enter(one)


@pytest.mark.parametrize("limit", ["0", "many", "²", "9" * 5000])
def test_limits_that_make_no_sense_are_no_limits(tmp_path: Path, limit: str):
    one = gate(tmp_path, Time(), patience=0)
    told = answer(x_ratelimit_remaining=limit, x_ratelimit_limit=limit, x_ratelimit_reset="1772373600")
    once(one, Good(), told)
    enter(one)


def test_points_of_the_minute_are_waited_for(tmp_path: Path):
    time = Time()
    one = gate(tmp_path, time, points=10)
    for _ in range(24):
        once(one, Good())
    assert 120 <= time.now - time.begin <= 130


def test_one_write_at_a_time(tmp_path: Path):
    one = gate(tmp_path, Time())
    first = enter(one, WRITE)
    entered = Event()

    def second() -> None:
        permit = enter(one, WRITE)
        entered.set()
        one.leave(permit, answer(), Good())

    thread = Thread(target=second, daemon=True)
    thread.start()
    one.leave(enter(one), answer(), Good())
    assert not entered.is_set()
    one.leave(first, answer(201), Good())
    thread.join(10)
    assert entered.is_set()


def test_never_more_at_once_than_allowed(tmp_path: Path):
    one = gate(tmp_path, Time(), concurrency=2)
    under_way: list[int] = []
    most: list[int] = []

    def work() -> None:
        for _ in range(20):
            permit = enter(one)
            under_way.append(1)
            most.append(len(under_way))
            under_way.pop()
            one.leave(permit, answer(), Good())

    threads = [Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) <= 2


def test_work_that_is_called_off_does_not_send(tmp_path: Path):
    one = gate(tmp_path, Time())
    event = Event()
    event.set()
    token = called_off.set(event)
    try:
        with pytest.raises(Stopped):
            enter(one)
    finally:
        called_off.reset(token)


def test_an_open_breaker_refuses_at_once(tmp_path: Path):
    one = gate(tmp_path, Time())
    for _ in range(5):
        one.breaker.failed(Lost("its name has no address", remedy="Check `url`."), answered=False)
        one.breaker.exhausted()
    with pytest.raises(BrokenError) as caught:
        enter(one)
    what = "tracker.example kept failing (its name has no address), so it is not asked for another 30 seconds."
    assert (caught.value.what, caught.value.remedy) == (what, "Check `url`.")


@pytest.mark.parametrize(
    ("path", "resource"),
    [("/repos/a/search", "core"), ("/search/issues", "search"), ("/graphql", "graphql"), ("/", "core"), ("", "core")],
)
def test_resources_have_limits_of_their_own(path: str, resource: str):
    assert resource_of(path) == resource


verdicts = st.one_of(
    st.builds(Wait, st.one_of(st.none(), st.floats(0.1, 90))), st.just(Good()), st.just(Again("x")), st.just(Refuse())
)


@given(st.lists(st.tuples(st.integers(0, 2), verdicts), max_size=30))
def test_nobody_sends_before_a_wait_is_over(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[int, Wait | Good | Again | Refuse]]
):
    time = Time()
    folder = tmp_path_factory.mktemp("limits")
    gates = [gate(folder, time, patience=10_000) for _ in range(3)]
    until = 0.0
    for which, verdict in events:
        permit = enter(gates[which])
        assert permit.sent >= until
        seconds = gates[which].leave(permit, answer(), verdict)
        asked = verdict.seconds if isinstance(verdict, Wait) else None
        assert seconds >= (asked or 0)
        until = max(until, time.now + (asked or 0))


def test_whoever_waits_for_a_place_does_not_send_when_called_off_meanwhile(tmp_path: Path):
    one = gate(tmp_path, Time(), concurrency=1)
    first = enter(one)
    event, ended = Event(), Event()

    def second() -> None:
        called_off.set(event)
        with pytest.raises(Stopped):
            enter(one)
        ended.set()

    thread = Thread(target=second, daemon=True)
    thread.start()
    event.set()
    one.leave(first, answer(), Good())
    assert ended.wait(10)
    enter(one)
