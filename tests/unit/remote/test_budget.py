"""The record of the last minute: shared, small, and safe when lost or broken."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scout.errors import StoreError
from scout.remote.budget import Budget
from scout.remote.window import Mark, Pause, Reading
from tests.unit.remote.scripted import Time


def budget(folder: Path, time: Time, points: int | None = 100, reserve: float = 0.2) -> Budget:
    return Budget(folder, "account", points_per_minute=points, reserve=reserve, clock=time, sleep=time.sleep)


def open_files() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


def drain(one: Budget) -> int:
    """Return how many requests may be sent now."""
    sent = 0
    while isinstance(mark := one.take(1), Mark):
        one.settle(mark, Reading())
        sent += 1
    return sent


def test_all_processes_share_a_minute_and_leave_the_reserve(tmp_path: Path):
    time = Time()
    first, second = budget(tmp_path, time), budget(tmp_path, time)
    assert isinstance(first.take(30), Mark)
    assert isinstance(second.take(30), Mark)
    assert drain(first) == 20
    assert isinstance(second.take(1), Pause)


def test_threads_never_take_more_than_there_is(tmp_path: Path):
    time = Time()
    budgets = [budget(tmp_path, time) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(drain, budgets)) == 80


def test_a_wait_reaches_everybody(tmp_path: Path):
    time = Time()
    first, second = budget(tmp_path, time), budget(tmp_path, time, points=None)
    mark = first.take(1)
    assert isinstance(mark, Mark)
    first.settle(mark, Reading(blocked=time.now + 30))
    assert second.take(1) == Pause(time.now + 30)
    time.sleep(30)
    assert isinstance(second.take(1), Mark)


def test_accounts_have_nothing_to_do_with_each_other(tmp_path: Path):
    time = Time()
    drain(budget(tmp_path, time))
    other = Budget(tmp_path, "../an other/account", points_per_minute=100, clock=time)
    assert drain(other) == 80
    assert {path.parent for path in tmp_path.rglob("*")} == {tmp_path}


def test_the_file_is_private_and_stays_under_a_page_of_memory(tmp_path: Path):
    time = Time(123_456_789.0)
    one = budget(tmp_path / "limits", time, points=900)
    for _ in range(300):
        assert isinstance(one.take(1), Mark)  # never settled: as after a killed process
        mark = one.take(1)
        assert isinstance(mark, Mark)
        one.settle(mark, Reading())
        time.sleep(1)
    path = tmp_path / "limits" / "account.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_size < 4096


def test_a_lost_file_is_written_again_from_what_is_known(tmp_path: Path):
    time = Time()
    one = budget(tmp_path, time)
    assert drain(one) == 80
    (tmp_path / "account.json").unlink()
    assert isinstance(one.take(1), Pause)


@pytest.mark.parametrize(
    "text", ["{", "[]", "null", '{"version": 9}', '{"version": 1, "used": 3}', "\0\0", "[" * 99_000]
)
def test_a_broken_file_counts_as_a_minute_used_up(tmp_path: Path, text: str):
    (tmp_path / "account.json").write_text(text)
    time = Time()
    one = budget(tmp_path, time)
    pause = one.take(1)
    assert isinstance(pause, Pause)
    assert pause.until - time.now < 62
    time.sleep(62)
    assert drain(one) == 80
    assert json.loads((tmp_path / "account.json").read_text())["version"] == 1


def test_an_empty_file_is_a_new_one(tmp_path: Path):
    (tmp_path / "account.json").touch()
    assert drain(budget(tmp_path, Time())) == 80


def test_after_a_restart_of_the_machine_its_clock_begins_anew(tmp_path: Path):
    drain(budget(tmp_path, Time(5000.0)))
    assert drain(budget(tmp_path, Time(20.0))) == 80


def test_a_wait_of_years_is_not_believed(tmp_path: Path):
    text = '{"version": 1, "at": 1.0, "blocked": 1e300, "used": [], "meters": {}}'
    (tmp_path / "account.json").write_text(text)
    assert drain(budget(tmp_path, Time())) == 80


def test_a_folder_that_cannot_be_written_is_an_error_with_a_remedy(tmp_path: Path):
    (tmp_path / "limits").write_text("a file where a folder is due")
    with pytest.raises(StoreError, match="cannot be written"):
        budget(tmp_path / "limits", Time()).take(1)


def test_no_descriptor_is_left_open(tmp_path: Path):
    before = open_files()
    drain(budget(tmp_path, Time()))
    assert open_files() == before
