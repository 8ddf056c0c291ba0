"""Merging streams whose rows have a key of their own: what differs is deleted and inserted."""

from collections.abc import Sequence
from typing import NamedTuple

from scout.warehouse.connection import Connection, changed_rows
from scout.warehouse.staging import Manifest, Staging
from scout.warehouse.streams import KeyedStream


class Counts(NamedTuple):
    """Rows of one raw table; a changed row counts in both."""

    inserted: int
    deleted: int


def merge_keyed(
    connection: Connection, stream: KeyedStream, done: Sequence[tuple[Staging, Manifest]], project: str
) -> Counts:
    """Merge what was staged of one stream, inside the caller's transaction.

    Args:
        connection: a connection that may write, in a transaction.
        stream: which.
        done: finished stagings in the order in which they count.
        project: that all rows belong to.

    Raises:
        ValueError: rows of another project were staged.
    """
    whole = any(
        source == stream.source and (pulled.full or stream.name in pulled.whole)
        for _, manifest in done
        for source, pulled in manifest.sources.items()
    )
    paths = [
        (str(staging.folder / part), place)
        for place, (staging, manifest) in enumerate(done)
        for part in manifest.parts.get(stream.name, ())
    ]
    if not paths and not whole:
        return Counts(0, 0)
    _stage(connection, stream, paths, project)
    sql = _Words(stream)
    deleted = changed_rows(connection.execute(sql.delete_changed, {"project": project})) if paths else 0
    if whole:
        deleted += changed_rows(connection.execute(sql.delete_gone, {"project": project}))
    inserted = changed_rows(connection.execute(sql.insert))
    connection.execute("DROP TABLE staged")
    return Counts(inserted, deleted)


def _stage(connection: Connection, stream: KeyedStream, paths: Sequence[tuple[str, int]], project: str) -> None:
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

    def __init__(self, stream: KeyedStream) -> None:
        table = f"raw.{stream.name}"
        columns = ", ".join(stream.columns)
        key, group = ", ".join(stream.key), ", ".join(stream.group)
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
              AND NOT EXISTS (FROM staged AS new WHERE {same})
        """  # noqa: S608 - identifiers of the declaration
        self.insert = f"""
            INSERT INTO {table} ({columns})
            SELECT {columns} FROM staged AS new
            WHERE NOT EXISTS (FROM {table} AS kept WHERE {same})
        """  # noqa: S608 - identifiers of the declaration
