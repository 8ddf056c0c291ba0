"""The life of a candidate as one table: from which state which event leads where, and who may cause it.

Nothing is filed without an acceptance: `published` is entered from `accepted` only, by way of an attempt or because the
tracker has it already; and nothing leaves it but what a later look at its finding says.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from scout.errors import StoreError
from scout.model import REVIEWERS, CandidateState, Decision, Event, standing


class Role(StrEnum):
    """Who causes an event: a person who decides, or Scout itself."""

    REVIEWER = "reviewer"
    SCOUT = "scout"


FIRST: Final = CandidateState.OFFERED
"""The state of a candidate that nothing has happened to."""

WAITING: Final = frozenset({CandidateState.OFFERED, CandidateState.DEFERRED})
"""A decision is still to be made."""

ACCEPTED: Final = frozenset({CandidateState.ACCEPTED, CandidateState.PUBLISHING, CandidateState.FAILED})
"""Accepted, and not in the tracker as far as is known."""

FILED: Final = frozenset({CandidateState.PUBLISHED, CandidateState.VERIFIED, CandidateState.REGRESSED})
"""In the tracker, for good."""


def _table() -> dict[tuple[CandidateState, Event], CandidateState]:
    state, event = CandidateState, Event
    decided = {
        event.ACCEPT: state.ACCEPTED,
        event.EDIT: state.OFFERED,
        event.REJECT: state.REJECTED,
        event.DEFER: state.DEFERRED,
        event.MERGE: state.MERGED,
    }
    renewed = {event.WITHDRAW: state.WITHDRAWN, event.OFFER: state.OFFERED}
    again = {kind: following for kind, following in decided.items() if kind is not event.ACCEPT}
    moves = {
        state.OFFERED: decided | {event.APPROVE: state.OFFERED} | renewed,
        state.DEFERRED: decided | {event.APPROVE: state.OFFERED} | renewed,
        state.ACCEPTED: again | renewed | {event.START: state.PUBLISHING, event.PUBLISH: state.PUBLISHED},
        state.PUBLISHING: {event.PUBLISH: state.PUBLISHED, event.FAIL: state.FAILED},
        state.FAILED: again | renewed | {event.START: state.PUBLISHING, event.PUBLISH: state.PUBLISHED},
        state.REJECTED: {kind: following for kind, following in decided.items() if kind is not event.REJECT}
        | {event.APPROVE: state.OFFERED, event.OFFER: state.OFFERED},
        state.MERGED: {event.OFFER: state.OFFERED},
        state.WITHDRAWN: {event.OFFER: state.OFFERED},
        state.PUBLISHED: {event.VERIFY: state.VERIFIED, event.REGRESS: state.REGRESSED},
        state.VERIFIED: {event.REGRESS: state.REGRESSED},
        state.REGRESSED: {event.VERIFY: state.VERIFIED},
    }
    return {(before, kind): following for before, by in moves.items() for kind, following in by.items()}


TABLE: Final = _table()
"""State and event → next state; what is not here cannot happen. An undoing leads back and is told by `undoable`."""


def who(event: Event) -> Role:
    """Return who causes an event."""
    return Role.REVIEWER if event in REVIEWERS else Role.SCOUT


def allowed(before: CandidateState, event: Event) -> bool:
    """Return whether an event can happen to a candidate in this state."""
    return (before, event) in TABLE


def undoable(decisions: Iterable[Decision], tried: Event | None = None) -> Decision | None:
    """Return the decision that an undoing would take back; None when there is none.

    That is the last one that counts, if a reviewer made it and nothing has been sent to the tracker on its account.
    """
    counting = standing(decisions)
    last = counting[-1] if counting else None
    if last is None or last.event not in REVIEWERS or tried is Event.START:
        return None
    return last


def state(decisions: Sequence[Decision], now: datetime, tried: Event | None = None) -> CandidateState:
    """Return where a candidate is: its decisions in order, folded over the table.

    A deferral with an end is over at that moment; one without lasts until something else is decided.

    Args:
        decisions: the whole life, in any order; `seq` orders it.
        now: the clock, UTC.
        tried: how the last attempt to file it went on, where that matters to the caller.

    Raises:
        StoreError: the life is impossible, hence the ledger was damaged.
    """
    ordered = sorted(decisions, key=lambda decision: decision.seq)
    current, until = FIRST, None
    lives: list[tuple[CandidateState, datetime | None, Event]] = []
    for decision in ordered:
        following = TABLE.get((current, decision.event))
        if decision.event is Event.UNDO and lives and lives[-1][2] in REVIEWERS:
            following, until, _ = lives.pop()
        elif following is not None:
            lives.append((current, until, decision.event))
            until = decision.until
        else:
            message = f"The ledger says that a candidate which was {current} had '{decision.event}' happen to it."
            raise StoreError(message, "Restore the ledger from a backup with `scout restore`.")
        current = following
    if current is CandidateState.DEFERRED and until is not None and until <= now:
        return CandidateState.OFFERED
    if current is CandidateState.ACCEPTED and tried is not None:
        return CandidateState.FAILED if tried is Event.FAIL else CandidateState.PUBLISHING
    return current


def accepted_revision(decisions: Sequence[Decision], now: datetime) -> int | None:
    """Return the revision that is accepted and not filed yet; None when there is none. Nothing else may be filed."""
    if state(decisions, now) is not CandidateState.ACCEPTED:
        return None
    return standing(decisions)[-1].revision


def diagram() -> str:
    """Return the table as a Markdown table and a Mermaid state diagram, for the docs."""
    rows = [f"| {before} | {event} | {who(event)} | {following} |" for (before, event), following in TABLE.items()]
    arrows = [f"    {before} --> {following}: {event}" for (before, event), following in TABLE.items()]
    lines = ["| from | event | by | to |", "|---|---|---|---|", *rows, ""]
    lines += [f"A reviewer's last decision can be taken back (`{Event.UNDO}`) until an attempt to file it has begun:"]
    lines += ["the candidate is then where it was before.", ""]
    lines += ["```mermaid", "stateDiagram-v2", f"    [*] --> {FIRST}", *arrows]
    lines += [f"    {CandidateState.DEFERRED} --> {CandidateState.OFFERED}: its end has come"]
    lines += [f"    {end} --> [*]" for end in CandidateState if end in FILED]
    return "\n".join([*lines, "```", ""])
