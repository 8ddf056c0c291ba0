"""Records and their core rows: replaced together, the latest state counts, and what is gone is remembered."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scout.sources._records import RecordSink
from scout.warehouse.connection import connect
from scout.warehouse.merge import Counts, merge, stored_cursor
from scout.warehouse.migrate import migrations
from scout.warehouse.records import TABLES, LabelRow, LinkRow, Tombstone
from scout.warehouse.staging import Staging
from scout.warehouse.store import Warehouse
from scout.warehouse.streams import CORE, RECORD, TOMBSTONE, Kind
from scout.warehouse.tables import records
from tests.unit.warehouse.rows import NOW, merged, record, staged

DAY = timedelta(days=1)
TYPES = {
    Kind.TEXT: "VARCHAR",
    Kind.TEXTS: "VARCHAR[]",
    Kind.INTEGER: "BIGINT",
    Kind.FLAG: "BOOLEAN",
    Kind.MOMENT: "TIMESTAMP WITH TIME ZONE",
}


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "state" / "warehouse.duckdb")


def asked(warehouse: Warehouse, sql: str) -> list[tuple[Any, ...]]:
    with warehouse.reading() as connection:
        return connection.execute(sql).fetchall()


def labels(warehouse: Warehouse) -> list[tuple[str, str]]:
    return asked(warehouse, "SELECT record, name FROM core.label ORDER BY record, place")


def test_core_tables_have_the_columns_of_their_classes(warehouse: Warehouse):
    with warehouse.writing():
        pass
    columns = "SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = '{}' AND table_name = '{}'"
    assert set(CORE) == set(TABLES.values())
    for schema, table, stream in [
        *(("core", table, stream) for table, stream in CORE.items()),
        ("raw", "record", RECORD),
        ("raw", "tombstone", TOMBSTONE),
    ]:
        found = asked(warehouse, columns.format(schema, table) + " ORDER BY column_index")
        expected = {name: kind for name, kind in stream.columns.items() if name not in {"turn", "written"}}
        assert found == [(name, TYPES[kind]) for name, kind in expected.items()], table


def test_a_column_may_be_null_where_its_class_says_so(warehouse: Warehouse):
    with warehouse.writing():
        pass
    sql = "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'core' AND is_nullable"
    nullable = {(table, name) for table, name in asked(warehouse, sql) if table in CORE}
    assert nullable == {
        (table, name)
        for row, table in TABLES.items()
        for name, kind in row.__annotations__.items()
        if None in _of(kind)
    }


def _of(kind: Any) -> set[object]:
    return {None if one is type(None) else one for one in getattr(kind, "__args__", ())}


def test_a_warehouse_from_before_records_is_read_again_from_the_beginning(warehouse: Warehouse):
    warehouse.path.parent.mkdir()
    connection = connect(warehouse.path, read_only=False, memory="1GB")
    for step in migrations()[:3]:
        connection.execute(step.sql)
        connection.execute("INSERT INTO schema_version VALUES (?, ?)", [step.number, step.name])
    connection.execute("INSERT INTO raw.ticket VALUES ('alpha', 'files', '1', now(), 'd', '{}')")
    connection.execute("INSERT INTO raw.cursor VALUES ('alpha', 'files', '{\"n\": 1}', now())")
    connection.close()
    assert stored_cursor(warehouse, "alpha", "files") is None
    assert merged(warehouse, record("1", "a")) == Counts(1, 0)
    assert asked(warehouse, "SELECT max(number) FROM schema_version") == [(migrations()[-1].number,)]


def test_a_record_and_its_core_rows_change_together(warehouse: Warehouse):
    assert merged(warehouse, record("1", "a b"), record("2", "c")) == Counts(2, 0)
    assert merged(warehouse, record("1", "b d e"), record("3", "")) == Counts(2, 1)
    assert labels(warehouse) == [("1", "b"), ("1", "d"), ("1", "e"), ("2", "c")]
    traced = """
        SELECT count(*) FROM core.label AS made JOIN raw.record AS record
          ON record.key = made.record AND record.digest = made.digest AND record.fetched_at = made.fetched_at
         AND record.stream = made.stream AND record.source = made.source AND record.project = made.project
    """
    assert asked(warehouse, traced) == [(4,)]


def test_what_came_again_unchanged_is_not_written_and_keeps_when_it_was_first_seen(warehouse: Warehouse):
    merged(warehouse, record("1", "a", changed=NOW))
    before = warehouse.path.stat().st_mtime_ns
    assert merged(warehouse, record("1", "a", changed=NOW), now=NOW + DAY) == Counts(0, 0)
    assert warehouse.path.stat().st_mtime_ns == before
    assert asked(warehouse, "SELECT fetched_at FROM raw.record") == [(NOW,)]


def test_a_later_time_of_change_is_kept_though_the_content_is_the_same(warehouse: Warehouse):
    merged(warehouse, record("1", "a", changed=NOW))
    merged(warehouse, record("1", "a", changed=NOW + DAY), now=NOW + 2 * DAY)
    assert asked(warehouse, "SELECT changed_at, fetched_at FROM raw.record") == [(NOW + DAY, NOW)]
    assert asked(warehouse, "SELECT name, fetched_at FROM core.label") == [("a", NOW)]


def test_an_older_state_never_replaces_a_newer_one(warehouse: Warehouse):
    newest = record("1", "new", changed=NOW + DAY)
    merged(warehouse, record("1", "old", changed=NOW), newest, record("1", "older", changed=NOW - DAY))
    assert merged(warehouse, record("1", "old", changed=NOW), record("1", "undated")) == Counts(0, 0)
    assert labels(warehouse) == [("1", "new")]


def test_of_states_of_one_moment_the_one_written_last_counts(warehouse: Warehouse):
    merged(warehouse, *(record("1", word, changed=NOW) for word in "abc"))
    assert labels(warehouse) == [("1", "c")]
    merged(warehouse, record("1", "d", changed=NOW))
    assert labels(warehouse) == [("1", "d")]


def test_a_record_staged_twice_has_its_core_rows_once(warehouse: Warehouse):
    merged(warehouse, record("1", "a b"), record("1", "a b"))
    assert labels(warehouse) == [("1", "a"), ("1", "b")]
    again = [staged(warehouse.path.with_name(name), [record("2", "c")]) for name in ("x", "y")]
    merge(warehouse, again, "alpha", NOW)
    assert labels(warehouse) == [("1", "a"), ("1", "b"), ("2", "c")]


def test_a_tombstone_takes_what_hangs_on_it_along(warehouse: Warehouse):
    merged(
        warehouse,
        record("1", "a"),
        record("c1", "b", stream="comment", parent="issue/1"),
        record("r1", "c", stream="reaction", parent="comment/c1"),
        record("c2", "d", stream="comment", parent="issue/2"),
    )
    assert merged(warehouse, Tombstone("issue", "1", "moved", "other/1")) == Counts(0, 3)
    assert labels(warehouse) == [("c2", "d")]
    assert asked(warehouse, "SELECT stream, key, reason, moved_to FROM core.gone") == [
        ("issue", "1", "moved", "other/1")
    ]


def test_a_tombstone_stands_once_and_says_when_it_was_first_seen(warehouse: Warehouse):
    merged(warehouse, Tombstone("issue", "1", "hidden"))
    before = warehouse.path.stat().st_mtime_ns
    merged(warehouse, Tombstone("issue", "1", "hidden"), now=NOW + DAY)
    assert warehouse.path.stat().st_mtime_ns == before
    assert asked(warehouse, "SELECT reason, noticed_at FROM core.gone") == [("hidden", NOW)]
    merged(warehouse, Tombstone("issue", "1", "deleted"), now=NOW + DAY)
    assert asked(warehouse, "SELECT reason, noticed_at FROM core.gone") == [("deleted", NOW + DAY)]


def test_a_record_that_comes_again_has_no_tombstone(warehouse: Warehouse):
    merged(warehouse, record("1", "a", changed=NOW), Tombstone("issue", "1", "hidden"))
    assert asked(warehouse, "SELECT key FROM core.gone") == [("1",)]
    merged(warehouse, record("1", "b", changed=NOW - DAY))
    assert asked(warehouse, "SELECT key FROM core.gone") == []
    assert labels(warehouse) == [("1", "b")]
    child = record("c1", "d", stream="comment", parent="issue/1")
    merged(warehouse, Tombstone("issue", "1", "hidden"), record("1", "c"), child)
    assert labels(warehouse) == [("1", "c"), ("c1", "d")]
    assert asked(warehouse, "SELECT key FROM core.gone") == []


def test_a_stream_pulled_whole_loses_what_was_not_seen_without_a_tombstone(warehouse: Warehouse):
    merged(warehouse, record("1", "a"), record("2", "b"), record("x", "c", stream="label"))
    child = record("c2", "d", stream="comment", parent="issue/2")
    merged(warehouse, child)
    assert merged(warehouse, record("1", "a"), whole=("issue",)) == Counts(0, 2)
    assert labels(warehouse) == [("1", "a"), ("x", "c")]
    assert merged(warehouse, whole=("issue", "label")) == Counts(0, 2)
    assert (labels(warehouse), asked(warehouse, "FROM core.gone")) == ([], [])


def test_core_rows_can_be_made_anew_without_touching_the_record(warehouse: Warehouse):
    merged(warehouse, record("1", "a b"), record("2", "c"))
    [(digest,)] = asked(warehouse, "SELECT digest FROM raw.record WHERE key = '1'")
    raw = asked(warehouse, "FROM raw.record ORDER BY ALL")
    with Staging(warehouse.path.with_name("worker")) as staging:
        sink = RecordSink("alpha", "tracker", NOW + DAY, staging.write)
        sink.anew("issue", "1", digest, (LabelRow("z", "1"), LinkRow("1", "blocks", "2", "", "")))
        sink.anew("issue", "2", "changed meanwhile", (LabelRow("never", "2"),))
        sink.flush()
    merge(warehouse, [staging], "alpha", NOW + DAY)
    assert labels(warehouse) == [("1", "z"), ("2", "c")]
    assert asked(warehouse, "SELECT record, other, fetched_at FROM core.link") == [("1", "2", NOW)]
    assert asked(warehouse, "FROM raw.record ORDER BY ALL") == raw


def test_the_warehouse_says_what_is_absent_and_what_wants_details(warehouse: Warehouse):
    merged(
        warehouse,
        record("1", "a", changed=NOW, details=("timeline", "reviews")),
        record("2", "b", changed=NOW + DAY, details=("timeline",)),
        record("3", "c", changed=NOW - DAY, details=("timeline",)),
        record("4", "d", changed=NOW + DAY),
        record("1", stream="timeline", changed=NOW),
        record("2", stream="timeline", changed=NOW),
    )
    with warehouse.reading() as connection:

        def absent(keys: Iterable[str]) -> list[str]:
            return records.absent(connection, "alpha", "tracker", "issue", keys)

        assert absent(["1", "4", "9"]) == ["2", "3"]
        assert absent(str(number) for number in range(25_000)) == []
        assert absent([]) == ["1", "2", "3", "4"]
        wanting = records.wanting(connection, "alpha", "tracker", "timeline", 10)
        assert wanting == [("2", NOW + DAY), ("3", NOW - DAY)]
        assert records.wanting(connection, "alpha", "tracker", "timeline", 1) == wanting[:1]
        assert records.wanting(connection, "alpha", "tracker", "reviews", 9) == [("1", NOW)]
        assert records.wanting(connection, "alpha", "other", "reviews", 9) == []
