"""What happened in its own words, and who is known only so that nobody's name is shown."""

from datetime import datetime
from typing import NamedTuple

from scout.warehouse.connection import Connection

_MOST = 20_000
_TOLD = """
    WITH told AS (
        SELECT 'ticket' AS kind, key AS locator, title AS text, created_at AS "at",
               CASE WHEN closed_at >= created_at THEN epoch(closed_at - created_at) / 86400 END AS days
        FROM core.ticket WHERE project = $project AND NOT by_bot
        UNION ALL
        SELECT CASE WHEN regexp_matches(lower(title), $revert) THEN 'revert'
                    WHEN regexp_matches(lower(title), '\\bhot-?fix\\b') THEN 'hot fix' ELSE 'fix' END,
               key, title, merged_at, CASE WHEN merged_at >= created_at THEN epoch(merged_at - created_at) / 86400 END
        FROM core.change
        WHERE project = $project AND NOT by_bot AND merged_at IS NOT NULL
          AND regexp_matches(lower(title), $fix)
        UNION ALL
        SELECT CASE WHEN reverts <> '' OR regexp_matches(lower(subject), $revert) THEN 'revert'
                    WHEN regexp_matches(lower(subject), '\\bhot-?fix\\b') THEN 'hot fix' ELSE 'fix' END,
               left(sha, 12), subject, committed_at, NULL
        FROM raw.git_commit
        WHERE project = $project AND NOT is_bot AND NOT is_merge
          AND NOT EXISTS (SELECT 1 FROM core.change WHERE project = $project AND merged_at IS NOT NULL)
          AND regexp_matches(lower(subject), $fix)
        UNION ALL
        SELECT 'failed job', coalesce(nullif(run.url, ''), run.key), job.name, job.completed_at, NULL
        FROM core.job AS job
        JOIN core.run AS run ON run.project = job.project AND run.source = job.source AND run.key = job.run
        WHERE job.project = $project AND job.conclusion IN ('failure', 'timed_out')
    )
    SELECT kind, locator, text, datediff('day', DATE '1970-01-01', timezone($zone, "at")::DATE), days
    FROM told WHERE "at" IS NOT NULL AND "at" <= $moment AND text <> ''
    ORDER BY "at" DESC, kind, locator LIMIT $most
"""
_REVERT = r'^\s*"?(revert|back ?out|roll ?back)'
_FIX = rf"{_REVERT}|\b(hot-?fix|bug-?fix|fix(es|ed)?)\b"
_PEOPLE = """
    SELECT DISTINCT person FROM (
        SELECT author AS person FROM core.ticket WHERE project = $project
        UNION ALL SELECT author FROM core.change WHERE project = $project
        UNION ALL SELECT author FROM core.comment WHERE project = $project
        UNION ALL SELECT reviewer FROM core.review WHERE project = $project
        UNION ALL SELECT actor FROM core.transition WHERE project = $project
        UNION ALL SELECT author FROM core.change_commit WHERE project = $project
        UNION ALL SELECT author_id FROM raw.git_commit WHERE project = $project
    ) WHERE person <> ''
"""


class ToldRow(NamedTuple):
    """Something that happened: what kind of thing, where, in which words, on which day, and how long it took."""

    kind: str
    locator: str
    text: str
    day: int
    days: float | None


def told(connection: Connection, project: str, now: datetime, zone: str) -> tuple[ToldRow, ...]:
    """Return tickets, reverts, hot fixes, fixes and failed jobs of a project, the newest 20,000.

    Where no tracker tells which changes were merged, commits that people made say what was fixed and reverted.
    """
    named = {"project": project, "moment": now, "zone": zone, "most": _MOST, "revert": _REVERT, "fix": _FIX}
    return tuple(ToldRow(*row) for row in connection.execute(_TOLD, named).fetchall())


def pseudonyms(connection: Connection, project: str) -> frozenset[str]:
    """Return the pseudonyms of everybody who is known, to be compared with those of words; never to be shown."""
    return frozenset(person for (person,) in connection.execute(_PEOPLE, {"project": project}).fetchall())


def home(connection: Connection, project: str) -> str:
    """Return owner and name of the repository that tickets or changes are in; empty where nothing tells."""
    row = connection.execute(
        "SELECT regexp_extract(url, '^https?://[^/]+/([^/]+/[^/]+)/(?:issues|pull)/', 1) FROM ("
        "SELECT url FROM core.ticket WHERE project = $project "
        "UNION ALL SELECT url FROM core.change WHERE project = $project"
        ") WHERE url <> '' LIMIT 1",
        {"project": project},
    ).fetchone()
    return str(row[0]) if row else ""
