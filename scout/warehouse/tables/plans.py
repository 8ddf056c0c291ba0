"""Buffer plans: the newest one of each day."""

from datetime import UTC, date
from typing import Any, NamedTuple

from scout.model import Plan
from scout.warehouse.connection import Connection

_COUNTED = """
    SELECT day, on_hand, CAST(payload ->> '$.position.blocked' AS INTEGER), CAST(payload ->> '$.order' AS INTEGER)
    FROM stage.plan
    WHERE project = $project AND day >= $since AND coalesce(payload ->> '$.position.blind', '') = ''
    ORDER BY day
"""


def replace(connection: Connection, plan: Plan) -> bool:
    """Store a plan as that of its UTC day; return whether anything was written.

    A plan that says the same as the newest stored one of that day is not written again.
    """
    day = plan.at.astimezone(UTC).date()
    stored = _of_day(connection, plan.project, day)
    if stored is not None and _said(stored) == _said(plan):
        return False
    connection.execute("DELETE FROM stage.plan WHERE project = ? AND day = ?", [plan.project, day])
    connection.execute(
        "INSERT INTO stage.plan VALUES ($project, $day, $on_hand, $on_order, $s, $S_, $cover, $payload)",
        {
            "project": plan.project,
            "day": day,
            "on_hand": plan.position.on_hand,
            "on_order": plan.position.on_order,
            "s": plan.reorder_point,
            "S_": plan.order_up_to,
            "cover": plan.days_of_cover,
            "payload": plan.model_dump_json(round_trip=True),
        },
    )
    return True


def latest(connection: Connection, project: str) -> Plan | None:
    """Return the newest plan of a project; None when there is none."""
    row = connection.execute(
        "SELECT payload FROM stage.plan WHERE project = ? ORDER BY day DESC LIMIT 1", [project]
    ).fetchone()
    return Plan.model_validate_json(row[0]) if row else None


def recent(connection: Connection, project: str, days: int) -> list[tuple[date, int, float, int, int, int]]:
    """Return day, tickets on hand and on order, s, S and what was ordered, of the newest plans, oldest first."""
    rows = connection.execute(
        "SELECT day, on_hand, on_order, reorder_point, order_up_to, CAST(payload ->> '$.order' AS INTEGER)"
        " FROM stage.plan WHERE project = ? ORDER BY day DESC LIMIT ?",
        [project, days],
    ).fetchall()
    return [(row[0], row[1], row[2], row[3], row[4], row[5] or 0) for row in reversed(rows)]


class Counted(NamedTuple):
    """What the newest plan of a day counted.

    Attributes:
        unfilled: candidates that it would still have ordered; it is made anew after drafting.
    """

    day: date
    on_hand: int
    blocked: int
    unfilled: int


def counted(connection: Connection, project: str, since: date) -> tuple[Counted, ...]:
    """Return what the plans of each day from `since` on counted, oldest first, without those that were blind."""
    rows = connection.execute(_COUNTED, {"project": project, "since": since}).fetchall()
    return tuple(Counted(day, on_hand, blocked or 0, unfilled or 0) for day, on_hand, blocked, unfilled in rows)


def _of_day(connection: Connection, project: str, day: date) -> Plan | None:
    row = connection.execute("SELECT payload FROM stage.plan WHERE project = ? AND day = ?", [project, day]).fetchone()
    return Plan.model_validate_json(row[0]) if row else None


def _said(plan: Plan) -> dict[str, Any]:
    """Return what a plan says, apart from when it was made and when to look again."""
    return plan.model_dump(exclude={"at", "next_review_at"})
