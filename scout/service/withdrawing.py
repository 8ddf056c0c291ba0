"""What Scout decides by itself about candidates that wait: take back what is gone, bring back what was put aside."""

from collections.abc import Mapping

from scout.errors import ConflictError
from scout.model import Candidate, Decision, Event, Ticket, standing
from scout.review.transitions import WAITING, state
from scout.service.wiring import Workspace


def withdraw(work: Workspace, candidate: Candidate, reason: str) -> bool:
    """Withdraw a candidate; return False when a reviewer was faster, who has the last word."""
    return _decided(work, candidate, Event.WITHDRAW, reason)


def bring_back(work: Workspace, candidate: Candidate, tickets: Mapping[str, Ticket]) -> bool:
    """Offer a deferred candidate again when what it waits for has come; return whether that is so.

    Args:
        work: the workspace.
        candidate: in whatever state.
        tickets: of its project, by key.
    """
    if state(candidate.decisions, work.now) not in WAITING or not (counting := standing(candidate.decisions)):
        return False
    last = counting[-1]
    key = last.condition.removeprefix("closed:")
    if last.event is not Event.DEFER or not key or (key in tickets and tickets[key].state.is_open):
        return False
    return _decided(work, candidate, Event.OFFER, f"{key} is closed")


def _decided(work: Workspace, candidate: Candidate, event: Event, reason: str) -> bool:
    decision = Decision(
        seq=len(candidate.decisions) + 1,
        event=event,
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
