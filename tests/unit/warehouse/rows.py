"""Made-up rows for tests of the warehouse."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scout.model import Ticket
from scout.sources._records import RecordSink
from scout.sources.files import record_of
from scout.warehouse.connection import Connection
from scout.warehouse.merge import Counts, merge
from scout.warehouse.records import LabelRow, Record, Tombstone
from scout.warehouse.staging import Staging
from scout.warehouse.store import Warehouse
from scout.warehouse.streams import STREAMS

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def ticket(key: str, project: str = "alpha", source: str = "files", **fields: Any) -> Ticket:
    return Ticket(project=project, key=key, source=source, title=fields.pop("title", f"Ticket {key}"), **fields)


def columns(stream: str, rows: Iterable[Mapping[str, object]]) -> dict[str, list[object]]:
    given = list(rows)
    return {name: [row.get(name) for row in given] for name in STREAMS[stream].columns}


def commit(sha: str, project: str = "alpha", day: int = 0, **fields: object) -> dict[str, object]:
    at = NOW - timedelta(days=30 - day)
    common: dict[str, object] = {
        "project": project,
        "sha": sha,
        "parents": 1,
        "committed_at": at,
        "authored_at": at,
        "author_id": "a1",
        "is_merge": False,
        "is_bot": False,
        "first_parent": True,
        "subject": f"Change {sha}",
        "files": 1,
        "additions": 2,
        "deletions": 1,
    }
    return {**common, **fields}


def change(sha: str, path: str, project: str = "alpha", **fields: object) -> dict[str, object]:
    return {"project": project, "sha": sha, "path": path, "status": "M", "additions": 2, "deletions": 1, **fields}


def tag(name: str, sha: str, project: str = "alpha") -> dict[str, object]:
    return {"project": project, "name": name, "sha": sha, "tagged_at": NOW}


def stage_tickets(staging: Staging, tickets: Iterable[Ticket], now: datetime = NOW) -> None:
    """Write tickets as the source `files` does, whatever source they say they are of."""
    for one in tickets:
        sink = RecordSink(one.project, one.source, now, staging.write)
        sink.add(record_of(one))
        sink.flush()


def merge_tickets(  # noqa: PLR0913 - one argument a property of the pull
    warehouse: Warehouse,
    folder: Path,
    tickets: Iterable[Ticket],
    *,
    project: str = "alpha",
    source: str = "files",
    full: bool = True,
    cursor: Mapping[str, object] | None = None,
    now: datetime = NOW,
) -> Counts:
    with Staging(folder) as staging:
        stage_tickets(staging, tickets, now)
        staging.cursor(source, dict(cursor or {}), full=full)
    return merge(warehouse, [staging], project, now)["record"]


def record(  # noqa: PLR0913 - one argument a property
    key: str,
    text: str = "",
    *,
    stream: str = "issue",
    parent: str = "",
    changed: datetime | None = None,
    details: tuple[str, ...] = (),
) -> Record:
    """A record with one label for each word of its text."""
    core = tuple(LabelRow(name=word, description=key) for word in text.split())
    return Record(stream, key, f'{{"text":"{text}"}}'.encode(), parent, changed, details, core)


def staged(
    folder: Path,
    things: Iterable[Record | Tombstone],
    *,
    project: str = "alpha",
    now: datetime = NOW,
    whole: tuple[str, ...] = (),
) -> Staging:
    """Records and tombstones of the source `tracker`, in a folder of their own."""
    with Staging(folder) as staging:
        sink = RecordSink(project, "tracker", now, staging.write)
        for thing in things:
            sink.add(thing) if isinstance(thing, Record) else sink.gone(thing)
        sink.flush()
        staging.cursor("tracker", {}, full=False, whole=whole)
    return staging


def merged(
    warehouse: Warehouse, *things: Record | Tombstone, now: datetime = NOW, whole: tuple[str, ...] = ()
) -> Counts:
    staging = staged(warehouse.path.with_name("worker"), things, now=now, whole=whole)
    return merge(warehouse, [staging], "alpha", now)["record"]


def keys(connection: Connection, project: str = "alpha", source: str = "files") -> list[str]:
    rows = connection.execute(
        "SELECT key FROM raw.record WHERE project = ? AND source = ? ORDER BY key", [project, source]
    )
    return [key for (key,) in rows.fetchall()]
