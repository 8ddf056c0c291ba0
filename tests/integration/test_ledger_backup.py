"""A backup is one moment of the ledger; bringing it back loses nothing silently, even while others work."""

import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest

from scout.errors import StoreError, UsageError
from scout.ledger import Ledger
from scout.ledger.backup import backup, restore
from scout.model import Event
from tests.ledgers import NOON, a_candidate, a_decision, a_suppression, an_intent, later, ledger_place, raw
from tests.postgres import Server, postgres

__all__ = ["ledger_place", "postgres"]

ROOT = Path(__file__).parents[2]
BUSY = """
import sys
from scout.errors import ScoutError
from scout.ledger import Ledger
from scout.model import Event
from tests.ledgers import *
ledger = Ledger.open(sys.argv[1])
number = 0
while True:
    number += 1
    one = ledger.add_candidate(a_candidate(f"busy:{number}", "orchard"))
    try:
        ledger.decide(one, a_decision(Event.ACCEPT), intent=an_intent(one, one, project="orchard"))
    except ScoutError as error:  # the restore came between
        print("refused", error, flush=True)
    lives = {c.id: c.decisions for c in ledger.candidates("orchard")}
    waiting = {i.candidate for i in ledger.intents("orchard")}
    print("wrote", one, flush=True)
"""


def _busy(where: str) -> subprocess.Popen[str]:
    """Start a process that reads and decides without end, and let it write a little."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", BUSY, where]
    process = subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True)
    _hear(process, 5)
    return process


def _hear(process: subprocess.Popen[str], lines: int) -> None:
    assert process.stdout is not None
    for _ in range(lines):
        line = process.stdout.readline()
        assert line.split()[:1] in (["wrote"], ["refused"]), process.communicate()[1]


def _stop(process: subprocess.Popen[str]) -> None:
    process.kill()
    _, errors = process.communicate()
    assert errors == ""


def _lived(where: str | Path) -> tuple[str, str]:
    """Fill a ledger with a filed and a rejected candidate."""
    with Ledger.open(where) as ledger:
        filed, rejected = (ledger.add_candidate(a_candidate(f"s:{n}")) for n in range(2))
        ledger.decide(filed, a_decision(Event.ACCEPT), intent=an_intent(filed))
        ledger.receive("k1", "T-1", "", NOON)
        ledger.decide(rejected, a_decision(Event.REJECT), suppression=a_suppression("s:1"))
    return filed, rejected


def _whole(ledger: Ledger) -> None:
    """Check that decision and intent of every busy candidate are both there, or neither."""
    accepted = {one.id for one in ledger.candidates("orchard") if one.decisions}
    assert accepted == {intent.candidate for intent in ledger.intents("orchard")}


def test_a_backup_brings_everything_back_into_either_database(where: str, tmp_path: Path) -> None:
    _lived(where)
    file = tmp_path / "kept.db"
    with Ledger.open(where) as ledger:
        backup(ledger, file)
        told = (ledger.id(), ledger.candidates(), ledger.suppressions("meadow"), ledger.receipts())
        ledger.add_candidate(a_candidate("s:9"))
        assert file.stat().st_mode & 0o777 == 0o600
        kept = restore(where, file, later(90))
        assert (ledger.id(), ledger.candidates(), ledger.suppressions("meadow"), ledger.receipts()) == told
        with pytest.raises((sqlite3.IntegrityError, psycopg.errors.RaiseException), match="append-only"):
            raw(where, "DELETE FROM decisions")
        assert ledger.add_candidate(a_candidate("s:9"))
    assert kept is not None
    assert ".before-restore-20260302T133000Z" in kept.name
    with Ledger.open(kept) as before:
        assert len(before.candidates()) == 3
    elsewhere = tmp_path / "elsewhere" / "ledger.db"
    assert restore(elsewhere, file, later(91)) is None
    with Ledger.open(elsewhere) as other:
        assert (other.id(), other.candidates(), other.suppressions("meadow"), other.receipts()) == told


def test_after_a_restore_the_trackers_have_to_be_swept(where: str, tmp_path: Path) -> None:
    _lived(where)
    file = tmp_path / "kept.db"
    with Ledger.open(where) as ledger:
        backup(ledger, file)
        assert ledger.restored_at() is None
        first = restore(where, file, later(90))
        assert ledger.restored_at() == later(90)
        ledger.swept(later(95))
        assert ledger.restored_at() is None
        second = restore(where, file, later(90))
        assert ledger.restored_at() == later(90)
    assert first != second


def test_a_backup_taken_while_others_write_is_one_moment(where: str, tmp_path: Path) -> None:
    process = _busy(where)
    try:
        for number in range(5):
            file = tmp_path / f"kept-{number}.db"
            with Ledger.open(where) as ledger:
                backup(ledger, file)
            with Ledger.open(file) as copy:
                assert len(copy.candidates("orchard")) >= 5
                _whole(copy)
            _hear(process, 1)
    finally:
        _stop(process)


def test_a_restore_while_others_read_and_decide_breaks_nothing(where: str, tmp_path: Path) -> None:
    filed, rejected = _lived(where)
    file = tmp_path / "kept.db"
    with Ledger.open(where) as ledger:
        backup(ledger, file)
        process = _busy(where)
        try:
            for number in range(4):
                kept = restore(where, file, later(90 + number))
                assert kept is not None
                _hear(process, 6)
                assert {filed, rejected} <= {one.id for one in ledger.candidates("meadow")}
                assert raw(str(kept), "PRAGMA integrity_check") == [("ok",)]
        finally:
            _stop(process)
        assert ledger.restored_at() == later(93)
        _whole(ledger)
    if "://" not in where:
        assert raw(where, "PRAGMA integrity_check") == [("ok",)]
        assert raw(where, "PRAGMA foreign_key_check") == []


RESTORING = """
import sys
from pathlib import Path
from scout.ledger.backup import restore
from tests.ledgers import later
print("ready", flush=True)
while True:
    restore(sys.argv[1], Path(sys.argv[2]), later(1))
    print("ready", flush=True)
