"""Take stock: a project's inventory position, and how far it can be believed."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from scout.buffer.calendar import Calendar
from scout.buffer.position import Condition, Pending, Reading, blindness, on_hand, position
from scout.buffer.serving import in_motion, serve
from scout.buffer.shelf import going_stale
from scout.model import Candidate, CandidateState, Outcome, Plan, Position, Ticket
from scout.review.transitions import state
from scout.service.experience import Past
from scout.service.terrain import terrain
from scout.service.wiring import Project, Workspace
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import lifecycle, verdicts

NO_TICKETS = "git"
"""The source that has no tickets: that it was read says nothing about them."""

_ANSWERED = frozenset({Outcome.PRESENT, Outcome.ABSENT, Outcome.NOT_APPLICABLE})  # no folder of tickets is an answer
TAXONOMY, NEXT_ACTION = "gtd", "next_action"
_WAITS = "not-blocked"  # the gate that a ticket fails which waits for others


def stock(  # noqa: PLR0913 - what the plan knows already
    work: Workspace,
    project: Project,
    tickets: Sequence[Ticket],
    ready: Collection[str],
    *,
    past: Past,
    review_period: float,
    calendar: Calendar,
    previous: Plan | None = None,
) -> Position:
    """Count what is on hand and on order.

    Args:
        work: the workspace.
        project: the project.
        tickets: all its tickets, closed ones included.
        ready: keys of those whose readiness holds now.
        past: what candidates of the past teach: yields and lead times.
        review_period: working days between two plans.
        calendar: the working days.
        previous: the newest plan that was kept.
    """
    held = {claim.ticket for claim in work.ledger.claims(work.now, project.id)}
    current = [one.having(claimed=True) if one.key in held else one for one in tickets]
    horizon = past.stages[-1].time.mean + review_period
    pending = [_pending(one, work.now, past, calendar) for one in work.ledger.candidates(project=project.id)]
    condition = _condition(work, project, current, ready, calendar.after(work.now, horizon))
    return position(
        current,
        ready,
        pending,
        past.yields.overall.expected,
        _blind(work, project),
        condition=condition.having(
            horizon=horizon,
            waiting=_waiting(work, project),
            gone=_gone(previous, tickets),
            readings=_readings(work, project, previous),
        ),
    )


def _condition(
    work: Workspace, project: Project, tickets: Sequence[Ticket], ready: Collection[str], until: datetime
) -> Condition:
    """Return what is known of the tickets on hand: whether they are stale, and how many could start at once."""
    actions = next_actions(work, project, tickets)
    there = on_hand(tickets, actions.intersection(ready))
    if not there:
        return Condition(next_actions=actions, fronts=0)
    land = terrain(work, project, [*there, *in_motion(tickets)])
    stale = going_stale(there, land.grounds, work.now)
    fresh = {one.key: 1.0 for one in there if one.key not in stale}
    return Condition(
        next_actions=actions,
        stale=stale,
        expiring=going_stale(there, land.grounds, until) - stale,
        fronts=serve(tickets, fresh, 0, footprints=land.footprints).fronts,
    )


def next_actions(work: Workspace, project: Project, tickets: Iterable[Ticket]) -> frozenset[str]:
    """Return the keys of the tickets that somebody could do next, by their lifecycle class.

    One that was not classified counts: nobody has said that it is anything else.
    """
    try:
        with work.warehouse.reading() as connection:
            known = {one.key: one.meaning for one in lifecycle.standings(connection, project.id, TAXONOMY)}
    except NoWarehouseError:
        known = {}
    return frozenset(one.key for one in tickets if known.get(one.key, NEXT_ACTION) == NEXT_ACTION)


def _waiting(work: Workspace, project: Project) -> frozenset[str]:
    """Return the keys of the tickets that were judged to lack nothing but what they wait for."""
    try:
        with work.warehouse.reading() as connection:
            return verdicts.failing_only(connection, project.id, _WAITS)
    except NoWarehouseError:
        return frozenset()


def _pending(candidate: Candidate, now: datetime, past: Past, calendar: Calendar) -> Pending:
    """Return a candidate with its yield, and the working days until it is ready: what its age leaves of the lead time.

    Whole days of age, so that two looks on one day count the same.
    """
    where = state(candidate.decisions, now)
    begun = candidate.created_at.date()
    if where is CandidateState.DEFERRED:
        begun = next((one.until.date() for one in reversed(candidate.decisions) if one.until is not None), begun)
    waits = calendar.count(now.date(), begun) - calendar.count(begun, now.date())
    return Pending(
        state=where,
        ticket=candidate.ticket,
        id=candidate.id,
        yield_rate=past.yields.of(candidate.signal, candidate.draft.kind.value).expected,
        days=round(max(past.stages[-1].time.mean + waits, 0.0), 1),
    )


def _gone(previous: Plan | None, tickets: Iterable[Ticket]) -> frozenset[str]:
    """Return the keys of the tickets that the last plan counted, or missed already, and that nobody shows now."""
    if previous is None:
        return frozenset()
    counted = {*previous.position.keys("on hand"), *previous.position.keys("gone")}
    return frozenset(counted - {one.key for one in tickets})


def _readings(work: Workspace, project: Project, previous: Plan | None) -> tuple[Reading, ...]:
    """Return earlier readings that rest on something else than this one.

    The last plan counts when tickets were pulled since then; somebody who asked for work counts, since each ticket
    was judged anew for the answer.
    """
    if previous is None:
        return ()
    pulled = [
        one.tried_at
        for name, one in work.freshness.states(project.id).items()
        if one.outcome in _ANSWERED and name != NO_TICKETS
    ]
    asked = work.ledger.requests(project.id, previous.at)
    found = [Reading(at=one.at, on_hand=one.available) for one in asked if previous.at < one.at < work.now]
    if max(pulled, default=previous.at) > previous.at:
        found.append(Reading(at=previous.at, on_hand=previous.position.on_hand))
    return tuple(found)


def _blind(work: Workspace, project: Project) -> str:
    """Return why the position cannot be believed: only sources that must answer count."""
    outcomes: dict[str, Outcome] = {name: one.outcome for name, one in work.freshness.states(project.id).items()}
    return blindness(outcomes, project.required)
