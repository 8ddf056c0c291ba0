"""From staging into the warehouse: rows, core and cursors in one transaction, then the folders go.

Only rows that differ are deleted and inserted, so merging the same staging twice changes nothing, and rows that were
fetched again unchanged cost no space. DELETE + INSERT by key is what DuckDB does fastest: MERGE and upserts need an
index on every key, which doubles the file.
"""

import json
from collections.abc import Iterable
from datetime import datetime

from scout.warehouse._keyed import Counts, merge_keyed
from scout.warehouse._recorded import merge_records
from scout.warehouse.connection import Connection
from scout.warehouse.freshness import Cursor
from scout.warehouse.staging import Staging
from scout.warehouse.store import NoWarehouseError, Warehouse
from scout.warehouse.streams import KEYED, RECORD

__all__ = ["Counts", "merge", "stored_cursor"]


def merge(warehouse: Warehouse, stagings: Iterable[Staging], project: str, now: datetime) -> dict[str, Counts]:
    """Merge what finished workers staged for one project; return what changed by raw table.

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
            for stream in KEYED.values():
                counts[stream.name] = merge_keyed(connection, stream, done, project)
            counts[RECORD.name] = merge_records(connection, done, project)
            for _, manifest in done:
                for source, pulled in manifest.sources.items():
                    _store_cursor(connection, project, source, pulled.cursor, now)
    for _, manifest in done:
        for source, pulled in manifest.sources.items():
            if pulled.ending is None:
                warehouse.freshness.proceed(project, source, pulled.cursor)
            else:
                warehouse.freshness.record(project, source, pulled.ending, at=now, cursor=pulled.cursor)
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
