"""Tickets as trackers hold them, the same whatever the tracker."""

import re
from collections import Counter, defaultdict
from typing import Any

from scout.model import Comment, Ticket, TicketState
from scout.warehouse.connection import Connection

_TICKETS = """
    SELECT source, key, title, body, state, native_state, kind, labels, claimed, url, created_at, updated_at, closed_at
    FROM core.ticket WHERE project = $project
"""
_COMMENTS = """
    SELECT made.source, made.subject, made.created_at, made.body
    FROM core.comment AS made JOIN core.ticket AS ticket
      ON ticket.project = made.project AND ticket.source = made.source AND ticket.key = made.subject
    WHERE made.project = $project AND ticket.state NOT IN ('completed', 'canceled')
    ORDER BY made.created_at NULLS FIRST, length(made.record), made.record, made.place
"""
_BLOCKED_BY = """
    SELECT source, subject, other
    FROM core.link
    WHERE project = $project AND kind = 'blocked_by' AND other_state NOT IN ('completed', 'canceled')
    ORDER BY stream, record, place
"""
_NUMBERS = re.compile(r"(\d+)")


def all_tickets(connection: Connection, project: str) -> tuple[Ticket, ...]:
    """Return every ticket of a project by source and key, numbers in keys as numbers.

    Comments come with open tickets only, oldest first. `blocked_by` leaves out what the tracker says is finished.
    """
    named = {"project": project}
    comments: defaultdict[tuple[str, str], list[Comment]] = defaultdict(list)
    for source, subject, at, body in connection.execute(_COMMENTS, named).fetchall():
        comments[source, subject].append(Comment(at=at, body=body))
    blockers: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)  # a tracker may say it twice
    for source, subject, other in connection.execute(_BLOCKED_BY, named).fetchall():
        blockers[source, subject][other] = None
    rows = sorted(connection.execute(_TICKETS, named).fetchall(), key=lambda row: (row[0], _natural(row[1])))
    return tuple(
        _ticket(project, row, tuple(comments.get(row[:2], ())), tuple(blockers.get(row[:2], ()))) for row in rows
    )


def counts(connection: Connection, project: str) -> Counter[TicketState]:
    """Return how many tickets of a project are in each state."""
    rows = connection.execute("SELECT state, count(*) FROM core.ticket WHERE project = ? GROUP BY state", [project])
    return Counter({TicketState(state): number for state, number in rows.fetchall()})


def _ticket(project: str, row: tuple[Any, ...], comments: tuple[Comment, ...], blockers: tuple[str, ...]) -> Ticket:
    source, key, title, body, state, native_state, kind, labels, claimed, url, created_at, updated_at, closed_at = row
    return Ticket(
        project=project,
        key=key,
        source=source,
        title=title,
        body=body,
        state=state,
        native_state=native_state,
        kind=kind,
        labels=labels,
        claimed=claimed,
        blocked_by=blockers,
        comments=comments,
        url=url,
        created_at=created_at,
        updated_at=updated_at,
        closed_at=closed_at,
    )


def _natural(key: str) -> list[tuple[bool, int, str]]:
    """Return what sorts `SCT-9` before `SCT-10`, and numbers before words."""
    parts = [part for part in _NUMBERS.split(key) if part]
    return [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]
