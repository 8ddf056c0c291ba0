"""The inventory position: what is on hand and what is on order, and where each comes from."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from scout.model import CandidateState, Frozen, Outcome, Position, Stock, Ticket, TicketState

_READ = frozenset({Outcome.PRESENT, Outcome.ABSENT})
_ENOUGH_READS = 2
_SIZE_DAYS: Mapping[str, float] = {"S": 0.25, "M": 1.0, "L": 2.0}
"""Working days that a size is worth: S under two hours, M under a day, L more than a day."""


class Pending(Frozen):
    """A candidate as the position sees it.

    Attributes:
        state: where it is.
        ticket: key of the ticket it has become; empty before it is published.
        id: the candidate's.
        yield_rate: ready tickets to expect of one that waits for a decision, 0..1; None: that of the whole project.
        days: working days until it is ready, expected; None where nothing says so: within the protection interval.
    """

    state: CandidateState
    ticket: str = ""
    id: str = ""
    yield_rate: float | None = None
    days: float | None = None


class Reading(Frozen):
    """One reading of how much was on hand: an earlier plan's, or the answer to somebody who asked for work."""

    at: datetime
    on_hand: int


class Condition(Frozen):
    """What is known of the tickets beside their text; by default nothing.

    Attributes:
        next_actions: keys of those that somebody could do next; None: nobody said, so all are.
        stale: keys of those whose ground has changed under them.
        expiring: keys of those that go stale within the protection interval.
        fronts: how many of those on hand could start at once; None where nobody looked.
        waiting: keys of those that lack nothing but what they wait for; they count as blocked.
        gone: keys of those that were on hand and that no source shows any more, in whatever state.
        horizon: the protection interval in working days: what arrives later is not on order.
        readings: earlier readings, each of another moment than this one and than each other.
    """

    next_actions: frozenset[str] | None = None
    stale: frozenset[str] = frozenset()
    expiring: frozenset[str] = frozenset()
    fronts: int | None = None
    waiting: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    horizon: float = math.inf
    readings: tuple[Reading, ...] = ()


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


def doubt(count: int, condition: Condition) -> str:
    """Return why an empty shelf is not believed yet, in words; empty when it is, and when it is not empty.

    Tickets are started, claimed, closed or unready when they leave the shelf, and a tracker shows them so. When it
    shows them not at all, it may have answered with half of what it has: a second reading has to say the same.
    """
    many = len(_missing(count, condition))
    if not many:
        return ""
    subject = "the ticket that was" if many == 1 else f"{many} tickets that were"
    verb = "is" if many == 1 else "are"
    return f"{subject} on hand {verb} gone without a trace, which a second reading has to confirm"


def days_of(tickets: Sequence[Ticket]) -> float | None:
    """Return how many working days of work some tickets are; None unless all sizes are known."""
    if not tickets or any(ticket.size not in _SIZE_DAYS for ticket in tickets):
        return None
    return math.fsum(_SIZE_DAYS[ticket.size] for ticket in tickets)


def position(  # noqa: PLR0913 - what is counted, and how far it is believed
    tickets: Iterable[Ticket],
    ready: Collection[str],
    pending: Iterable[Pending],
    yield_rate: float,
    blind: str = "",
    *,
    condition: Condition | None = None,
) -> Position:
    """Return the position of one project.

    An accepted candidate counts whole, as does a published one whose ticket has not been read yet; one that waits
    for a decision counts by its expected yield. A deferred one counts only when its day is near.

    Args:
        tickets: all tickets of the project, closed ones included.
        ready: keys of those whose readiness holds now.
        pending: its candidates.
        yield_rate: ready tickets to expect of an undecided candidate, 0..1, where it has no rate of its own.
        blind: what `blindness` returned.
        condition: what else is known; by default nothing.
    """
    condition = condition or Condition()
    known = {ticket.key: ticket for ticket in tickets}
    shelves = _shelves(known, ready, condition)
    orders = _orders(known, list(pending), yield_rate, condition.horizon)
    there = [known[key] for key in shelves["on hand"]]
    return Position(
        on_hand=len(there),
        on_order=math.fsum(one.expected for one in orders),
        undecided=_count(orders, CandidateState.OFFERED),
        accepted=_count(orders, CandidateState.ACCEPTED),
        not_ready=len(shelves["not ready"]),
        blocked=len(shelves["blocked"]),
        blind=blind or doubt(len(there), condition),
        fronts=condition.fronts,
        days=days_of(there),
        committed=len(shelves["committed"]),
        stale=len(shelves["stale"]),
        expiring=len(condition.expiring.intersection(shelves["on hand"])),
        empty_reads=_empty_reads(len(there), condition.readings),
        stock=(*(Stock(stage=name, count=len(keys), keys=keys) for name, keys in shelves.items() if keys), *orders),
    )


