"""Whatever goes wrong with the database: one sentence, one remedy, no secret, nothing lost."""

import shutil
import sqlite3
import subprocess
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from scout.errors import ScoutError, SettingsError, StoreError
from scout.ledger import Ledger, connection
from scout.ledger.backup import backup, restore
from scout.model import Event
from tests.ledgers import NOON, a_candidate, a_decision, an_intent, ledger_place, raw
from tests.postgres import PASSWORD, Server, postgres

__all__ = ["ledger_place", "postgres"]


def _refusal(where: str | Path) -> ScoutError:
    with pytest.raises((StoreError, SettingsError)) as raised:
        Ledger.open(where)
    for shown in (raised.value.what, raised.value.remedy):
        assert shown.endswith(".")
        assert PASSWORD not in shown
        assert "\n" not in shown
    return raised.value


def test_a_ledger_of_a_newer_scout_is_refused_and_left_alone(where: str) -> None:
    Ledger.open(where).close()
    raw(where, "UPDATE scout_ledger_version SET version_num = '0999'")
    error = _refusal(where)
    assert "written by a newer Scout (schema 0999, this one knows" in error.what
    assert error.remedy == "Upgrade Scout; nothing was changed."
    assert raw(where, "SELECT version_num FROM scout_ledger_version")[0][0] == "0999"


def test_a_database_that_something_else_uses_is_refused(where: str) -> None:
    raw(where, "CREATE TABLE recipes (name TEXT)")
    assert "holds the tables of something else" in _refusal(where).what


def test_a_writer_that_never_ends_is_waited_for_and_named(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "WAIT_SECONDS", 0.05)
    with Ledger.open(where) as slow, Ledger.open(where) as ledger:
        with slow.writing(), pytest.raises(StoreError, match="stayed locked by another process") as raised:
            ledger.add_candidate(a_candidate())
        assert raised.value.exit_code == 3
        assert ledger.candidates() == ()
        assert ledger.add_candidate(a_candidate())


def test_files_that_are_no_ledger_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_text("Dear hedgehog, " * 99)
    assert "is not a database" in _refusal(path).what
    path.write_bytes(b"")
    assert "is empty: its content was lost" in _refusal(path).what
    path.unlink()
    path.with_name("ledger.db-wal").write_bytes(b"left over")
    assert "is missing, but its journal" in _refusal(path).what
    assert not path.exists()
    assert "cannot be opened" in _refusal(tmp_path).what
    assert "cannot be made" in _refusal(path.with_name("ledger.db-wal") / "ledger.db").what


def test_a_ledger_cut_in_half_is_named_damaged(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with Ledger.open(path) as ledger:
        for number in range(30):
            ledger.add_candidate(a_candidate(f"s:{number}", body="x" * 5000))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(StoreError, match="is damaged") as raised, Ledger.open(path) as ledger:
        ledger.candidates()
    assert "scout restore" in raised.value.remedy


@pytest.mark.postgres
def test_a_server_that_cannot_be_used_is_named_without_its_password(postgres: Server) -> None:
    url = postgres.url("postgres")
    gone = url.replace(str(postgres.port), "1")
    assert "Connection refused" in _refusal(gone).what
    assert "does not exist" in _refusal(postgres.url("nowhere")).what
    assert "password authentication failed" in _refusal(url.replace(PASSWORD, f"{PASSWORD}-or-so")).what
    assert "could not be used" in _refusal(f"{gone}?application_name={PASSWORD}").what


@pytest.mark.postgres
def test_a_lost_connection_is_taken_up_again(postgres: Server) -> None:
    url = postgres.new_database()
    with Ledger.open(url) as ledger:
        ledger.add_candidate(a_candidate())
        with psycopg.connect(postgres.url("postgres"), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (url[-19:],))
        assert len(ledger.candidates()) == 1


@pytest.fixture(name="small")
def small_disk(tmp_path: Path) -> Generator[Path]:
    """Mount a disk of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    tried = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if not tried or tried.returncode != 0:
        pytest.skip("this user may not mount a small disk: a full disk is NOT tested")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _fill(ledger: Ledger) -> None:
    for number in range(100):
        ledger.add_candidate(a_candidate(f"s:{number}", body="y" * 20_000))


def test_a_full_disk_loses_nothing_and_works_again_with_space(small: Path) -> None:
    path, filler = small / "ledger.db", small / "filler"
    with Ledger.open(path) as ledger:
        one = ledger.add_candidate(a_candidate())
        free = shutil.disk_usage(small).free
        filler.write_bytes(b"x" * (free - 8192))
        with pytest.raises(StoreError, match="the disk is full") as raised:
            _fill(ledger)
        assert "Free some space" in raised.value.remedy
        with pytest.raises(StoreError, match="the disk is full"):
            ledger.decide(one, a_decision(Event.ACCEPT, reason="z" * 20_000), intent=an_intent(one))
        assert ledger.intents() == ()
        with pytest.raises(StoreError):
            backup(ledger, small / "kept.db")
        assert not [path for path in small.iterdir() if "kept" in path.name]
        filler.unlink()
        ledger.decide(one, a_decision(Event.ACCEPT), intent=an_intent(one))
        assert len(ledger.intents()) == 1
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_no_ledger_is_begun_on_a_full_disk(small: Path) -> None:
    (small / "filler").write_bytes(b"x" * (shutil.disk_usage(small).free - 8192))
    with pytest.raises(StoreError, match="space"):
        Ledger.open(small / "ledger.db")
    assert list(small.iterdir()) == [small / "filler"]


def test_a_restore_onto_a_full_disk_changes_nothing(small: Path, tmp_path: Path) -> None:
    path, file = small / "ledger.db", tmp_path / "kept.db"
    with Ledger.open(tmp_path / "other.db") as other:
        for number in range(40):
            other.add_candidate(a_candidate(f"s:{number}", body="y" * 40_000))
        backup(other, file)
    with Ledger.open(path) as ledger:
        ledger.add_candidate(a_candidate())
        before = ledger.candidates()
        with pytest.raises(StoreError, match=r"disk is full|No space left"):
            restore(path, file, NOON)
        assert ledger.candidates() == before
        assert ledger.restored_at() is None


def test_a_read_only_disk_says_so(small: Path) -> None:
    path = small / "ledger.db"
    with Ledger.open(path) as ledger:
        ledger.add_candidate(a_candidate())
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
    assert "cannot be" in _refusal(path).what
    assert "cannot be made: Read-only file system" in _refusal(small / "new.db").what
