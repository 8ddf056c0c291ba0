"""Take back a candidate whose cause is gone."""

from scout.errors import ConflictError
from scout.model import Candidate, Decision, Event
from scout.service.wiring import Workspace


def withdraw(work: Workspace, candidate: Candidate, reason: str) -> bool:
    """Withdraw a candidate; return False when a reviewer was faster, who has the last word."""
    decision = Decision(
        seq=len(candidate.decisions) + 1,
        event=Event.WITHDRAW,
        reason=reason,
        actor="scout",
        revision=candidate.draft.number,
        at=work.now,
    )
    try:
        work.ledger.decide(candidate.id, decision)
    except ConflictError:
        return False
    return True
