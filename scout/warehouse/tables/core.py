"""The core rows of one project, as values."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from scout.warehouse.connection import Connection
from scout.warehouse.records import TABLES, CoreRow

Row = TypeVar("Row", bound=CoreRow)


def rows(connection: Connection, project: str, kind: type[Row]) -> tuple[Row, ...]:
    """Return all rows of a table of a project, in a fixed order: by source, stream, key and place of their record."""
    columns = ", ".join(f'"{name}"' for name in kind._fields)
    found = connection.execute(
        f"SELECT {columns} FROM core.{TABLES[kind]} WHERE project = ? "  # noqa: S608 - names of ours
        "ORDER BY source, stream, length(record), record, place",
        [project],
    ).fetchall()
    return tuple(kind(*row) for row in found)


def digest(connection: Connection, project: str, kinds: Iterable[type[CoreRow]]) -> str:
    """Return a digest of all rows of some tables of a project: changes when one of them is made, changed or lost."""
    counted = [
        connection.execute(
            f"SELECT count(*), coalesce(bit_xor(hash(source, stream, record, place, digest)), 0) "  # noqa: S608
            f"FROM core.{TABLES[kind]} WHERE project = ?",
            [project],
        ).fetchone()
        for kind in sorted(kinds, key=lambda kind: TABLES[kind])
    ]
    return " ".join(f"{row[0]}:{row[1]}" for row in counted if row)


def merged_changes(connection: Connection, project: str, since: datetime) -> list[tuple[int, float]]:
    """Return the size and the duration of the changes that people made and that were merged from `since` on.

    Returns:
        number of files touched and hours from opening to merge, a pair for each change whose files are known.
    """
    return connection.execute(
        """
        SELECT count(DISTINCT file.path), epoch(any_value(change.merged_at) - any_value(change.created_at)) / 3600
        FROM core.change JOIN core.change_file AS file
          ON file.project = change.project AND file.source = change.source AND file.change = change.key
        WHERE change.project = ? AND change.merged_at >= ? AND change.created_at IS NOT NULL AND NOT change.by_bot
        GROUP BY change.source, change.key
        ORDER BY ALL
        """,
        [project, since],
    ).fetchall()
