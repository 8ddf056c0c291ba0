"""From staging into the warehouse: raw rows, core and cursors in one transaction, then the folders go.

Only rows that differ are deleted and inserted, so merging the same staging twice changes nothing, and rows that were
fetched again unchanged cost no space. DELETE + INSERT by key is what DuckDB does fastest: MERGE and upserts need an
index on every key, which doubles the file.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from scout.model import Outcome
from scout.warehouse.connection import Connection
from scout.warehouse.core import build_core
from scout.warehouse.freshness import Cursor
from scout.warehouse.staging import Manifest, Staging
from scout.warehouse.store import NoWarehouseError, Warehouse
from scout.warehouse.streams import STREAMS, Stream


class Counts(NamedTuple):
    """Rows of one raw table; a changed row counts in both."""

    inserted: int
    deleted: int


def merge(warehouse: Warehouse, stagings: Iterable[Staging], project: str, now: datetime) -> dict[str, Counts]:
    """Merge what finished workers staged for one project; return what changed by stream.

    Killed at any moment, the warehouse has all of it or nothing of it, and merging again ends in the same state.
    Folders of aborted workers are only removed.

    Args:
        warehouse: the warehouse.
        stagings: in the order in which they count: of two rows with the same key, the later one's is kept.
        project: the project that all staged rows belong to.
        now: the time of this run (UTC).

    Raises:
        StoreError: the warehouse cannot be written; nothing was merged.
        ValueError: rows of another project were staged.
    """
    folders = list(stagings)
    done = [(staging, manifest) for staging in folders if (manifest := staging.manifest()) is not None]
    counts: dict[str, Counts] = {}
    if done:
        with warehouse.writing() as connection:
            for stream in STREAMS.values():
                counts[stream.name] = _merge_stream(connection, stream, done, project)
            for _, manifest in done:
                for source, pulled in manifest.sources.items():
                    _store_cursor(connection, project, source, pulled.cursor, now)
            if _may_change_core(counts, done):
                build_core(connection, project)
    for _, manifest in done:
        for source, pulled in manifest.sources.items():
            warehouse.freshness.record(project, source, at=now, outcome=Outcome.PRESENT, cursor=pulled.cursor)
    for staging in folders:
        staging.remove()
    return counts


def stored_cursor(warehouse: Warehouse, project: str, source: str) -> Cursor | None:
    """Return where the next pull of a source goes on; None when it was never read, so that all of it is needed.

    `sources.json` answers where it can be believed; only otherwise is the warehouse opened.

    Raises:
        StoreError: the warehouse cannot be read.
    """
    known = warehouse.freshness.cursors(project)
    if known is not None:
        return known.get(source)
    try:
        with warehouse.reading() as connection:
            row = connection.execute(
                "SELECT position FROM raw.cursor WHERE project = ? AND source = ?", [project, source]
            ).fetchone()
    except NoWarehouseError:
        return None
    return json.loads(row[0]) if row else None


def _store_cursor(connection: Connection, project: str, source: str, cursor: Cursor, now: datetime) -> None:
    position = json.dumps(cursor, ensure_ascii=False, sort_keys=True)
    named = {"project": project, "source": source}
    same = connection.execute(
        "SELECT 1 FROM raw.cursor WHERE project = $project AND source = $source AND position = $position",
        {**named, "position": position},
    ).fetchone()
    if same is None:
        connection.execute("DELETE FROM raw.cursor WHERE project = $project AND source = $source", named)
        connection.execute("INSERT INTO raw.cursor VALUES (?, ?, ?, ?)", [project, source, position, now])


def _merge_stream(
    connection: Connection, stream: Stream, done: Sequence[tuple[Staging, Manifest]], project: str
) -> Counts:
    whole = [
        source
        for _, manifest in done
        for source, pulled in manifest.sources.items()
        if (pulled.full or stream.name in pulled.whole) and stream.source in {"", source}
    ]
    paths = [
        (str(staging.folder / part), place)
        for place, (staging, manifest) in enumerate(done)
        for part in manifest.parts.get(stream.name, ())
    ]
    if not paths and not whole:
        return Counts(0, 0)
    _stage(connection, stream, paths, project)
    sql = _Words(stream)
    deleted = _rows(connection.execute(sql.delete_changed, {"project": project})) if paths else 0
    if whole:
        deleted += _rows(connection.execute(sql.delete_gone, {"project": project, "whole": whole}))
    inserted = _rows(connection.execute(sql.insert))
    connection.execute("DROP TABLE staged")
    return Counts(inserted, deleted)


def _may_change_core(counts: Mapping[str, Counts], done: Sequence[tuple[Staging, Manifest]]) -> bool:
    cleared = any(pulled.full or pulled.whole for _, manifest in done for pulled in manifest.sources.values())
    return cleared or any(inserted or deleted for inserted, deleted in counts.values())


def _rows(connection: Connection) -> int:
    """Return how many rows the last statement changed."""
    row = connection.fetchone()
    return int(row[0]) if row else 0


def _stage(connection: Connection, stream: Stream, paths: Sequence[tuple[str, int]], project: str) -> None:
    """Make the temporary table `staged`: one row a key, of the last staging that has the key's group."""
    sql = _Words(stream)
    if not paths:
        connection.execute(sql.nothing_staged)
        return
    named = {"paths": [path for path, _ in paths], "places": [place for _, place in paths]}
    connection.execute(sql.staged, named)
    row = connection.execute("SELECT project FROM staged WHERE project <> ? LIMIT 1", [project]).fetchone()
    if row is not None:
        message = f"stream {stream.name} was staged for project {project}, but has rows of {row[0]}"
        raise ValueError(message)


