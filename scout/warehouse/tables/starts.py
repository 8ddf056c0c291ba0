"""When work was started, as far as trackers let it be known.

No tracker of changes has a field for it. Commit dates are rewritten, and closes come in bulk: neither is looked at. A
change that was merged within an hour of its opening was made before it was asked for: it is no demand from stock.
"""

from datetime import date
from typing import NamedTuple

from scout.warehouse.connection import Connection

_STARTS = """
    WITH opened AS (
        SELECT source, key, created_at, by_bot,
               coalesce(merged_at - created_at <= INTERVAL 1 HOUR, false) AS expedited
        FROM core.change WHERE project = $project AND created_at IS NOT NULL
    ), closing AS (
        SELECT DISTINCT link.source, link.subject AS change, link.other AS ticket
        FROM core.link AS link JOIN core.ticket AS ticket
          ON ticket.project = link.project AND ticket.source = link.source AND ticket.key = link.other
        WHERE link.project = $project AND link.kind = 'closes'
    ), turned AS (
        SELECT turn.source, turn.subject, turn.field, min(turn."at") AS began
        FROM core.transition AS turn JOIN core.ticket AS ticket
          ON ticket.project = turn.project AND ticket.source = turn.source AND ticket.key = turn.subject
        WHERE turn.project = $project
          AND ((turn.field = 'state' AND turn.after = 'started') OR (turn.field = 'claim' AND turn.after <> ''))
        GROUP BY ALL
    ), started AS (
        SELECT CASE field WHEN 'state' THEN 'board' ELSE 'claimed' END AS evidence, began FROM turned
        UNION ALL
        SELECT 'linked', min(created_at)
        FROM opened JOIN closing ON closing.source = opened.source AND closing.change = opened.key
        WHERE NOT expedited GROUP BY closing.source, closing.ticket
        UNION ALL
        SELECT 'opened', created_at FROM opened
        WHERE NOT expedited AND (NOT by_bot OR EXISTS (
            FROM closing WHERE closing.source = opened.source AND closing.change = opened.key))
        UNION ALL
        SELECT 'expedited', created_at FROM opened WHERE expedited AND NOT by_bot
    )
    SELECT evidence, CAST(began AT TIME ZONE 'UTC' AS DATE) AS day, count(*)
    FROM started WHERE began >= $since GROUP BY ALL ORDER BY ALL
"""

_PACES = """
    SELECT payload ->> '$.demand.per_day', payload ->> '$.demand.days'
    FROM stage.plan WHERE project <> ? QUALIFY row_number() OVER (PARTITION BY project ORDER BY day DESC) = 1
"""


class DailyStarts(NamedTuple):
    """Starts of one UTC day by one kind of evidence.

    Attributes:
        evidence: `board` (a ticket's first move to a started state), `linked` (the first change that says it closes
            a ticket was opened), `opened` (a change was opened), `claimed` (a ticket's first assignment), or
            `expedited`: a change merged within an hour of its opening, which `linked` and `opened` leave out.
    """

    evidence: str
    day: date
    starts: int


def daily_starts(connection: Connection, project: str, since: date) -> tuple[DailyStarts, ...]:
    """Return what each kind of evidence says on each day from `since` on; changes by bots count where they close."""
    rows = connection.execute(_STARTS, {"project": project, "since": since}).fetchall()
    return tuple(DailyStarts(*row) for row in rows)


def paces(connection: Connection, but: str) -> tuple[tuple[float, int], ...]:
    """Return starts per working day, and on how many days they rest, as the newest plan of each other project says."""
    rows = connection.execute(_PACES, [but]).fetchall()
    return tuple((float(per_day), int(days)) for per_day, days in rows if per_day is not None and days is not None)
