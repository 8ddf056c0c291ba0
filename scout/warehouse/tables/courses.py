"""What tickets went through, as far as their tracker tells; one row a ticket."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from scout.model import TicketState
from scout.warehouse.connection import Connection

_COURSES = """
    WITH wanted AS (
        SELECT source, key, state, resolution, claimed, closed_at, updated_at
        FROM core.ticket WHERE project = $project AND key IN (SELECT unnest($keys))
    ), moved AS (
        SELECT source, subject,
            bool_or(after = 'started') AS started,
            bool_or(before IN ('completed', 'canceled') AND after NOT IN ('completed', 'canceled')) AS reopened,
            bool_or(before = 'started' AND after IN ('unstarted', 'backlog', 'triage')) AS went_back,
            coalesce(arg_max(by_bot, "at") FILTER (WHERE after IN ('completed', 'canceled')), false) AS by_bot
        FROM core.transition WHERE project = $project AND field = 'state' GROUP BY ALL
    ), closing AS (
        SELECT link.source, link.other AS key,
            count(DISTINCT change.key) FILTER (WHERE change.merged_at IS NOT NULL) AS merged,
            count(DISTINCT change.key) FILTER (WHERE change.merged_at IS NULL) AS opened
        FROM core.link AS link JOIN core.change AS change
          ON change.project = link.project AND change.source = link.source AND change.key = link.subject
        WHERE link.project = $project AND link.kind = 'closes' GROUP BY ALL
    )
    SELECT wanted.key, wanted.state, resolution, claimed, coalesce(started, false), coalesce(merged, 0),
        coalesce(opened, 0), coalesce(reopened, false), coalesce(went_back, false), wanted.closed_at,
        coalesce(by_bot, false),
        (SELECT count(*) FROM core.ticket AS other
         WHERE other.project = $project AND other.key <> wanted.key AND other.state = 'canceled'
           AND abs(epoch(other.closed_at) - epoch(wanted.closed_at)) <= 3600),
        wanted.updated_at
    FROM wanted
    LEFT JOIN moved ON moved.source = wanted.source AND moved.subject = wanted.key
    LEFT JOIN closing ON closing.source = wanted.source AND closing.key = wanted.key
"""


class CourseRow(NamedTuple):
    """What a ticket went through; `scout.review.outcomes.Course` says what each of these is."""

    key: str
    state: TicketState
    resolution: str
    claimed: bool
    started: bool
    merged: int
    opened: int
    reopened: bool
    went_back: bool
    closed_at: datetime | None
    closed_by_bot: bool
    closed_beside: int
    touched_at: datetime | None


def courses(connection: Connection, project: str, keys: Sequence[str]) -> Mapping[str, CourseRow]:
    """Return what tickets went through, by key; those that are not there are left out."""
    rows = connection.execute(_COURSES, {"project": project, "keys": list(keys)}).fetchall()
    return {row[0]: CourseRow(row[0], TicketState(row[1]), *row[2:]) for row in rows}
