"""Raw records and their core rows: how many there are, which of them are gone, and what is missing about them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from scout.warehouse.connection import Connection
from scout.warehouse.records import TABLES

_KEYS = 10_000

_AFTER = """
    SELECT stream, key, digest, payload
    FROM raw.record
    WHERE project = $project AND source = $source AND (stream, key) > ($stream, $key)
    ORDER BY stream, key LIMIT $limit
"""

_WANTING = """
    SELECT kept.key, kept.changed_at
    FROM raw.record AS kept LEFT JOIN raw.record AS detail
      ON detail.project = kept.project AND detail.source = kept.source
     AND detail.stream = $detail AND detail.key = kept.key
    WHERE kept.project = $project AND kept.source = $source AND list_contains(kept.details, $detail)
      AND (detail.key IS NULL OR kept.changed_at > coalesce(detail.changed_at, '-infinity'))
    ORDER BY kept.changed_at DESC NULLS LAST, length(kept.key) DESC, kept.key DESC
    LIMIT $limit
"""


def absent(connection: Connection, project: str, source: str, stream: str, present: Iterable[str]) -> list[str]:
    """Return the keys of a stream that are stored and not in `present`, sorted.

    Args:
        connection: an open connection; it stays open while `present` is read.
        project: the project's id.
        source: the source's id.
        stream: the source's stream.
        present: keys, in any order, perhaps many.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE present (key VARCHAR)")
    for keys in _chunks(present):
        connection.execute("INSERT INTO present SELECT unnest($keys)", {"keys": keys})
    rows = connection.execute(
        "SELECT key FROM raw.record ANTI JOIN present USING (key) "
        "WHERE project = $project AND source = $source AND stream = $stream ORDER BY key",
        {"project": project, "source": source, "stream": stream},
    ).fetchall()
    connection.execute("DROP TABLE present")
    return [key for (key,) in rows]


def wanting(
    connection: Connection, project: str, source: str, detail: str, limit: int
) -> list[tuple[str, datetime | None]]:
    """Return key and time of change of records that have a detail which is not there, or older than they are.

    The newest come first, at most `limit`.
    """
    named = {"project": project, "source": source, "detail": detail, "limit": limit}
    return connection.execute(_WANTING, named).fetchall()


class Stored(NamedTuple):
    """A record as it is stored: what its core rows follow from, and its digest."""

    stream: str
    key: str
    digest: str
    payload: str


def after(connection: Connection, project: str, source: str, last: tuple[str, str], limit: int) -> list[Stored]:
    """Return the records of a source whose stream and key come after `last`, in their order, at most `limit`."""
    named = {"project": project, "source": source, "stream": last[0], "key": last[1], "limit": limit}
    return [Stored(*row) for row in connection.execute(_AFTER, named).fetchall()]


def core_counts(connection: Connection, project: str) -> dict[str, int]:
    """Return how many rows each core table of records has for a project, by table."""
    counts: dict[str, int] = {}
    for table in TABLES.values():
        row = connection.execute(
            f"SELECT count(*) FROM core.{table} WHERE project = ?",  # noqa: S608 - a name of ours
            [project],
        ).fetchone()
        counts[table] = row[0] if row else 0
    return counts


def _chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    left = iter(keys)
    while chunk := list(islice(left, _KEYS)):
        yield chunk
