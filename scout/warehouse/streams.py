"""The streams that sources stage: their columns, keys, and what makes two rows the same.

There are two kinds. Rows with a key of their own (`KEYED`, a history of git): a new one is one more `KeyedStream` here
and its table in a migration; the merge needs no word about it. And records (`record`, `tombstone`, and one stream for
each core table of `records.TABLES`), whose columns follow from the classes in `records`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from types import NoneType
from typing import Any, get_args

from scout.warehouse.records import TABLES, CoreRow


class Kind(Enum):
    """What a column holds; a moment is a time with zone, texts are a list of them."""

    TEXT = auto()
    TEXTS = auto()
    INTEGER = auto()
    FLAG = auto()
    MOMENT = auto()


@dataclass(frozen=True, slots=True)
class Stream:
    """What workers stage as Parquet.

    Attributes:
        name: the stream.
        columns: kinds by name, `project` first.
        nullable: columns that may be null, where that is known.
    """

    name: str
    columns: Mapping[str, Kind]
    nullable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedStream(Stream):
    """Rows that are kept as they are staged, in the raw table of the same name, whose columns they have.

    Attributes:
        key: what identifies a row.
        group: the part of the key whose rows are replaced together.
        same: columns that decide whether a row has changed, besides the key.
        source: the source it belongs to.
    """

    key: tuple[str, ...]
    group: tuple[str, ...]
    same: tuple[str, ...]
    source: str


GIT_COMMIT = KeyedStream(
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
GIT_FILE_CHANGE = KeyedStream(
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
GIT_TAG = KeyedStream(
    name="git_tag",
    columns={"project": Kind.TEXT, "name": Kind.TEXT, "sha": Kind.TEXT, "tagged_at": Kind.MOMENT},
    key=("project", "name"),
    group=("project", "name"),
    same=("sha", "tagged_at"),
    source="git",
)
_ORDER = {"turn": Kind.INTEGER, "written": Kind.INTEGER}
LINEAGE = {
    "project": Kind.TEXT,
    "source": Kind.TEXT,
    "stream": Kind.TEXT,
    "record": Kind.TEXT,
    "place": Kind.INTEGER,
    "digest": Kind.TEXT,
    "fetched_at": Kind.MOMENT,
}
"""Columns that lead from a core row to its record: `record` is its key, `place` counts its rows in this table."""

RECORD = Stream(
    name="record",
    columns={
        "project": Kind.TEXT,
        "source": Kind.TEXT,
        "stream": Kind.TEXT,
        "key": Kind.TEXT,
        "parent": Kind.TEXT,
        "changed_at": Kind.MOMENT,
        "fetched_at": Kind.MOMENT,
        "digest": Kind.TEXT,
        "details": Kind.TEXTS,
        "payload": Kind.TEXT,
        **_ORDER,
    },
    nullable=frozenset({"changed_at"}),
)
"""Records as `records.Record` has them. `written` numbers what one worker wrote, growing, and leads from staged core
rows to their record. `turn` goes on by one where a record follows its own tombstone, or that of its parent."""

TOMBSTONE = Stream(
    name="tombstone",
    columns={
        "project": Kind.TEXT,
        "source": Kind.TEXT,
        "stream": Kind.TEXT,
        "key": Kind.TEXT,
        "reason": Kind.TEXT,
        "moved_to": Kind.TEXT,
        "noticed_at": Kind.MOMENT,
        **_ORDER,
    },
)

REMADE = Stream(
    name="remade",
    columns={
        "project": Kind.TEXT,
        "source": Kind.TEXT,
        "stream": Kind.TEXT,
        "key": Kind.TEXT,
        "digest": Kind.TEXT,
        "turn": Kind.INTEGER,
        "written": Kind.INTEGER,
    },
)
"""Stored records whose core rows were made anew and are to be replaced, if they still have this digest."""

_KINDS: Mapping[Any, Kind] = {
    str: Kind.TEXT,
    str | None: Kind.TEXT,
    list[str]: Kind.TEXTS,
    int: Kind.INTEGER,
    int | None: Kind.INTEGER,
    bool: Kind.FLAG,
    datetime | None: Kind.MOMENT,
}


def _core_stream(table: str, row: type[CoreRow]) -> Stream:
    fields = {name: _KINDS[kind] for name, kind in row.__annotations__.items()}
    return Stream(
        name=f"core_{table}",
        columns={**LINEAGE, **fields, "written": Kind.INTEGER},
        nullable=frozenset(name for name, kind in row.__annotations__.items() if NoneType in get_args(kind)),
    )


CORE = {table: _core_stream(table, row) for row, table in TABLES.items()}
"""Streams of core rows by table: the table's columns, and `written`."""

KEYED = {stream.name: stream for stream in (GIT_COMMIT, GIT_FILE_CHANGE, GIT_TAG)}
STREAMS: Mapping[str, Stream] = {
    stream.name: stream for stream in (*KEYED.values(), RECORD, TOMBSTONE, REMADE, *CORE.values())
}
