"""Merging records: a raw record and the core rows that follow from it change together.

What was staged is told apart by narrow columns first; payloads are read once, and only those that are kept.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scout.warehouse import _words as sql
from scout.warehouse._keyed import Counts
from scout.warehouse.connection import Connection, changed_rows
from scout.warehouse.staging import Manifest, Staging
from scout.warehouse.streams import CORE, RECORD, REMADE, TOMBSTONE


class _Parts(NamedTuple):
    """Parquet files of one staging: of records, tombstones, records whose core was remade, and core rows by table."""

    records: list[str]
    tombstones: list[str]
    remade: list[str]
    core: dict[str, list[str]]


def merge_records(connection: Connection, done: Sequence[tuple[Staging, Manifest]], project: str) -> Counts:
    """Merge staged records, tombstones and core rows, inside the caller's transaction.

    Of the states of a record the one that changed last counts, whatever the warehouse has included; among those that
    changed at the same time, the one written last.

    Args:
        connection: a connection that may write, in a transaction.
        done: finished stagings in the order in which they count.
        project: that all rows belong to.

    Returns:
        Rows of `raw.record`.

    Raises:
        ValueError: rows of another project were staged.
    """
    inserted = deleted = 0
    staged = [_parts(staging, manifest) for staging, manifest in done]
    for parts in staged:
        for turn in _turns(connection, parts, project):
            came, went = _merge_turn(connection, parts, project, turn)
            inserted, deleted = inserted + came, deleted + went
    for source, streams in _whole(done):
        paths = [path for parts in staged for path in parts.records]
        deleted += _remove_unseen(connection, project, source, streams, paths)
    return Counts(inserted, deleted)


def _parts(staging: Staging, manifest: Manifest) -> _Parts:
    def of(stream: str) -> list[str]:
        return [str(staging.folder / part) for part in manifest.parts.get(stream, ())]

    core = {table: of(stream.name) for table, stream in CORE.items()}
    return _Parts(
        of(RECORD.name), of(TOMBSTONE.name), of(REMADE.name), {table: paths for table, paths in core.items() if paths}
    )


def _turns(connection: Connection, parts: _Parts, project: str) -> Iterator[int]:
    """Return the turns of a staging in order; within one, tombstones come after all records."""
    found: set[int] = set()
    for paths in filter(None, (parts.records, parts.tombstones, parts.remade)):
        for turn, owner in connection.execute(sql.TURNS, {"paths": paths}).fetchall():
            if owner != project:
                message = f"records were staged for project {project}, but there are some of {owner}"
                raise ValueError(message)
            found.add(turn)
    yield from sorted(found)


def _merge_turn(connection: Connection, parts: _Parts, project: str, turn: int) -> Counts:
    inserted = deleted = 0
    named = {"project": project}
    if parts.records:
        connection.execute(sql.NEWS, {**named, "paths": parts.records, "turn": turn})
        deleted = changed_rows(connection.execute(sql.DELETE_REPLACED))
        connection.execute(sql.DELETE_RETURNED, named)
        connection.execute(sql.LOST_CONTENT)
        _delete_core(connection, project)
        inserted = changed_rows(connection.execute(sql.INSERT_RECORDS, {"paths": parts.records}))
        _insert_core(connection, parts)
    if parts.remade:
        connection.execute(sql.REMADE, {**named, "paths": parts.remade})
        connection.execute(sql.LOST_CONTENT)
        _delete_core(connection, project)
        _insert_core(connection, parts)
    if parts.tombstones:
        connection.execute(sql.TOLD, {"paths": parts.tombstones, "turn": turn})
        connection.execute(sql.LOST_TOLD, named)
        deleted += _delete_lost(connection, project)
        connection.execute(sql.DELETE_RETOLD, named)
        connection.execute(sql.INSERT_TOMBSTONES, named)
        connection.execute("DROP TABLE told")
    return Counts(inserted, deleted)


def _insert_core(connection: Connection, parts: _Parts) -> None:
    """Insert the core rows of the records in `news`, and drop that table."""
    for table, paths in parts.core.items():
        connection.execute(sql.INSERT_CORE[table], {"paths": paths})
    connection.execute("DROP TABLE news")


def _whole(done: Sequence[tuple[Staging, Manifest]]) -> Iterator[tuple[str, list[str] | None]]:
    """Return sources with the streams of which everything was staged; None stands for all streams."""
    for source in dict.fromkeys(source for _, manifest in done for source in manifest.sources):
        pulled = [manifest.sources[source] for _, manifest in done if source in manifest.sources]
        if any(one.full for one in pulled):
            yield source, None
        elif streams := sorted({name for one in pulled for name in one.whole}):
            yield source, streams


def _remove_unseen(
    connection: Connection, project: str, source: str, streams: list[str] | None, paths: list[str]
) -> int:
    named = {"project": project, "source": source, "streams": streams}
    if paths:
        connection.execute(sql.SEEN, {"source": source, "paths": paths})
    else:
        connection.execute(sql.SEEN_NOTHING)
    connection.execute(sql.LOST_UNSEEN, named)
    connection.execute("DROP TABLE seen")
    return _delete_lost(connection, project)


def _delete_lost(connection: Connection, project: str) -> int:
    deleted = changed_rows(connection.execute(sql.DELETE_LOST, {"project": project}))
    _delete_core(connection, project)
    return deleted


def _delete_core(connection: Connection, project: str) -> None:
    """Delete the core rows of the records in `lost`, and that table."""
    row = connection.execute("SELECT 1 FROM lost LIMIT 1").fetchone()
    for statement in sql.DELETE_CORE if row else ():
        connection.execute(statement, {"project": project})
    connection.execute("DROP TABLE lost")