class _Words:
    """The statements for one stream: identifiers come from its declaration, values are bound."""

    def __init__(self, stream: Stream) -> None:
        table = f"raw.{stream.name}"
        columns = ", ".join(stream.columns)
        key, group = ", ".join(stream.key), ", ".join(stream.group)
        source = f"'{stream.source}'" if stream.source else "kept.source"
        in_group = " AND ".join(f"new.{name} = kept.{name}" for name in stream.group)
        same = " AND ".join(
            (
                *(f"new.{name} = kept.{name}" for name in stream.key),
                *(f"new.{name} IS NOT DISTINCT FROM kept.{name}" for name in stream.same),
            )
        )
        self.nothing_staged = f"CREATE TEMP TABLE staged AS FROM {table} LIMIT 0"
        self.staged = f"""
            CREATE TEMP TABLE staged AS
            WITH part AS (
                SELECT {columns}, list_position($paths, filename) AS part, file_row_number AS line,
                       $places[list_position($paths, filename)] AS place
                FROM read_parquet($paths, union_by_name = true, filename = true, file_row_number = true)
            ), latest AS (
                FROM part QUALIFY place = max(place) OVER (PARTITION BY {group})
            )
            SELECT {columns} FROM latest
            QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY part DESC, line DESC) = 1
        """  # noqa: S608 - identifiers of the declaration
        self.delete_changed = f"""
            DELETE FROM {table} AS kept
            WHERE project = $project
              AND EXISTS (FROM staged AS new WHERE {in_group})
              AND NOT EXISTS (FROM staged AS new WHERE {same})
        """  # noqa: S608 - identifiers of the declaration
        self.delete_gone = f"""
            DELETE FROM {table} AS kept
            WHERE project = $project
              AND list_contains($whole, {source})
              AND NOT EXISTS (FROM staged AS new WHERE {same})
        """  # noqa: S608 - identifiers of the declaration
        self.insert = f"""
            INSERT INTO {table} ({columns})
            SELECT {columns} FROM staged AS new
            WHERE NOT EXISTS (FROM {table} AS kept WHERE {same})
        """  # noqa: S608 - identifiers of the declaration
