"""A candidate in a line, as lists of candidates show it."""

from datetime import datetime
from typing import ClassVar

from scout.model import Candidate, CandidateState, Report, WorkKind
from scout.review import transitions


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


def line(candidate: Candidate, now: datetime) -> InboxLine:
    """Return a candidate in a line."""
    draft = candidate.draft
    return InboxLine(
        id=candidate.id,
        project=candidate.project,
        state=transitions.state(candidate.decisions, now, candidate.tried),
        severity=candidate.severity,
        score=candidate.score,
        signal=candidate.signal,
        subject=candidate.subject,
        fingerprint=candidate.fingerprint,
        title=draft.title,
        kind=draft.kind,
        size=draft.size,
        readiness=draft.readiness.total,
        ready=draft.readiness.ready,
        revision=draft.number,
        created_at=candidate.created_at,
        ticket=candidate.ticket,
    )