def _shelves(known: Mapping[str, Ticket], ready: Collection[str], condition: Condition) -> dict[str, tuple[str, ...]]:
    """Return the keys of the tickets that nobody has begun by what they are, each in one place."""
    waiting = sorted((one for one in known.values() if one.state is TicketState.UNSTARTED), key=lambda one: one.key)
    found: dict[str, list[str]] = {name: [] for name in ("on hand", "committed", "blocked", "stale", "not ready")}
    for ticket in waiting:
        if (shelf := _shelf(ticket, known, ready, condition)) is not None:
            found[shelf].append(ticket.key)
    found["gone"] = sorted(_missing(len(found["on hand"]), condition))
    return {name: tuple(keys) for name, keys in found.items()}


def _shelf(ticket: Ticket, known: Mapping[str, Ticket], ready: Collection[str], condition: Condition) -> str | None:
    """Return what an unstarted ticket counts as; None for one that is unready and claimed, or no next action."""
    if condition.next_actions is not None and ticket.key not in condition.next_actions:
        return None
    if ticket.key not in ready:
        unready = "blocked" if ticket.key in condition.waiting else "not ready"
        return None if ticket.claimed else unready
    if ticket.claimed:
        return "committed"
    if blockers(ticket, known):
        return "blocked"
    return "stale" if ticket.key in condition.stale else "on hand"


def _missing(count: int, condition: Condition) -> frozenset[str]:
    """Return the keys of the tickets that an empty shelf has lost, while only one reading says so."""
    believed = count > 0 or _empty_reads(count, condition.readings) >= _ENOUGH_READS
    return frozenset() if believed else condition.gone


def _orders(
    known: Mapping[str, Ticket], pending: Iterable[Pending], yield_rate: float, horizon: float
) -> tuple[Stock, ...]:
    """Return what is on order by stage, in the order of a candidate's life."""
    found: dict[CandidateState, list[Pending]] = {}
    for one in pending:
        unread = one.state is CandidateState.PUBLISHED and one.ticket not in known
        if unread or one.state in {CandidateState.OFFERED, CandidateState.DEFERRED, CandidateState.ACCEPTED}:
            found.setdefault(one.state, []).append(one)
    return tuple(
        Stock(
            stage=state.value,
            count=len(ones),
            expected=math.fsum(_expected(one, yield_rate, horizon) for one in ones),
            days=_mean(one.days for one in ones),
            keys=tuple(sorted(one.id for one in ones if one.id)),
        )
        for state in CandidateState
        if (ones := found.get(state))
    )


def _expected(one: Pending, yield_rate: float, horizon: float) -> float:
    if one.days is not None and one.days > horizon:
        return 0.0
    rate = yield_rate if one.yield_rate is None else one.yield_rate
    match one.state:
        case CandidateState.OFFERED:
            return rate
        case CandidateState.DEFERRED:
            return 0.0 if one.days is None else rate
        case _:
            return 1.0


def _empty_reads(count: int, readings: Iterable[Reading]) -> int:
    """Return how many readings in a row found nothing, this one included, up to the number that is enough."""
    if count:
        return 0
    reads = 1
    for reading in sorted(readings, key=lambda one: one.at, reverse=True):
        if reading.on_hand or reads == _ENOUGH_READS:
            break
        reads += 1
    return reads


def _mean(days: Iterable[float | None]) -> float | None:
    known = [one for one in days if one is not None]
    return math.fsum(known) / len(known) if known else None


def _count(orders: Iterable[Stock], state: CandidateState) -> int:
    return next((one.count for one in orders if one.stage == state.value), 0)
