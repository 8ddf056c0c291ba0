"""The life of a candidate as one table: from which state which event leads where, and who may cause it.

Nothing is filed without an acceptance: `published` is entered from `accepted` only, and nothing leaves it.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from scout.errors import StoreError
from scout.model import CandidateState, Decision, Event

_REVIEWERS = frozenset({Event.ACCEPT, Event.EDIT, Event.REJECT, Event.DEFER})


class Role(StrEnum):
    """Who causes an event: a person who decides, or Scout itself."""

    REVIEWER = "reviewer"
    SCOUT = "scout"


FIRST: Final = CandidateState.OFFERED
"""The state of a candidate that nothing has happened to."""

WAITING: Final = frozenset({CandidateState.OFFERED, CandidateState.DEFERRED})
"""A decision is still to be made."""

TABLE: Final[dict[tuple[CandidateState, Event], CandidateState]] = {
    (CandidateState.OFFERED, Event.ACCEPT): CandidateState.ACCEPTED,
    (CandidateState.OFFERED, Event.EDIT): CandidateState.OFFERED,
    (CandidateState.OFFERED, Event.REJECT): CandidateState.REJECTED,
    (CandidateState.OFFERED, Event.DEFER): CandidateState.DEFERRED,
    (CandidateState.OFFERED, Event.WITHDRAW): CandidateState.WITHDRAWN,
    (CandidateState.OFFERED, Event.OFFER): CandidateState.OFFERED,
    (CandidateState.DEFERRED, Event.ACCEPT): CandidateState.ACCEPTED,
    (CandidateState.DEFERRED, Event.EDIT): CandidateState.OFFERED,
    (CandidateState.DEFERRED, Event.REJECT): CandidateState.REJECTED,
    (CandidateState.DEFERRED, Event.DEFER): CandidateState.DEFERRED,
    (CandidateState.DEFERRED, Event.WITHDRAW): CandidateState.WITHDRAWN,
    (CandidateState.DEFERRED, Event.OFFER): CandidateState.OFFERED,
    (CandidateState.ACCEPTED, Event.PUBLISH): CandidateState.PUBLISHED,
    (CandidateState.ACCEPTED, Event.EDIT): CandidateState.OFFERED,
    (CandidateState.ACCEPTED, Event.REJECT): CandidateState.REJECTED,
    (CandidateState.ACCEPTED, Event.DEFER): CandidateState.DEFERRED,
    (CandidateState.ACCEPTED, Event.WITHDRAW): CandidateState.WITHDRAWN,
    (CandidateState.ACCEPTED, Event.OFFER): CandidateState.OFFERED,
    (CandidateState.REJECTED, Event.ACCEPT): CandidateState.ACCEPTED,
    (CandidateState.REJECTED, Event.EDIT): CandidateState.OFFERED,
    (CandidateState.REJECTED, Event.DEFER): CandidateState.DEFERRED,
    (CandidateState.REJECTED, Event.OFFER): CandidateState.OFFERED,
    (CandidateState.WITHDRAWN, Event.OFFER): CandidateState.OFFERED,
}
"""State and event → next state; what is not here cannot happen."""


def who(event: Event) -> Role:
    """Return who causes an event."""
    return Role.REVIEWER if event in _REVIEWERS else Role.SCOUT


def allowed(before: CandidateState, event: Event) -> bool:
    """Return whether an event can happen to a candidate in this state."""
    return (before, event) in TABLE


def state(decisions: Sequence[Decision], now: datetime) -> CandidateState:
    """Return where a candidate is: its decisions in order, folded over the table.

    A deferral with an end is over at that moment; one without lasts until something else is decided.

    Args:
        decisions: the whole life, in any order; `seq` orders it.
        now: the clock, UTC.

    Raises:
        StoreError: the life is impossible, hence the ledger was damaged.
    """
    current, until = FIRST, None
    for decision in sorted(decisions, key=lambda decision: decision.seq):
        following = TABLE.get((current, decision.event))
        if following is None:
            message = f"The ledger says that a candidate which was {current} had '{decision.event}' happen to it."
            raise StoreError(message, "Restore the ledger from a backup with `scout restore`.")
        current, until = following, decision.until
    over = current is CandidateState.DEFERRED and until is not None and until <= now
    return CandidateState.OFFERED if over else current


def accepted_revision(decisions: Sequence[Decision], now: datetime) -> int | None:
    """Return the revision that is accepted and not filed yet; None when there is none. Nothing else may be filed."""
    if state(decisions, now) is not CandidateState.ACCEPTED:
        return None
    return max(decisions, key=lambda decision: decision.seq).revision


def diagram() -> str:
    """Return the table as a Markdown table and a Mermaid state diagram, for the docs."""
    rows = [f"| {before} | {event} | {who(event)} | {following} |" for (before, event), following in TABLE.items()]
    arrows = [f"    {before} --> {following}: {event}" for (before, event), following in TABLE.items()]
    lines = ["| from | event | by | to |", "|---|---|---|---|", *rows, ""]
    lines += ["```mermaid", "stateDiagram-v2", f"    [*] --> {FIRST}", *arrows]
    lines += [f"    {CandidateState.DEFERRED} --> {CandidateState.OFFERED}: its end has come"]
    lines += [f"    {end} --> [*]" for end in CandidateState if not any(before is end for before, _ in TABLE)]
    return "\n".join([*lines, "```", ""])
