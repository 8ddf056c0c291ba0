"""Proposed work, its drafts, and what reviewers decided about it."""

from datetime import datetime
from enum import StrEnum

from scout.model._base import Frozen
from scout.model.finding import Evidence, WorkKind
from scout.model.readiness import Readiness

REFINEMENT = "refinement"
"""The signal of candidates that rewrite the ticket they are about; their subject is its key."""


class CandidateState(StrEnum):
    """Where a candidate is; derived from the ledger's events, never stored."""

    OFFERED = "offered"
    DEFERRED = "deferred"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What can happen to a candidate. The first four are a reviewer's decisions; the rest are Scout's."""

    ACCEPT = "accept"
    EDIT = "edit"
    REJECT = "reject"
    DEFER = "defer"
    WITHDRAW = "withdraw"
    PUBLISH = "publish"
    OFFER = "offer"


class Draft(Frozen):
    """One revision of a candidate's text.

    Attributes:
        number: 1 for the first.
        drafter: `offline`, `llm` or `reviewer`.
        body: Markdown, sanitised.
        sha: the commit the evidence was resolved at.
        evidence_digest: of the finding's evidence this text was written for.
    """

    number: int
    drafter: str
    title: str
    body: str
    kind: WorkKind
    size: str
    evidence: tuple[Evidence, ...]
    evidence_digest: str
    sha: str
    readiness: Readiness
    at: datetime


class Decision(Frozen):
    """One event in a candidate's life, as the ledger recorded it.

    Attributes:
        seq: 1, 2, 3… within the candidate; two reviewers cannot both write the same one.
        actor: a role or the name a reviewer chose to be known by on this machine; `scout` for Scout's own.
        revision: which revision the decision was about.
    """

    seq: int
    event: Event
    reason: str
    actor: str
    revision: int
    at: datetime
    until: datetime | None = None


class Candidate(Frozen):
    """Proposed work that is not in a tracker yet, with its newest draft and its whole life so far."""

    id: str
    project: str
    signal: str
    subject: str
    fingerprint: str
    severity: int
    score: float
    created_at: datetime
    draft: Draft
    decisions: tuple[Decision, ...] = ()
    ticket: str = ""

    @property
    def refines(self) -> bool:
        """Whether it rewrites an existing ticket instead of adding one."""
        return self.signal == REFINEMENT


class Suppression(Frozen):
    """A standing 'not this' from a reviewer.

    Attributes:
        evidence_digest: the evidence it was given for: other evidence lifts it.
    """

    fingerprint: str
    evidence_digest: str
    reason: str
    at: datetime
