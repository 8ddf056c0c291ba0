"""A candidate in a line, as lists of candidates show it."""

from datetime import datetime
from typing import ClassVar

from scout.model import CandidateState, Report, WorkKind


class InboxLine(Report):
    """One candidate in a line."""

    schema_id: ClassVar[str] = "scout.inbox-line/1"

    id: str
    project: str
    state: CandidateState
    severity: int
    score: float
    signal: str
    subject: str
    fingerprint: str
    title: str
    kind: WorkKind
    size: str
    readiness: float
    ready: bool
    revision: int
    created_at: datetime
    ticket: str = ""
