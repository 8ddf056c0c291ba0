"""The warehouse file: made whole, opened for one piece of work, refused with a sentence and a remedy."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb
import pytest

from scout.errors import ScoutError, StoreError, UsageError
from scout.warehouse import migrate, store
from scout.warehouse.connection import BusyError, NewerWarehouseError
from scout.warehouse.store import NoWarehouseError, Warehouse
from tests.unit.warehouse.rows import keys, merge_tickets, ticket

Opened = Callable[[Warehouse], AbstractContextManager[object]]


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "state" / "warehouse.duckdb", wait=0.0)


@pytest.fixture
def filled(warehouse: Warehouse, tmp_path: Path) -> Warehouse:
    merge_tickets(warehouse, tmp_path / "w", [ticket("1"), ticket("2")], cursor={"n": 1})
    return warehouse


def test_a_missing_file_is_not_made_by_reading(warehouse: Warehouse):
    with pytest.raises(NoWarehouseError, match="scout run"), warehouse.reading():
        pass
    assert not warehouse.path.parent.exists()


def test_the_first_write_makes_the_file_for_its_owner_only(warehouse: Warehouse):
    with warehouse.writing():
        pass
    assert warehouse.path.stat().st_mode & 0o777 == 0o600
    assert warehouse.path.parent.stat().st_mode & 0o777 == 0o700
    with warehouse.reading() as connection:
        assert migrate.version(connection, warehouse.path) == len(migrate.migrations())


def test_migrations_are_numbered_without_gaps():
    assert [step.number for step in migrate.migrations()] == list(range(1, len(migrate.migrations()) + 1))


def test_a_block_that_fails_changes_nothing(filled: Warehouse):
    def fail() -> None:
        with filled.writing() as connection:
            connection.execute("DELETE FROM raw.record")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    with filled.reading() as connection:
        assert keys(connection) == ["1", "2"]


def test_no_write_ahead_log_is_left_behind(filled: Warehouse):
    assert not Path(f"{filled.path}.wal").exists()


def test_writing_nothing_leaves_the_file_as_it_was(filled: Warehouse):
    before = filled.path.stat().st_mtime_ns, filled.freshness.path.stat().st_mtime_ns
    with filled.writing():
        pass
    assert (filled.path.stat().st_mtime_ns, filled.freshness.path.stat().st_mtime_ns) == before


@pytest.mark.parametrize("outer", [Warehouse.reading, Warehouse.writing])
@pytest.mark.parametrize("inner", [Warehouse.reading, Warehouse.writing])
def test_opening_it_twice_in_one_piece_of_work_is_refused(filled: Warehouse, outer: Opened, inner: Opened):
    with outer(filled), pytest.raises(StoreError, match="already open"), inner(Warehouse(filled.path)):
        pass
    with filled.reading() as connection:
        assert keys(connection) == ["1", "2"]


def test_threads_of_one_process_take_turns(filled: Warehouse):
    patient = Warehouse(filled.path, wait=30.0)

    def count_up() -> None:
        for _ in range(5):
            with patient.writing() as connection:
                row = connection.execute("SELECT digest FROM stage.content WHERE stage = 'count'").fetchone()
                connection.execute("DELETE FROM stage.content WHERE stage = 'count'")
                number = int(row[0]) + 1 if row else 1
                connection.execute("INSERT INTO stage.content VALUES ('alpha', 'count', ?)", [str(number)])

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with filled.reading() as connection:
        assert connection.execute("SELECT digest FROM stage.content").fetchall() == [("20",)]


def test_a_thread_that_waited_too_long_is_told_so(filled: Warehouse):
    said: list[BaseException] = []

    def read() -> None:
        try:
            with filled.reading():
                pass
        except StoreError as error:
            said.append(error)

    with filled.writing():
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
    assert isinstance(said[0], BusyError)
    assert "another thread" in str(said[0])


def half(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def most(whole: bytes) -> bytes:
    return whole[: len(whole) * 9 // 10]


def header_only(whole: bytes) -> bytes:
    return whole[:4096]


def other_header(whole: bytes) -> bytes:
    return whole[:4096] + bytes(8192) + whole[12288:]


def garbage(_: bytes) -> bytes:
    return bytes(range(256)) * 100


def nothing(_: bytes) -> bytes:
    return b""


def sqlite(_: bytes) -> bytes:
    return b"SQLite format 3\0" + bytes(5000)


@pytest.mark.parametrize("spoil", [half, most, header_only, other_header, garbage, nothing, sqlite])
@pytest.mark.parametrize("opened", [Warehouse.reading, Warehouse.writing])
def test_a_damaged_file_says_so_and_offers_the_rebuild(
    filled: Warehouse, spoil: Callable[[bytes], bytes], opened: Opened, tmp_path: Path
):
    filled.path.write_bytes(spoil(filled.path.read_bytes()))
    with pytest.raises(StoreError, match="is damaged") as said, opened(filled):
        pass
    assert f"rm {filled.path}" in said.value.remedy
    assert "ledger" in said.value.remedy
    assert said.value.exit_code == 3
    filled.path.unlink()
    assert filled.freshness.cursor("alpha", "files") is None
    assert merge_tickets(filled, tmp_path / "again", [ticket("1"), ticket("2")]).inserted == 2


def test_damage_in_the_rows_is_noticed_when_they_are_read(filled: Warehouse):
    whole = bytearray(filled.path.read_bytes())
    for start in range(12288, len(whole), 262144):
        whole[start + 1000 : start + 1100] = bytes(100)
        whole[start + 8] ^= 0xFF
    filled.path.write_bytes(whole)
    with pytest.raises(StoreError, match="is damaged"), filled.reading() as connection:
        connection.execute("SELECT sum(length(payload)) FROM raw.record").fetchall()


def test_a_damaged_log_of_a_killed_writer_says_so_and_is_gone_with_the_file(filled: Warehouse, tmp_path: Path):
    log = Path(f"{filled.path}.wal")
    connection = duckdb.connect(filled.path, config={"checkpoint_threshold": "1GB"})
    connection.execute("PRAGMA disable_checkpoint_on_shutdown")
    connection.execute("DELETE FROM raw.record")
    connection.close()
    kept = log.read_bytes()
    log.write_bytes(kept[:60] + bytes(byte ^ 0xFF for byte in kept[60:]))
    with pytest.raises(StoreError, match="is damaged"), filled.reading():
        pass
    filled.path.unlink()
    assert merge_tickets(filled, tmp_path / "again", [ticket("3")]).inserted == 1
    with filled.reading() as connection:
        assert keys(connection) == ["3"]


def test_remains_of_a_process_killed_while_it_made_the_file_do_no_harm(warehouse: Warehouse):
    warehouse.path.parent.mkdir()
    warehouse.path.with_name("warehouse.duckdb.new").write_bytes(b"half")
    warehouse.path.with_name("warehouse.duckdb.new.wal").write_bytes(b"half")
    with warehouse.writing():
        pass
    assert sorted(path.name for path in warehouse.path.parent.iterdir()) == [
        "sources.json",
        "sources.json.lock",
        "warehouse.duckdb",
        "warehouse.duckdb.lock",
    ]


@pytest.mark.parametrize("opened", [Warehouse.reading, Warehouse.writing])
def test_a_warehouse_of_a_newer_scout_is_refused_and_left_alone(filled: Warehouse, opened: Opened):
    with filled.writing() as connection:
        connection.execute("INSERT INTO schema_version VALUES (999, 'later')")
    before = filled.path.read_bytes()
    with pytest.raises(NewerWarehouseError, match="newer Scout") as said, opened(filled):
        pass
    assert isinstance(said.value, UsageError)
    assert said.value.exit_code == 2
    assert "Upgrade Scout" in said.value.remedy
    assert filled.path.read_bytes() == before


@pytest.mark.parametrize("opened", [Warehouse.reading, Warehouse.writing])
def test_an_older_schema_is_brought_up_to_date_before_its_first_use(
    filled: Warehouse, opened: Opened, monkeypatch: pytest.MonkeyPatch
):
    known = migrate.migrations()
    sql = "CREATE TABLE stage.later (project VARCHAR); DELETE FROM raw.cursor;"
    later = (*known, migrate.Migration(len(known) + 1, "later", sql))
    monkeypatch.setattr(migrate, "migrations", lambda: later)
    monkeypatch.setattr(store, "migrations", lambda: later)
    assert filled.freshness.cursor("alpha", "files") == {"n": 1}
    with opened(filled):
        pass
    with filled.reading() as connection:
        assert keys(connection) == ["1", "2"]
        assert connection.execute("SELECT count(*) FROM stage.later").fetchone() == (0,)
    assert filled.freshness.cursor("alpha", "files") is None


def test_a_migration_that_fails_leaves_the_schema_as_it_was(filled: Warehouse, monkeypatch: pytest.MonkeyPatch):
    known = migrate.migrations()
    broken = migrate.Migration(len(known) + 1, "broken", "CREATE TABLE stage.later (project VARCHAR); SELECT no_such;")
    with monkeypatch.context() as patched:
        patched.setattr(migrate, "migrations", lambda: (*known, broken))
        with pytest.raises(duckdb.Error), filled.writing():
            pass
    with filled.reading() as connection:
        assert migrate.version(connection, filled.path) == len(known)
        assert connection.execute("FROM duckdb_tables() WHERE table_name = 'later'").fetchall() == []


def test_a_duckdb_file_of_something_else_is_left_alone(warehouse: Warehouse):
    warehouse.path.parent.mkdir()
    with duckdb.connect(warehouse.path) as connection:
        connection.execute("CREATE TABLE theirs AS SELECT 1 AS one")
    with pytest.raises(StoreError, match="not a warehouse of Scout"), warehouse.writing():
        pass
    with duckdb.connect(warehouse.path, read_only=True) as connection:
        assert connection.execute("FROM theirs").fetchall() == [(1,)]


def test_a_folder_in_its_place_is_said_plainly(warehouse: Warehouse):
    warehouse.path.mkdir(parents=True)
    with pytest.raises(ScoutError, match="cannot be used"), warehouse.writing():
        pass


def test_no_extension_is_ever_loaded_or_fetched(filled: Warehouse):
    with filled.reading() as connection:
        settings = dict(
            connection.execute("SELECT name, value FROM duckdb_settings() WHERE name LIKE '%known_ext%'").fetchall()
        )
        with pytest.raises(duckdb.Error, match="httpfs"):
            connection.execute("FROM read_parquet('https://example.invalid/rows.parquet')")
    assert settings == {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


def test_work_beyond_the_memory_limit_is_said_plainly(warehouse: Warehouse):
    small = Warehouse(warehouse.path, memory="20MB")
    with pytest.raises(StoreError, match="more memory"), small.writing() as connection:
        connection.execute("SELECT list(range) FROM range(50000000)").fetchall()
