"""`sources.json`: answers without DuckDB, believed only for exactly the file it was written for."""

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from scout.model import Outcome
from scout.warehouse.freshness import Ending, Freshness, StreamAge, replace_file
from tests.unit.warehouse.rows import NOW


@pytest.fixture
def freshness(tmp_path: Path) -> Freshness:
    (tmp_path / "warehouse.duckdb").write_bytes(b"rows")
    freshness = Freshness(tmp_path / "sources.json")
    freshness.settle("w1", None)
    freshness.record("alpha", "git", Ending(), at=NOW, cursor={"head": "c1"})
    return freshness


def test_neither_freshness_nor_snapshot_loads_duckdb():
    script = (
        "import sys, scout.warehouse.freshness, scout.warehouse.snapshot\n"
        "print(sorted({'duckdb', 'pyarrow', 'sqlalchemy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_cursor_is_known_while_the_warehouse_is_the_same(freshness: Freshness):
    assert freshness.cursor("alpha", "git") == {"head": "c1"}
    assert freshness.cursor("alpha", "files") is None
    assert freshness.cursor("beta", "git") is None


def test_a_deleted_warehouse_is_pulled_again_from_the_start(freshness: Freshness):
    freshness.warehouse.unlink()
    assert freshness.cursor("alpha", "git") is None
    assert freshness.cursors("alpha") is None
    assert freshness.states("alpha")["git"].fetched_at == NOW


def test_a_warehouse_that_somebody_replaced_is_asked_itself(freshness: Freshness):
    content = freshness.warehouse.read_bytes()
    freshness.warehouse.unlink()
    freshness.warehouse.write_bytes(content)
    os.utime(freshness.warehouse, ns=(1, 1))
    assert freshness.cursor("alpha", "git") is None


def test_a_write_to_a_warehouse_that_was_not_the_known_one_takes_its_cursors(freshness: Freshness):
    freshness.record("alpha", "files", Ending(), at=NOW, cursor={"n": 1})
    freshness.warehouse.write_bytes(b"other rows")
    freshness.settle("w2", {"alpha": {"git": {"head": "c0"}}})
    assert freshness.cursor("alpha", "git") == {"head": "c0"}
    assert freshness.cursor("alpha", "files") is None
    assert not freshness.believed("w1")
    assert freshness.believed("w2")


def test_a_failed_try_keeps_the_age_and_the_cursor(freshness: Freshness):
    later = NOW + timedelta(hours=2)
    state = freshness.record("alpha", "git", Ending(outcome=Outcome.UNAVAILABLE, reason="No network."), at=later)
    assert (state.fetched_at, state.tried_at, state.outcome) == (NOW, later, Outcome.UNAVAILABLE)
    assert freshness.states("alpha")["git"] == state
    assert freshness.cursor("alpha", "git") == {"head": "c1"}


def test_a_source_that_was_never_read_has_no_age(freshness: Freshness):
    state = freshness.record("beta", "git", Ending(outcome=Outcome.ERROR, reason="Odd answer."), at=NOW)
    assert state.fetched_at is None
    assert freshness.cursors("beta") == {}


def test_a_source_that_was_read_and_has_nothing_is_fresh_too(freshness: Freshness):
    state = freshness.record("alpha", "files", Ending(outcome=Outcome.ABSENT, reason="No tickets."), at=NOW)
    assert state.fetched_at == NOW


@pytest.mark.parametrize("text", ["", "{", '{"cursors": {"alpha": {"git": 1}}}', "[]", "\x00" * 20])
def test_a_broken_file_is_set_aside_with_a_warning(freshness: Freshness, text: str):
    freshness.path.write_text(text)
    assert freshness.cursor("alpha", "git") is None
    assert "was not used" in freshness.warning
    freshness.record("alpha", "git", Ending(), at=NOW, cursor={"head": "c2"})
    assert freshness.path.with_name("sources.json.broken").read_text() == text
    assert freshness.cursors("alpha") is None
    freshness.settle("w1", {"alpha": {"git": {"head": "c3"}}})
    assert freshness.cursor("alpha", "git") == {"head": "c3"}
    assert freshness.warning == ""


def test_writers_do_not_lose_each_others_words(freshness: Freshness):
    def record(project: str) -> None:
        for number in range(10):
            Freshness(freshness.path).record(project, "git", Ending(), at=NOW, cursor={"number": number})

    threads = [threading.Thread(target=record, args=[f"project-{number}"]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [freshness.cursor(f"project-{number}", "git") for number in range(4)] == [{"number": 9}] * 4


def test_the_file_is_for_its_owner_only_and_leaves_nothing_beside_it(freshness: Freshness):
    assert freshness.path.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in freshness.path.parent.iterdir()) == [
        "sources.json",
        "sources.json.lock",
        "warehouse.duckdb",
    ]


def test_what_killed_processes_left_beside_a_file_is_swept_when_it_is_old(tmp_path: Path):
    old, young, other = (tmp_path / name for name in (".a.json.x1.new", ".a.json.x2.new", ".b.json.x3.new"))
    for path in (old, young, other):
        path.write_text("half")
    for path in (old, other):
        os.utime(path, (0, 0))
    replace_file(tmp_path / "a.json", b"{}")
    assert sorted(path.name for path in tmp_path.iterdir()) == [young.name, other.name, "a.json"]


def test_each_stream_has_an_age_of_its_own(freshness: Freshness):
    read, locked = StreamAge(outcome=Outcome.PRESENT), StreamAge(outcome=Outcome.UNAVAILABLE, reason="Locked.")
    freshness.record("alpha", "tracker", Ending(streams={"issue": read, "run": read}), at=NOW)
    later = NOW + timedelta(hours=1)
    partial = Ending(outcome=Outcome.UNAVAILABLE, reason="run", streams={"issue": read, "run": locked}, until=later)
    state = freshness.record("alpha", "tracker", partial, at=later)
    assert (state.fetched_at, state.until) == (NOW, later)
    assert (state.streams["issue"].fetched_at, state.streams["run"].fetched_at) == (later, NOW)
    assert state.streams["run"].reason == "Locked."
    assert freshness.states("alpha")["tracker"] == state


def test_when_nothing_is_said_about_streams_none_of_them_was_read(freshness: Freshness):
    freshness.record("alpha", "tracker", Ending(streams={"issue": StreamAge(outcome=Outcome.PRESENT)}), at=NOW)
    failed = Ending(outcome=Outcome.UNAVAILABLE, reason="No network.")
    state = freshness.record("alpha", "tracker", failed, at=NOW + timedelta(hours=1))
    issue = state.streams["issue"]
    assert (issue.outcome, issue.reason, issue.fetched_at) == (Outcome.UNAVAILABLE, "No network.", NOW)


def test_a_cursor_may_move_without_a_try(freshness: Freshness):
    before = freshness.states("alpha")
    freshness.proceed("alpha", "git", {"head": "c2"})
    assert freshness.cursor("alpha", "git") == {"head": "c2"}
    assert freshness.states("alpha") == before
