"""Proposed work, its drafts, and what reviewers decided about it."""

import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final

from scout.model._base import Frozen
from scout.model.finding import Evidence, WorkKind
from scout.model.readiness import Readiness

REFINEMENT = "refinement"
"""The signal of candidates that rewrite the ticket they are about; their subject is its key."""

_HASH = re.compile(r"[0-9a-f]{16}")


class CandidateState(StrEnum):
    """Where a candidate is; derived from the ledger's events, never stored."""

    OFFERED = "offered"
    DEFERRED = "deferred"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    MERGED = "merged"
    PUBLISHING = "publishing"
    FAILED = "failed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    VERIFIED = "verified"
    REGRESSED = "regressed"


class Event(StrEnum):
    """What can happen to a candidate; `REVIEWERS` are a reviewer's decisions, the rest is Scout's.

    `approve` is the first of two yeses where two are needed; `undo` takes the last decision back. `start` and `fail`
    are attempts to file it; `verify` and `regress` are what a look at its finding said after its ticket was closed.
    """

    ACCEPT = "accept"
    APPROVE = "approve"
    EDIT = "edit"
    REJECT = "reject"
    DEFER = "defer"
    MERGE = "merge"
    UNDO = "undo"
    WITHDRAW = "withdraw"
    OFFER = "offer"
    START = "start"
    FAIL = "fail"
    PUBLISH = "publish"
    VERIFY = "verify"
    REGRESS = "regress"


REVIEWERS: Final = frozenset(
    {Event.ACCEPT, Event.APPROVE, Event.EDIT, Event.REJECT, Event.DEFER, Event.MERGE, Event.UNDO}
)
"""What only a person does."""


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
        until: when a deferral ends by itself.
        condition: what a deferral waits for, such as `closed:42`; empty for none.
        into: the candidate or ticket that it was merged into.
    """

    seq: int
    event: Event
    reason: str
    actor: str
    revision: int
    at: datetime
    until: datetime | None = None
    condition: str = ""
    into: str = ""


def standing(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return the decisions that count, in their order: without those that were undone, and the undoing itself."""
    counting: list[Decision] = []
    for one in sorted(decisions, key=lambda decision: decision.seq):
        if one.event is not Event.UNDO:
            counting.append(one)
        elif counting:
            counting.pop()
    return tuple(counting)


class Candidate(Frozen):
    """Proposed work that is not in a tracker yet, with its newest draft and its whole life so far.

    Attributes:
        tried: how the last attempt to file it went on: `start` while nobody knows, `fail` when nothing was filed.
    """

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
    tried: Event | None = None

    @property
    def refines(self) -> bool:
        """Whether it rewrites an existing ticket instead of adding one."""
        return self.signal == REFINEMENT


class Suppression(Frozen):
    """A standing 'not this' from a reviewer.

    Attributes:
        fingerprint: the finding it is about; or a signal and a pattern of paths, `todo-age:docs/*`: all that this
            signal says about them, `*` for whatever it says.
        evidence_digest: the evidence it was given for: other evidence lifts it. Empty for a pattern.
    """

    fingerprint: str
    evidence_digest: str
    reason: str
    at: datetime

    @property
    def glob(self) -> str:
        """The pattern of paths; empty when it is about one finding."""
        pattern = self.fingerprint.partition(":")[2]
        return "" if _HASH.fullmatch(pattern) else pattern

    def covers(self, signal: str, paths: Iterable[str]) -> bool:
        """Say whether it is a pattern that hides what this signal says about these paths, all of them."""
        if not self.glob or self.fingerprint.partition(":")[0] != signal:
            return False
        known = tuple(paths)
        return self.glob == "*" or (bool(known) and all(fnmatchcase(path, self.glob) for path in known))
