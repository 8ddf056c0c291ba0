"""The streams that sources stage: their columns, keys, and what makes two rows the same.

A new stream is one more `Stream` here and its table in a migration; the merge needs no word about it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from scout.model import Ticket, digest


class Kind(Enum):
    """What a column holds; a moment is a time with zone."""

    TEXT = auto()
    INTEGER = auto()
    FLAG = auto()
    MOMENT = auto()


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of record, staged as Parquet and kept in the raw table of the same name.

    Attributes:
        name: the stream, which is also the table's name in schema `raw`.
        columns: kinds by name, `project` first, as the table has them; the table says which may be null.
        key: what identifies a row.
        group: the part of the key whose rows are replaced together.
        same: columns that decide whether a row has changed, besides the key.
        source: the source it belongs to; empty where each row names its own in a column `source`.
    """

    name: str
    columns: Mapping[str, Kind]
    key: tuple[str, ...]
    group: tuple[str, ...]
    same: tuple[str, ...]
    source: str = ""


GIT_COMMIT = Stream(
    name="git_commit",
    columns={
        "project": Kind.TEXT,
        "sha": Kind.TEXT,
        "parents": Kind.INTEGER,
        "committed_at": Kind.MOMENT,
        "authored_at": Kind.MOMENT,
        "author_id": Kind.TEXT,
        "is_merge": Kind.FLAG,
        "is_bot": Kind.FLAG,
        "first_parent": Kind.FLAG,
        "subject": Kind.TEXT,
        "reverts": Kind.TEXT,
        "files": Kind.INTEGER,
        "additions": Kind.INTEGER,
        "deletions": Kind.INTEGER,
    },
    key=("project", "sha"),
    group=("project", "sha"),
    same=(
        *("parents", "committed_at", "authored_at", "author_id", "is_merge", "is_bot", "first_parent"),
        *("subject", "reverts", "files", "additions", "deletions"),
    ),
    source="git",
)
GIT_FILE_CHANGE = Stream(
    name="git_file_change",
    columns={
        "project": Kind.TEXT,
        "sha": Kind.TEXT,
        "path": Kind.TEXT,
        "old_path": Kind.TEXT,
        "status": Kind.TEXT,
        "additions": Kind.INTEGER,
        "deletions": Kind.INTEGER,
    },
    key=("project", "sha", "path"),
    group=("project", "sha"),
    same=("old_path", "status", "additions", "deletions"),
    source="git",
)
GIT_TAG = Stream(
    name="git_tag",
    columns={"project": Kind.TEXT, "name": Kind.TEXT, "sha": Kind.TEXT, "tagged_at": Kind.MOMENT},
    key=("project", "name"),
    group=("project", "name"),
    same=("sha", "tagged_at"),
    source="git",
)
TICKET = Stream(
    name="ticket",
    columns={
        "project": Kind.TEXT,
        "source": Kind.TEXT,
        "key": Kind.TEXT,
        "fetched_at": Kind.MOMENT,
        "digest": Kind.TEXT,
        "payload": Kind.TEXT,
    },
    key=("project", "source", "key"),
    group=("project", "source", "key"),
    same=("digest",),
)

STREAMS = {stream.name: stream for stream in (GIT_COMMIT, GIT_FILE_CHANGE, GIT_TAG, TICKET)}


def ticket_digest(ticket: Ticket) -> str:
    """Return the digest of a ticket's whole content."""
    return digest(ticket.model_dump(mode="json"), length=32)


def ticket_rows(tickets: Iterable[Ticket], fetched_at: datetime) -> dict[str, list[object]]:
    """Return tickets as columns of the stream `ticket`, for `Staging.write`.

    Args:
        tickets: of any projects and sources.
        fetched_at: when they were read (UTC).
    """
    rows: list[tuple[object, ...]] = [
        (
            ticket.project,
            ticket.source,
            ticket.key,
            fetched_at,
            ticket_digest(ticket),
            ticket.model_dump_json(round_trip=True),
        )
        for ticket in tickets
    ]
    return {name: [row[place] for row in rows] for place, name in enumerate(TICKET.columns)}
