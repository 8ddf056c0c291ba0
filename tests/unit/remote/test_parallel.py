"""Many at once: bounded, in any order, and nothing left running."""

import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import partial
from threading import Barrier, Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.remote.parallel import WAITING, gathered
from scout.remote.pausing import check, pause


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    yield
    assert [thread.name for thread in threading.enumerate() if thread.name == "scout-remote"] == []


def fail(error: BaseException) -> None:
    raise error


@given(st.lists(st.integers(), max_size=60), st.integers(1, 12))
def test_everything_is_done_once(values: list[int], workers: int):
    work: list[Callable[[], int]] = [partial(abs, value) for value in values]
    assert sorted(gathered(work, workers)) == sorted(map(abs, values))


def test_as_many_at_once_as_there_are_workers():
    together = Barrier(4)
    assert len({*gathered([partial(together.wait, 10)] * 4, 4)}) == 4


def test_results_come_as_they_end():
    slow = Event()

    def first() -> str:
        assert slow.wait(10)
        return "first"

    results = gathered([first, lambda: "second"], 2)
    assert next(results) == "second"
    slow.set()
    assert list(results) == ["first"]


def test_it_never_runs_far_ahead_of_whoever_takes_the_results():
    read: list[int] = []

    def work() -> Iterator[Callable[[], int]]:
        for number in range(1000):
            read.append(number)
            yield partial(abs, number)

    results = gathered(work(), 3)
    for taken in range(1, 50):
        next(results)
        assert len(read) <= taken + 3 * (1 + WAITING)
    list(results)
    assert len(read) == 1000


def test_nothing_begins_before_the_first_result_is_wanted():
    begun: list[int] = []
    gathered([partial(begun.append, 1)], 1)
    assert begun == []


def test_the_first_error_ends_it_after_what_is_under_way():
    ended: list[str] = []
    failed, entered = Event(), Event()

    def slow() -> None:
        entered.set()
        assert failed.wait(10)
        ended.append("slow")

    def broken() -> None:
        assert entered.wait(10)
        failed.set()
        fail(ZeroDivisionError())

    begun: list[int] = []
    with pytest.raises(ZeroDivisionError):
        list(gathered([slow, broken, *[partial(begun.append, 1)] * 100], 2))
    assert ended == ["slow"]
    assert len(begun) < 100


def test_stopping_early_wakes_those_who_wait():
    entered = Event()

    def wait() -> None:
        entered.set()
        pause(1000)

    results = gathered([lambda: None, wait], 2)
    next(results)
    assert entered.wait(10)
    results.close()


def test_an_error_wakes_those_who_wait():
    entered = Event()

    def wait() -> None:
        entered.set()
        pause(1000)

    def broken() -> None:
        assert entered.wait(10)
        fail(ZeroDivisionError())

    with pytest.raises(ZeroDivisionError):
        list(gathered([wait, broken], 2))


def test_a_defect_in_the_list_of_work_ends_it():
    def work() -> Iterator[Callable[[], int]]:
        yield partial(abs, 1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(gathered(work(), 4))


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), ValueError()])
def test_whatever_a_thread_raises_reaches_the_caller(error: BaseException):
    with pytest.raises(type(error)):
        list(gathered([partial(fail, error)], 2))
    for thread in threading.enumerate():
        if thread.name == "scout-remote":
            thread.join(10)


def test_threads_see_the_callers_context():
    whose: ContextVar[str] = ContextVar("whose", default="nobody")
    token = whose.set("rocket")
    try:
        assert list(gathered([whose.get] * 3, 2)) == ["rocket"] * 3
    finally:
        whose.reset(token)


def test_outside_of_it_nothing_is_called_off():
    check()
    pause(0)


def test_work_may_itself_gather():
    def inner() -> int:
        return sum(gathered([partial(abs, 1)] * 5, 2))

    assert sum(gathered([inner] * 5, 3)) == 25
