"""How tickets ended, and what was learned from it, one calibration a project."""

from collections.abc import Mapping
from typing import NamedTuple

from scout.model import TicketState, WorkKind
from scout.warehouse.connection import Connection

_ENDINGS = """
    WITH moved AS (
        SELECT source, subject, bool_or(
            (before IN ('completed', 'canceled') AND after NOT IN ('completed', 'canceled'))
            OR (before = 'started' AND after IN ('unstarted', 'backlog', 'triage'))
        ) AS sent_back
        FROM core.transition WHERE project = $project AND field = 'state' GROUP BY ALL
    )
    SELECT ticket.key, title, body, state, kind, resolution, labels, coalesce(sent_back, false)
    FROM core.ticket AS ticket
    LEFT JOIN moved ON moved.source = ticket.source AND moved.subject = ticket.key
    WHERE project = $project AND (state IN ('completed', 'canceled') OR sent_back)
    ORDER BY coalesce(closed_at, updated_at, created_at) DESC NULLS LAST, ticket.key
    LIMIT $most
"""
_COUNT = """
    SELECT count(*) FROM core.ticket WHERE project = $project AND state IN ('completed', 'canceled')
"""


class Ending(NamedTuple):
    """A ticket that was closed or sent back, with its text of today.

    Attributes:
        resolution: in the tracker's words; empty where there is none.
        sent_back: whether it was reopened, or went from started back to not started.
    """

    key: str
    title: str
    body: str
    state: TicketState
    kind: WorkKind | None
    resolution: str
    labels: tuple[str, ...]
    sent_back: bool


def endings(connection: Connection, project: str, most: int) -> tuple[Ending, ...]:
    """Return a project's tickets that ended or were sent back, the newest first, at most `most`."""
    rows = connection.execute(_ENDINGS, {"project": project, "most": most}).fetchall()
    return tuple(
        Ending(key, title, body, TicketState(state), kind and WorkKind(kind), resolution, tuple(labels), sent_back)
        for key, title, body, state, kind, resolution, labels, sent_back in rows
    )


def closed(connection: Connection, project: str) -> int:
    """Return how many tickets of a project are closed."""
    row = connection.execute(_COUNT, {"project": project}).fetchone()
    return row[0] if row else 0


def calibrations(connection: Connection) -> Mapping[str, tuple[int, str]]:
    """Return what was learned, by project: on how many closed tickets it rests, and the calibration as JSON."""
    rows = connection.execute("SELECT project, tickets, payload FROM stage.calibration ORDER BY project").fetchall()
    return {project: (tickets, payload) for project, tickets, payload in rows}


def replace(connection: Connection, project: str, rubric: str, tickets: int, payload: str) -> None:
    """Keep what a project's history taught, in place of what it taught before."""
    connection.execute("DELETE FROM stage.calibration WHERE project = ?", [project])
    connection.execute("INSERT INTO stage.calibration VALUES (?, ?, ?, ?)", [project, rubric, tickets, payload])
