"""Ready work as people and agents ask for it: requests, claims, changes of verdicts, and the audit trail."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, and_, func, select

from scout.errors import ConflictError
from scout.ledger.records import Claim, Entry, Request, VerdictChange
from scout.ledger.rows import append_numbered, value
from scout.ledger.schema import audit, claims, requests, verdict_changes

FUTURE = timedelta(days=1)
"""A claim made later than this from now comes from a wrong clock; it would hold its ticket for ever."""

_AT_ONCE = 500  # tickets that one query names


def requested(connection: Connection, project: str, since: datetime | None) -> tuple[Request, ...]:
    """Return what was asked in a project, oldest first."""
    wanted = and_(requests.c.project == project, *(() if since is None else (requests.c.at >= since,)))
    rows = connection.execute(select(requests).where(wanted).order_by(requests.c.number)).mappings()
    return tuple(value(Request, row) for row in rows)


def claim(connection: Connection, tickets: Sequence[str], wanted: Claim) -> Claim | None:
    """Append a claim on the first of `tickets` that nobody holds at `wanted.at`; None when all are held."""
    held = {one.ticket for one in claimed(connection, wanted.project, wanted.at)}
    free = next((ticket for ticket in tickets if ticket not in held), None)
    if free is None:
        return None
    granted = wanted.having(ticket=free)
    append_numbered(connection, claims, released=False, **granted.model_dump())
    return granted


def release(connection: Connection, held: Claim, at: datetime) -> None:
    """Append the end of a claim that is the ticket's newest one."""
    current = (one for one in claimed(connection, held.project, at) if one.ticket == held.ticket)
    if next(current, None) != held:
        what = f"Ticket {held.ticket} of {held.project} is not held by this claim of '{held.holder}' any more."
        raise ConflictError(what, "Claim it again with `scout next --claim NAME`.")
    append_numbered(connection, claims, released=True, **held.having(at=at).model_dump())


def renew(connection: Connection, wanted: Claim) -> tuple[Claim, ...]:
    """Append a longer lease for every ticket that is held under the label of `wanted`; none is made shorter."""
    mine = [one for one in claimed(connection, wanted.project, wanted.at) if one.holder == wanted.holder]
    renewed = tuple(one.having(at=wanted.at, until=max(one.until, wanted.until)) for one in mine)
    for one in renewed:
        append_numbered(connection, claims, released=False, **one.model_dump())
    return renewed


def claimed(connection: Connection, project: str | None, at: datetime) -> tuple[Claim, ...]:
    """Return the claims that hold at a moment, oldest first; one made more than a day later is not believed."""
    newest = select(func.max(claims.c.number)).group_by(claims.c.project, claims.c.ticket)
    if project is not None:
        newest = newest.where(claims.c.project == project)
    believed = claims.c.at <= at + FUTURE
    holds = claims.c.number.in_(newest) & claims.c.released.is_(False) & (claims.c.until > at) & believed
    rows = connection.execute(select(claims).where(holds).order_by(claims.c.number)).mappings()
    return tuple(value(Claim, row) for row in rows)


def changed(connection: Connection, verdicts: Sequence[VerdictChange]) -> tuple[VerdictChange, ...]:
    """Return those that say something else than the newest one recorded of their ticket."""
    known: dict[tuple[str, str], VerdictChange] = {}
    for project in sorted({one.project for one in verdicts}):
        known.update({(project, one.ticket): one for one in newest_verdicts(connection, project)})
    different: dict[tuple[str, str], VerdictChange] = {}
    for one in verdicts:
        before = known.get((one.project, one.ticket))
        if before is None or before.having(at=one.at) != one:
            different[one.project, one.ticket] = one
    return tuple(different.values())


def newest_verdicts(connection: Connection, project: str) -> tuple[VerdictChange, ...]:
    """Return the newest recorded verdict of every ticket of a project, by ticket."""
    mine = verdict_changes.c.project == project
    newest = select(func.max(verdict_changes.c.number)).where(mine).group_by(verdict_changes.c.ticket)
    rows = connection.execute(select(verdict_changes).where(verdict_changes.c.number.in_(newest))).mappings()
    return tuple(sorted((value(VerdictChange, row) for row in rows), key=lambda one: one.ticket))


def verdict_history(connection: Connection, project: str, tickets: Sequence[str]) -> tuple[VerdictChange, ...]:
    """Return what was recorded of some tickets, oldest first."""
    found: list[VerdictChange] = []
    for first in range(0, len(tickets), _AT_ONCE):
        some = verdict_changes.c.ticket.in_(tickets[first : first + _AT_ONCE])
        wanted = select(verdict_changes).where(verdict_changes.c.project == project, some)
        found += [value(VerdictChange, row) for row in connection.execute(wanted).mappings()]
    return tuple(sorted(found, key=lambda one: one.at))


def trail(connection: Connection, project: str | None, limit: int) -> tuple[Entry, ...]:
    """Return the newest lines of the audit trail, newest first."""
    query: Select[tuple[object, ...]] = select(audit).order_by(audit.c.number.desc()).limit(limit)
    if project is not None:
        query = query.where(audit.c.project == project)
    return tuple(value(Entry, row) for row in connection.execute(query).mappings())
