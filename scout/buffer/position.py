"""The inventory position: what is on hand and what is on order."""

from collections.abc import Collection, Iterable, Mapping

from scout.model import CandidateState, Frozen, Outcome, Position, Ticket, TicketState

_READ = frozenset({Outcome.PRESENT, Outcome.ABSENT})


class Pending(Frozen):
    """A candidate as the position sees it.

    Attributes:
        state: where it is.
        ticket: key of the ticket it has become; empty before it is published.
    """

    state: CandidateState
    ticket: str = ""


def unstarted(tickets: Iterable[Ticket]) -> tuple[Ticket, ...]:
    """Return the tickets that nobody has begun or claimed, by key.

    The tracker's states before that, triage and backlog, do not count: nobody has decided to do those yet.
    """
    free = (ticket for ticket in tickets if ticket.state is TicketState.UNSTARTED and not ticket.claimed)
    return tuple(sorted(free, key=lambda ticket: ticket.key))


def blockers(ticket: Ticket, tickets: Mapping[str, Ticket]) -> tuple[str, ...]:
    """Return the keys that `ticket` still waits for.

    A key that is not among `tickets` blocks, too: what cannot be seen is not known to be finished.
    """
    return tuple(key for key in ticket.blocked_by if key not in tickets or tickets[key].state.is_open)


def on_hand(tickets: Iterable[Ticket], ready: Collection[str]) -> tuple[Ticket, ...]:
    """Return the ready, unblocked, unstarted, unclaimed tickets, by key.

    Args:
        tickets: all tickets of one project, closed ones included.
        ready: keys of those whose readiness holds now.
    """
    known = {ticket.key: ticket for ticket in tickets}
    return tuple(one for one in unstarted(known.values()) if one.key in ready and not blockers(one, known))


def blindness(outcomes: Mapping[str, Outcome], named: Iterable[str]) -> str:
    """Return why the position cannot be believed, in words; empty when it can.

    Args:
        outcomes: how the last reading of each source ended, by the source's id.
        named: the sources that the settings name; others may be missing.
    """
    unread = [source for source in sorted(set(named)) if outcomes.get(source) not in _READ]
    if not unread:
        return ""
    verb = "was" if len(unread) == 1 else "were"
    return f"{', '.join(unread)} {verb} not read"


def position(
    tickets: Iterable[Ticket], ready: Collection[str], pending: Iterable[Pending], yield_rate: float, blind: str = ""
) -> Position:
    """Return the position of one project.

    An accepted candidate counts whole, as does a published one whose ticket has not been read yet; one that waits
    for a decision counts by the expected yield. Deferred ones do not count: nobody expects them soon.

    Args:
        tickets: all tickets of the project, closed ones included.
        ready: keys of those whose readiness holds now.
        pending: its candidates.
        yield_rate: ready tickets to expect of an undecided candidate, 0..1.
        blind: what `blindness` returned.
    """
    known = {ticket.key: ticket for ticket in tickets}
    free = unstarted(known.values())
    there = on_hand(known.values(), ready)
    waiting = list(pending)
    undecided = sum(1 for one in waiting if one.state is CandidateState.OFFERED)
    accepted = sum(1 for one in waiting if one.state is CandidateState.ACCEPTED)
    unread = sum(1 for one in waiting if one.state is CandidateState.PUBLISHED and one.ticket not in known)
    return Position(
        on_hand=len(there),
        on_order=undecided * yield_rate + accepted + unread,
        undecided=undecided,
        accepted=accepted,
        not_ready=sum(1 for ticket in free if ticket.key not in ready),
        blocked=sum(1 for ticket in free if ticket.key in ready) - len(there),
        blind=blind,
    )
