"""What sources of records bring: a raw record, and the core rows that follow from it alone.

A record is one thing of a tracker as it was fetched. Every core row is made from exactly one record and carries its
source, stream, key and digest: whoever replaces a record replaces its core rows in the same transaction, and whoever
reads a core row finds the record it came from. What needs several records is a view (`migrations/*.sql`).

Each class of `TABLES` is one table of schema `core`: its fields, in order, are the columns after those of lineage.
"""

from datetime import datetime
from typing import NamedTuple

from scout.warehouse._change_rows import (
    ChangeBranchRow,
    ChangeCommitRow,
    ChangeFileRow,
    ChangeRow,
    ControlRow,
    JobRow,
    ReleaseRow,
    ReviewRow,
    RunRow,
)
from scout.warehouse._ticket_rows import (
    CommentRow,
    IterationRow,
    LabelRow,
    LinkRow,
    StatusRow,
    TicketRow,
    TransitionRow,
)

__all__ = [
    "CHANGE_TABLES",
    "RUN_TABLES",
    "TABLES",
    "TICKET_TABLES",
    "ChangeBranchRow",
    "ChangeCommitRow",
    "ChangeFileRow",
    "ChangeRow",
    "CommentRow",
    "ControlRow",
    "CoreRow",
    "IterationRow",
    "JobRow",
    "LabelRow",
    "LinkRow",
    "Record",
    "ReleaseRow",
    "ReviewRow",
    "RunRow",
    "StatusRow",
    "TicketRow",
    "Tombstone",
    "TransitionRow",
]

CoreRow = (
    TicketRow
    | CommentRow
    | TransitionRow
    | LinkRow
    | ChangeRow
    | ChangeBranchRow
    | ChangeFileRow
    | ChangeCommitRow
    | ReviewRow
    | RunRow
    | JobRow
    | ReleaseRow
    | LabelRow
    | IterationRow
    | StatusRow
    | ControlRow
)

TABLES: dict[type[CoreRow], str] = {
    TicketRow: "ticket",
    CommentRow: "comment",
    TransitionRow: "transition",
    LinkRow: "link",
    ChangeRow: "change",
    ChangeBranchRow: "change_branch",
    ChangeFileRow: "change_file",
    ChangeCommitRow: "change_commit",
    ReviewRow: "review",
    RunRow: "run",
    JobRow: "job",
    ReleaseRow: "release",
    LabelRow: "label",
    IterationRow: "iteration",
    StatusRow: "status",
    ControlRow: "control",
}


TICKET_TABLES: frozenset[type[CoreRow]] = frozenset(
    {TicketRow, CommentRow, TransitionRow, LinkRow, LabelRow, IterationRow, StatusRow}
)
CHANGE_TABLES: frozenset[type[CoreRow]] = frozenset(
    {ChangeRow, ChangeBranchRow, ChangeFileRow, ChangeCommitRow, ReviewRow, CommentRow, TransitionRow, LinkRow}
)
RUN_TABLES: frozenset[type[CoreRow]] = frozenset({RunRow, JobRow})


class Record(NamedTuple):
    """One thing of a tracker as it was fetched.

    Attributes:
        stream: the kind of thing, in the source's words.
        key: unique within project, source and stream.
        parent: `stream/key` of the record it hangs on and goes with; empty without one.
        changed_at: the tracker's time of its last change (UTC); of two fetched states the later one counts.
        payload: JSON, people replaced by pseudonyms, otherwise as it came, unknown fields included.
        details: streams that hold more about it, each a record with the same key, fetched apart (see `Known`).
        core: what follows from it.
    """

    stream: str
    key: str
    payload: bytes
    parent: str = ""
    changed_at: datetime | None = None
    details: tuple[str, ...] = ()
    core: tuple[CoreRow, ...] = ()


class Tombstone(NamedTuple):
    """A record that is not there any more, and what became of it.

    Attributes:
        reason: `deleted`, `moved`, `converted` (to a discussion), `hidden` (we may not see it any more) or `gone`
            (the tracker does not tell which of these).
        moved_to: where it is now: an address or a key; empty where nobody knows.
    """

    stream: str
    key: str
    reason: str
    moved_to: str = ""
