"""History of the default branch, in counts."""

from datetime import date
from typing import NamedTuple

from scout.warehouse.connection import Connection


class HistoryCounts(NamedTuple):
    """How much history is stored for a project.

    Attributes:
        commits: all commits reached from the default branch.
        landed: those that landed on it and were made by people.
        file_changes: files changed, summed over the commits.
        tags: tags.
    """

    commits: int
    landed: int
    file_changes: int
    tags: int


def daily_landed(connection: Connection, project: str, since: date) -> list[tuple[date, int]]:
    """Return how many changes landed on each UTC day from `since` on, oldest first; empty days are left out."""
    rows = connection.execute(
        "SELECT day, landed FROM core.daily_landed WHERE project = ? AND day >= ? ORDER BY day", [project, since]
    )
    return [(day, landed) for day, landed in rows.fetchall()]


def counts(connection: Connection, project: str) -> HistoryCounts:
    """Return how much history is stored for a project."""
    row = connection.execute(
        """
        SELECT (SELECT count(*) FROM raw.git_commit WHERE project = $project),
               (SELECT count(*) FROM core.landed_change WHERE project = $project),
               (SELECT count(*) FROM raw.git_file_change WHERE project = $project),
               (SELECT count(*) FROM raw.git_tag WHERE project = $project)
        """,
        {"project": project},
    ).fetchone()
    return HistoryCounts(*(row or (0, 0, 0, 0)))
