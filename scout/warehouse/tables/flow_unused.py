"""Labels and states that nothing depends on any more."""

from datetime import datetime
from typing import NamedTuple

from scout.warehouse.connection import Connection

_UNUSED = """
    WITH worn AS (
        SELECT lower(unnest(labels)) AS name, state NOT IN ('completed', 'canceled') AS is_open, updated_at AS "at"
        FROM core.ticket WHERE project = $project
        UNION ALL
        SELECT lower(unnest(labels)), state = 'open', updated_at FROM core.change WHERE project = $project
        UNION ALL
        SELECT lower(after), false, "at" FROM core.transition
        WHERE project = $project AND field = 'label' AND after <> ''
    ), label AS (
        SELECT 'label' AS kind, any_value(label.name) AS name, count(worn.name) AS used,
               coalesce(bool_or(worn.is_open), false) AS is_open, max(worn."at") AS last_used
        FROM core.label AS label LEFT JOIN worn ON worn.name = lower(label.name)
        WHERE label.project = $project GROUP BY lower(label.name)
    ), entered AS (
        SELECT native_state AS name, state NOT IN ('completed', 'canceled') AS is_open, updated_at AS "at"
        FROM core.ticket WHERE project = $project
        UNION ALL
        SELECT native_after, false, "at" FROM core.transition WHERE project = $project AND field = 'state'
    ), status AS (
        SELECT 'state' AS kind, status.name, count(entered.name) AS used,
               coalesce(bool_or(entered.is_open), false) AS is_open, max(entered."at") AS last_used
        FROM (SELECT DISTINCT name, category FROM core.status WHERE project = $project) AS status
        LEFT JOIN entered ON lower(entered.name) = lower(status.name)
        WHERE status.category NOT IN ('', 'closed') GROUP BY status.name
    )
    SELECT kind, name, used, last_used FROM (FROM label UNION ALL FROM status)
    WHERE NOT is_open AND (last_used IS NULL OR last_used < $moment - INTERVAL 2 YEAR)
    ORDER BY used, kind, name
"""


class UnusedRow(NamedTuple):
    """A label or a state that no open ticket has and that nobody used for two years.

    Attributes:
        kind: `label` or `state`.
        used: on how many tickets and changes it ever was.
        last_used: when; None for never.
    """

    kind: str
    name: str
    used: int
    last_used: datetime | None


def unused(connection: Connection, project: str, until: datetime) -> tuple[UnusedRow, ...]:
    """Return what nobody used in the two years before `until`, a moment of the data."""
    rows = connection.execute(_UNUSED, {"project": project, "moment": until}).fetchall()
    return tuple(UnusedRow(*row) for row in rows)
