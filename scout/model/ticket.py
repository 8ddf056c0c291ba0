"""Work items as trackers hold them, in one vocabulary."""

from datetime import datetime
from enum import StrEnum

from scout.model._base import Frozen
from scout.model.finding import WorkKind


class TicketState(StrEnum):
    """Where a ticket is; the tracker's own name is kept beside it in `native_state`."""

    TRIAGE = "triage"
    BACKLOG = "backlog"
    UNSTARTED = "unstarted"
    STARTED = "started"
    COMPLETED = "completed"
    CANCELED = "canceled"

    @property
    def is_open(self) -> bool:
        """Whether work on it may still happen."""
        return self not in {TicketState.COMPLETED, TicketState.CANCELED}


class Comment(Frozen):
    """One comment: what was said and when, never by whom."""

    at: datetime | None
    body: str


class Ticket(Frozen):
    """A work item that exists in a tracker.

    Attributes:
        key: unique within its project: an issue number, a Jira key, a Markdown file's stem.
        source: id of the source it came from (`files`, `github`…).
        claimed: whether somebody has it; who is not kept.
        blocked_by: keys of tickets that have to be finished first.
    """

    project: str
    key: str
    source: str
    title: str
    body: str = ""
    state: TicketState = TicketState.UNSTARTED
    native_state: str = ""
    kind: WorkKind | None = None
    labels: tuple[str, ...] = ()
    claimed: bool = False
    blocked_by: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    url: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def size(self) -> str:
        """The size that a label `size:…` gives it; empty without one."""
        return next((label.removeprefix("size:") for label in self.labels if label.startswith("size:")), "")
