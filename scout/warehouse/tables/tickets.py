"""Tickets as trackers hold them."""

from collections import Counter

from scout.model import Ticket, TicketState
from scout.warehouse.connection import Connection


def all_tickets(connection: Connection, project: str) -> tuple[Ticket, ...]:
    """Return every ticket of a project, sorted by source and key."""
    rows = connection.execute("SELECT payload FROM raw.ticket WHERE project = ? ORDER BY source, key", [project])
    return tuple(Ticket.model_validate_json(payload) for (payload,) in rows.fetchall())


def counts(connection: Connection, project: str) -> Counter[TicketState]:
    """Return how many tickets of a project are in each state."""
    rows = connection.execute("SELECT state, count(*) FROM core.ticket WHERE project = ? GROUP BY state", [project])
    return Counter({TicketState(state): number for state, number in rows.fetchall()})