"""


def test_a_restore_killed_at_any_moment_has_happened_or_not(where: str, tmp_path: Path) -> None:
    chance = random.Random(20260302)  # noqa: S311 - moments to kill at, the same in every run
    small, big = tmp_path / "small.db", tmp_path / "big.db"
    for file, count in ((small, 3), (big, 400)):
        with Ledger.open(tmp_path / f"{count}.db") as other:
            for number in range(count):
                other.add_candidate(a_candidate(f"s:{number}", body="x" * 2000))
            backup(other, file)
    restore(where, small, NOON)
    for number in range(6):
        command = [sys.executable, "-c", RESTORING, where, str((big, small)[number % 2])]
        left_behind = {**os.environ, "TMPDIR": str(tmp_path)}
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=left_behind)
        assert process.stdout is not None
        process.stdout.readline()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=chance.uniform(0.01, 0.4))
        process.kill()
        process.communicate()
        with Ledger.open(where) as ledger:
            assert len(ledger.candidates()) in (3, 400)
            with pytest.raises((sqlite3.IntegrityError, psycopg.errors.RaiseException), match="append-only"):
                raw(where, "DELETE FROM revisions")


@pytest.mark.postgres
def test_a_ledger_moves_from_a_file_to_a_server(postgres: Server, tmp_path: Path) -> None:
    _lived(tmp_path / "ledger.db")
    url = postgres.new_database()
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        backup(ledger, tmp_path / "kept.db")
        assert restore(url, tmp_path / "kept.db", NOON) is None
        with Ledger.open(url) as moved:
            assert moved.candidates() == ledger.candidates()
            assert (moved.id(), moved.restored_at()) == (ledger.id(), NOON)


def test_a_damaged_ledger_is_moved_aside_and_replaced(tmp_path: Path) -> None:
    where, file = tmp_path / "ledger.db", tmp_path / "kept.db"
    _lived(where)
    with Ledger.open(where) as ledger:
        backup(ledger, file)
        told = ledger.candidates()
    whole = where.read_bytes()
    for damage in (whole[: len(whole) // 2], b"not a database" * 99, b""):
        where.write_bytes(damage)
        kept = restore(where, file, later(1))
        assert kept is not None
        assert kept.read_bytes() == damage
        with Ledger.open(where) as ledger:
            assert ledger.candidates() == told


@pytest.mark.parametrize("content", [b"", b"a holiday picture" * 999], ids=["empty", "not a database"])
def test_what_is_no_backup_is_refused_and_the_ledger_left_alone(where: str, tmp_path: Path, content: bytes) -> None:
    _lived(where)
    wrong = tmp_path / "wrong.db"
    wrong.write_bytes(content)
    with pytest.raises(UsageError, match=r"wrong\.db is .*the ledger was not touched"):
        restore(where, wrong, NOON)
    with Ledger.open(where) as ledger:
        assert len(ledger.candidates()) == 2
        assert ledger.restored_at() is None


def test_other_wrong_files_are_refused_by_what_they_are(tmp_path: Path) -> None:
    where, file, other = tmp_path / "ledger.db", tmp_path / "kept.db", tmp_path / "other.db"
    _lived(where)
    with pytest.raises(UsageError, match="no backup"):
        restore(where, tmp_path / "missing.db", NOON)
    with pytest.raises(UsageError, match="no backup"):
        restore(where, tmp_path, NOON)
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(UsageError, match="no Scout ledger"):
        restore(where, other, NOON)
    with Ledger.open(where) as ledger:
        backup(ledger, file)
    half = tmp_path / "half.db"
    half.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(UsageError, match=r"half\.db is damaged"):
        restore(where, half, NOON)
    raw(str(file), "UPDATE scout_ledger_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"kept\.db was written by a newer Scout.*Upgrade Scout"):
        restore(where, file, NOON)
    with Ledger.open(where) as ledger:
        assert len(ledger.candidates()) == 2


def test_a_backup_never_overwrites_what_is_no_backup(tmp_path: Path) -> None:
    where, used, letter = tmp_path / "ledger.db", tmp_path / "used.db", tmp_path / "letter.txt"
    _lived(where)
    letter.write_text("Dear hedgehog")
    with Ledger.open(where) as ledger, Ledger.open(used) as other:
        other.add_candidate(a_candidate())
        for wrong in (where, used, tmp_path, letter):
            with pytest.raises(UsageError, match="Choose another name"):
                backup(ledger, wrong)
        backup(ledger, tmp_path / "kept.db")
        backup(ledger, tmp_path / "kept.db")
        with pytest.raises(StoreError, match="cannot be written"):
            backup(ledger, tmp_path / "missing" / "kept.db")
    assert letter.read_text() == "Dear hedgehog"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
