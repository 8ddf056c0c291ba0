"""From staging into the warehouse: all or nothing, by key, and the same state however often."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.model import Outcome
from scout.warehouse.freshness import Ending
from scout.warehouse.merge import Counts, merge, stored_cursor
from scout.warehouse.staging import Staging
from scout.warehouse.store import Warehouse
from scout.warehouse.streams import KEYED
from tests.unit.warehouse.rows import NOW, change, columns, commit, keys, merge_tickets, stage_tickets, tag, ticket


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "state" / "warehouse.duckdb")


def pull(  # noqa: PLR0913 - one argument a property of the pull
    folder: Path,
    *,
    commits: Sequence[dict[str, object]] = (),
    changes: Sequence[dict[str, object]] = (),
    tags: Sequence[dict[str, object]] = (),
    cursor: dict[str, object] | None = None,
    full: bool = False,
    whole: tuple[str, ...] = (),
) -> Staging:
    with Staging(folder) as staging:
        for stream, rows in (("git_commit", commits), ("git_file_change", changes), ("git_tag", tags)):
            if rows:
                staging.write(stream, columns(stream, rows))
        staging.cursor("git", cursor or {}, full=full, whole=whole)
    return staging


def column(warehouse: Warehouse, sql: str) -> list[object]:
    with warehouse.reading() as connection:
        return [row[0] for row in connection.execute(sql).fetchall()]


def test_every_stream_has_the_columns_of_its_table(warehouse: Warehouse):
    with warehouse.writing():
        pass
    with warehouse.reading() as connection:
        for stream in KEYED.values():
            rows = connection.execute(
                "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'raw' AND table_name = ? "
                "ORDER BY column_index",
                [stream.name],
            ).fetchall()
            assert [name for (name,) in rows] == list(stream.columns)
            assert set(stream.key) | set(stream.same) <= set(stream.columns)
            assert stream.group == stream.key[: len(stream.group)]


def test_rows_are_inserted_changed_and_removed_by_key(warehouse: Warehouse, tmp_path: Path):
    assert merge_tickets(warehouse, tmp_path / "1", [ticket("1"), ticket("2")]) == Counts(2, 0)
    assert merge_tickets(warehouse, tmp_path / "2", [ticket("1", body="New."), ticket("3")], full=False) == Counts(2, 1)
    with warehouse.reading() as connection:
        assert keys(connection) == ["1", "2", "3"]
    assert merge_tickets(warehouse, tmp_path / "3", [ticket("3")]) == Counts(0, 2)
    with warehouse.reading() as connection:
        assert keys(connection) == ["3"]


def test_a_full_pull_that_found_nothing_empties_the_source(warehouse: Warehouse, tmp_path: Path):
    merge_tickets(warehouse, tmp_path / "1", [ticket("1")])
    with Staging(tmp_path / "2") as staging:
        staging.cursor("files", {}, full=True)
    assert merge(warehouse, [staging], "alpha", NOW)["record"] == Counts(0, 1)


def test_other_projects_and_sources_are_left_alone(warehouse: Warehouse, tmp_path: Path):
    merge_tickets(warehouse, tmp_path / "1", [ticket("1", project="beta")], project="beta")
    merge_tickets(warehouse, tmp_path / "2", [ticket("1", source="tracker")], source="tracker")
    merge_tickets(warehouse, tmp_path / "3", [ticket("7")])
    merge_tickets(warehouse, tmp_path / "4", [])
    with warehouse.reading() as connection:
        assert keys(connection, "beta") == ["1"]
        assert keys(connection, source="tracker") == ["1"]
        assert keys(connection) == []


def test_unchanged_rows_are_not_written_again(warehouse: Warehouse, tmp_path: Path):
    merge_tickets(warehouse, tmp_path / "1", [ticket("1")], cursor={"n": 1})
    before = warehouse.path.stat().st_mtime_ns
    later = NOW + timedelta(days=1)
    assert merge_tickets(warehouse, tmp_path / "2", [ticket("1")], cursor={"n": 1}, now=later) == Counts(0, 0)
    assert warehouse.path.stat().st_mtime_ns == before
    assert warehouse.freshness.states("alpha")["files"].fetched_at == later


def test_of_two_rows_with_one_key_the_later_counts(warehouse: Warehouse, tmp_path: Path):
    with Staging(tmp_path / "1") as first:
        stage_tickets(first, [ticket("1", title="a"), ticket("1", title="b"), ticket("1", title="c")])
    with Staging(tmp_path / "2") as second:
        stage_tickets(second, [ticket("1", title="d"), ticket("1", title="e")])
    counts = merge(warehouse, [first, second], "alpha", NOW)["record"]
    assert counts.inserted - counts.deleted == 1
    assert column(warehouse, "SELECT title FROM core.ticket") == ["e"]


def test_file_changes_of_a_commit_are_replaced_together(warehouse: Warehouse, tmp_path: Path):
    commits = [commit("c1"), commit("c2")]
    old = [change("c1", "a.py"), change("c1", "b.py"), change("c2", "c.py")]
    merge(warehouse, [pull(tmp_path / "1", commits=commits, changes=old)], "alpha", NOW)
    new = [change("c1", "a.py", status="A"), change("c1", "d.py", old_path="b.py", status="R")]
    counts = merge(warehouse, [pull(tmp_path / "2", commits=[commit("c1")], changes=new)], "alpha", NOW)
    assert counts["git_file_change"] == Counts(2, 2)
    assert counts["git_commit"] == Counts(0, 0)
    assert column(warehouse, "SELECT path FROM raw.git_file_change ORDER BY path") == ["a.py", "c.py", "d.py"]


def test_a_commit_may_be_split_over_parts_but_not_mixed_over_workers(warehouse: Warehouse, tmp_path: Path):
    with Staging(tmp_path / "1") as first:
        first.write("git_file_change", columns("git_file_change", [change("c1", "old.py")]))
    with Staging(tmp_path / "2") as second:
        second.write("git_file_change", columns("git_file_change", [change("c1", "a.py")]))
        second.write("git_file_change", columns("git_file_change", [change("c1", "b.py")]))
    merge(warehouse, [first, second], "alpha", NOW)
    assert column(warehouse, "SELECT path FROM raw.git_file_change ORDER BY path") == ["a.py", "b.py"]


def test_a_stream_pulled_whole_loses_what_was_not_seen_while_the_rest_stays(warehouse: Warehouse, tmp_path: Path):
    first = pull(tmp_path / "1", commits=[commit("c1")], tags=[tag("v1", "c1"), tag("v2", "c1")])
    merge(warehouse, [first], "alpha", NOW)
    second = pull(tmp_path / "2", commits=[commit("c2")], tags=[tag("v2", "c2")], whole=("git_tag",))
    counts = merge(warehouse, [second], "alpha", NOW)
    assert counts["git_tag"] == Counts(1, 2)
    assert column(warehouse, "SELECT name FROM raw.git_tag") == ["v2"]
    assert column(warehouse, "SELECT sha FROM raw.git_commit ORDER BY sha") == ["c1", "c2"]


def test_a_rewritten_history_is_replaced_by_a_full_pull(warehouse: Warehouse, tmp_path: Path):
    old = pull(tmp_path / "1", commits=[commit("c1"), commit("c2")], changes=[change("c2", "a.py")])
    merge(warehouse, [old], "alpha", NOW)
    new = pull(tmp_path / "2", commits=[commit("c1"), commit("d2")], changes=[change("d2", "a.py")], full=True)
    counts = merge(warehouse, [new], "alpha", NOW)
    assert counts["git_commit"] == Counts(1, 1)
    assert column(warehouse, "SELECT sha FROM raw.git_commit ORDER BY sha") == ["c1", "d2"]
    assert column(warehouse, "SELECT sha FROM raw.git_file_change") == ["d2"]


def test_an_aborted_worker_is_ignored_and_swept(warehouse: Warehouse, tmp_path: Path):
    aborted = Staging(tmp_path / "1")
    stage_tickets(aborted, [ticket("1")])
    assert merge(warehouse, [aborted], "alpha", NOW) == {}
    assert not aborted.folder.exists()
    assert not warehouse.path.exists()


def test_a_worker_that_fails_leaves_no_manifest(tmp_path: Path):
    staging = Staging(tmp_path / "1")

    def fail() -> None:
        with staging:
            stage_tickets(staging, [ticket("1")])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert staging.manifest() is None


def test_rows_of_another_project_are_refused_and_nothing_is_merged(warehouse: Warehouse, tmp_path: Path):
    with pytest.raises(ValueError, match="beta"):
        merge_tickets(warehouse, tmp_path / "1", [ticket("1"), ticket("2", project="beta")])
    with warehouse.reading() as connection:
        assert keys(connection) == []


def test_staging_is_kept_until_the_merge_is_through_and_merging_it_again_changes_nothing(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    staging = pull(tmp_path / "1", commits=[commit("c1")], changes=[change("c1", "a.py")], cursor={"head": "c1"})
    with monkeypatch.context() as patched:
        patched.setattr(staging, "remove", lambda: None)  # as if killed between commit and removal
        merge(warehouse, [staging], "alpha", NOW)
    before = warehouse.path.stat().st_mtime_ns
    again = merge(warehouse, [staging], "alpha", NOW)
    assert set(again.values()) == {Counts(0, 0)}
    assert warehouse.path.stat().st_mtime_ns == before
    assert not staging.folder.exists()


def test_the_cursor_is_stored_with_the_rows_and_found_without_opening_the_file(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert stored_cursor(warehouse, "alpha", "git") is None
    merge(warehouse, [pull(tmp_path / "1", commits=[commit("c1")], cursor={"head": "c1"})], "alpha", NOW)
    with monkeypatch.context() as patched:
        patched.delattr(Warehouse, "reading")
        assert stored_cursor(warehouse, "alpha", "git") == {"head": "c1"}
        assert stored_cursor(warehouse, "alpha", "files") is None
    warehouse.freshness.path.unlink()
    assert stored_cursor(warehouse, "alpha", "git") == {"head": "c1"}
    assert stored_cursor(warehouse, "alpha", "files") is None
    assert stored_cursor(warehouse, "beta", "git") is None


def test_an_older_copy_of_the_warehouse_brings_back_its_own_cursors(warehouse: Warehouse, tmp_path: Path):
    merge(warehouse, [pull(tmp_path / "1", commits=[commit("c1")], cursor={"head": "c1"})], "alpha", NOW)
    copy = warehouse.path.read_bytes()
    merge(warehouse, [pull(tmp_path / "2", commits=[commit("c2")], cursor={"head": "c2"})], "alpha", NOW)
    warehouse.path.write_bytes(copy)
    assert stored_cursor(warehouse, "alpha", "git") == {"head": "c1"}
    with warehouse.writing() as connection:
        connection.execute("INSERT INTO stage.content VALUES ('alpha', 'other', 'x')")
    assert stored_cursor(warehouse, "alpha", "git") == {"head": "c1"}


def test_a_failed_pull_keeps_cursor_and_age(warehouse: Warehouse, tmp_path: Path):
    merge_tickets(warehouse, tmp_path / "1", [ticket("1")], cursor={"n": 1})
    later = NOW + timedelta(hours=1)
    warehouse.freshness.record(
        "alpha", "files", Ending(outcome=Outcome.UNAVAILABLE, reason="No such folder."), at=later
    )
    state = warehouse.freshness.states("alpha")["files"]
    assert (state.fetched_at, state.tried_at, state.reason) == (NOW, later, "No such folder.")
    assert stored_cursor(warehouse, "alpha", "files") == {"n": 1}


Content = dict[str, tuple[int, set[str]]]
names = st.sampled_from("abcde")
pulls = st.tuples(
    st.booleans(),
    st.dictionaries(names, st.tuples(st.integers(0, 3), st.sets(names, min_size=1, max_size=3)), max_size=4),
)
numbers = count()


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, Warehouse]:
    folder = tmp_path_factory.mktemp("pair")
    return Warehouse(folder / "one" / "warehouse.duckdb"), Warehouse(folder / "many" / "warehouse.duckdb")


@given(history=st.lists(pulls, min_size=1, max_size=4), workers=st.integers(1, 3))
@settings(max_examples=12, deadline=None)
def test_any_sequence_of_pulls_ends_in_the_tables_of_one_full_pull(
    pair: tuple[Warehouse, Warehouse], history: list[tuple[bool, Content]], workers: int
):
    one, many = pair
    project = f"project-{next(numbers)}"
    final: Content = {}
    for full, content in history:
        final = content if full else {**final, **content}
        merge(many, _pulled(many, project, content, full=full, workers=workers), project, NOW)
    merge(one, _pulled(one, project, final, full=True, workers=1), project, NOW)
    assert _tables(many, project) == _tables(one, project)
    assert len(_tables(one, project)["core.ticket"]) == len(final)


def _pulled(warehouse: Warehouse, project: str, content: Content, *, full: bool, workers: int) -> list[Staging]:
    stagings: list[Staging] = []
    for place in range(workers):
        mine = sorted(content.items())[place::workers]
        tickets = [ticket(name, project, body=str(n), labels=tuple(sorted(paths))) for name, (n, paths) in mine]
        with Staging(warehouse.path.with_name(f"worker-{place}")) as staging:
            stage_tickets(staging, tickets)
            commits = [commit(name, project, files=n, is_bot=n == 0) for name, (n, _) in mine]
            staging.write("git_commit", columns("git_commit", commits))
            changes = [change(name, path, project, additions=n) for name, (n, paths) in mine for path in paths]
            staging.write("git_file_change", columns("git_file_change", changes))
            staging.write("git_tag", columns("git_tag", [tag(name, str(n), project) for name, (n, _) in mine]))
            for source in ("files", "git"):
                staging.cursor(source, {"last": 1}, full=full)
        stagings.append(staging)
    return stagings


def _tables(warehouse: Warehouse, project: str) -> dict[str, list[tuple[object, ...]]]:
    raw = [f"raw.{name}" for name in (*KEYED, "record", "cursor")]
    with warehouse.reading() as connection:
        return {
            table: connection.execute(
                f"SELECT * FROM {table} WHERE project = ? ORDER BY ALL",  # noqa: S608 - names stand above
                [project],
            ).fetchall()
            for table in (*raw, "core.ticket", "core.landed_change", "core.daily_landed")
        }
