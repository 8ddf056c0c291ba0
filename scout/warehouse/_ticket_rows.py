"""Core rows about tickets; `records` says what core rows are."""

from datetime import datetime
from typing import NamedTuple


class TicketRow(NamedTuple):
    """A work item.

    Attributes:
        state: one of `TicketState`; `native_state` is the tracker's word for it.
        kind: one of `WorkKind`; `native_kind` is the tracker's word for it.
        claimed: whether somebody has it.
        author: pseudonym of who wrote it, for counting only; `by_bot` whether that is a program.
        parent: key of the ticket it is a part of; empty without one.
        resolution: the tracker's word for why it was closed.
        fields: custom fields that the settings name, as a JSON object.
    """

    key: str
    title: str
    body: str
    state: str
    native_state: str
    kind: str | None
    native_kind: str
    labels: list[str]
    claimed: bool
    priority: str
    milestone: str
    parent: str
    resolution: str
    author: str
    by_bot: bool
    url: str
    fields: str
    created_at: datetime | None
    updated_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None


class CommentRow(NamedTuple):
    """Something said about a ticket or a change.

    Attributes:
        subject: key of the ticket or the change.
        key: the tracker's id of it.
        kind: `comment`, or `review` for a remark on a line of a change.
    """

    subject: str
    key: str
    kind: str
    body: str
    author: str
    by_bot: bool
    url: str
    created_at: datetime | None
    updated_at: datetime | None


class TransitionRow(NamedTuple):
    """One thing about a ticket or a change that became another.

    Attributes:
        subject: key of the ticket or the change.
        field: what changed: `state`, `label`, `claim`, `milestone`, `title`, or the tracker's word for it.
        before: in Scout's vocabulary for `state`; empty for what was added.
        after: likewise; empty for what was taken away.
        native_before: in the tracker's words.
        native_after: in the tracker's words.
        actor: pseudonym, for counting only.
    """

    subject: str
    field: str
    before: str
    after: str
    native_before: str
    native_after: str
    actor: str
    by_bot: bool
    at: datetime | None


class LinkRow(NamedTuple):
    """A link from a ticket (or a change) to another.

    Attributes:
        kind: `blocked_by`, `blocks`, `duplicates`, `duplicated_by`, `parent`, `child`, `closes`, `relates` or the
            tracker's word in lower case.
        other: key of the other one.
        other_state: its `TicketState` where the tracker says so in the same breath, else empty.
    """

    subject: str
    kind: str
    other: str
    native_kind: str
    other_state: str


class LabelRow(NamedTuple):
    """A label that tickets may carry."""

    name: str
    description: str


class IterationRow(NamedTuple):
    """A milestone, sprint or version.

    Attributes:
        kind: `milestone`, `sprint` or `version`.
        state: `open` or `closed`; `future` for a sprint that has not begun.
    """

    key: str
    kind: str
    name: str
    state: str
    starts_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None


class StatusRow(NamedTuple):
    """A state that the tracker knows, and what Scout takes it for.

    Attributes:
        name: the tracker's word.
        category: the tracker's own grouping; empty where it has none.
        state: one of `TicketState`.
    """

    name: str
    category: str
    state: str
