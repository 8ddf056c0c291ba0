"""Tickets in lines, for the page: all of a project, however many, without holding them at once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from scout.warehouse.connection import Connection
from scout.warehouse.published import TicketRow

RECENT: Final = timedelta(days=90)
"""How long after its closing a ticket still answers for what it asked."""
LONGEST: Final = 600
"""Characters of a text that are published, and only of tickets that are open or were closed lately."""
_AT_ONCE: Final = 10_000
_LIVE: Final = "(ticket.state NOT IN ('completed', 'canceled') OR ticket.closed_at >= $since)"
_ROWS: Final = f"""
    SELECT
        row_number() OVER (ORDER BY ticket.source, length(ticket.key), ticket.key) - 1 AS place,
        ticket.source,
        ticket.key,
        ticket.title,
        ticket.state,
        coalesce(ticket.url, '') AS url,
        ticket.closed_at,
        CASE WHEN ticket.state IN ('completed', 'canceled') THEN 'closed' WHEN judged.ready THEN 'ready' ELSE 'open' END
            AS stock,
        judged.total,
        coalesce(array_to_string(judged.failed_gates, ', '), '') AS failed,
        CASE WHEN {_LIVE} THEN coalesce(nullif(left(ticket.body, {LONGEST}), ''), ticket.title) ELSE '' END AS said
    FROM core.ticket AS ticket
    LEFT JOIN stage.readiness AS judged ON judged.project = ticket.project AND judged.key = ticket.key
    WHERE ticket.project = $project
    ORDER BY place
"""  # noqa: S608 - the words above
_DIGEST: Final = f"""
    WITH said AS (
        SELECT hash(source, key, title, state, url, closed_at, left(body, {LONGEST}), {_LIVE}) AS word
        FROM core.ticket AS ticket WHERE project = $project)
    SELECT count(*), coalesce(CAST(bit_xor(word) AS VARCHAR), '') FROM said
"""  # noqa: S608 - the words above


def digest(connection: Connection, project: str, now: datetime) -> str:
    """Return what is another one whenever `rows` would be, but for readiness."""
    found = connection.execute(_DIGEST, {"project": project, "since": now - RECENT}).fetchone()
    return ":".join(map(str, found or ()))


def rows(connection: Connection, project: str, now: datetime) -> Iterator[TicketRow]:
    """Yield the tickets of a project by source and key, numbers in keys as numbers."""
    asked = connection.execute(_ROWS, {"project": project, "since": now - RECENT})
    names = [column[0] for column in asked.description or ()]
    while part := asked.fetchmany(_AT_ONCE):
        for row in part:
            told: dict[str, Any] = dict(zip(names, row, strict=True))
            closed: datetime | None = told.pop("closed_at")
            yield TicketRow.model_construct(None, closed_at=f"{closed:%Y-%m-%d}" if closed else "", **told)
