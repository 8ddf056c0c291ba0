"""Open tickets with all that speaks about their class, in pages of bounded size; and the classes that they have."""

from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from scout.warehouse.connection import Connection

_COMMENTS = 6

_KEYS = """
    SELECT source, key FROM core.ticket
    WHERE project = $project AND ($closed OR state NOT IN ('completed', 'canceled'))
    ORDER BY source, try_cast(key AS BIGINT) NULLS LAST, key
"""
_TICKETS = """
    SELECT source, key, title, body, labels, coalesce(nullif(native_kind, ''), kind, ''),
           coalesce(nullif(native_state, ''), state), claimed, priority, milestone, parent, author, by_bot,
           created_at, updated_at, due_at
    FROM core.ticket WHERE project = $project AND source = $source AND list_contains($keys, key)
"""
_SAID = """
    SELECT subject, body, author, created_at FROM (
        SELECT *, row_number() OVER (
            PARTITION BY subject ORDER BY created_at DESC NULLS LAST, length(record) DESC, record DESC, place DESC
        ) AS nth
        FROM core.comment
        WHERE project = $project AND source = $source AND list_contains($keys, subject) AND NOT by_bot
    ) WHERE nth <= $most ORDER BY subject, nth DESC
"""
_LINKS = """
    SELECT link.subject, link.kind, link.other, coalesce(nullif(link.other_state, ''), other.state, '')
    FROM core.link AS link LEFT JOIN core.ticket AS other
      ON other.project = link.project AND other.source = link.source AND other.key = link.other
    WHERE link.project = $project AND link.source = $source AND list_contains($keys, link.subject)
    UNION ALL
    SELECT parent, 'child', key, state FROM core.ticket
    WHERE project = $project AND source = $source AND list_contains($keys, parent)
    UNION ALL
    SELECT link.other, 'change', link.subject, change.state
    FROM core.link AS link JOIN core.change AS change
      ON change.project = link.project AND change.source = link.source AND change.key = link.subject
    WHERE link.project = $project AND link.source = $source AND link.kind = 'closes'
      AND list_contains($keys, link.other)
    ORDER BY ALL
"""


_BEHIND = """
    SELECT count(*), count(*) FILTER (WHERE class.key IS NOT NULL),
           count(*) FILTER (WHERE class.key IS NOT NULL AND ticket.updated_at > class."at"), max(ticket.updated_at)
    FROM core.ticket AS ticket LEFT JOIN stage.lifecycle AS class
      ON class.project = ticket.project AND class.source = ticket.source AND class.key = ticket.key
     AND class.taxonomy = $taxonomy
    WHERE ticket.project = $project AND ticket.state NOT IN ('completed', 'canceled')
"""


class Behind(NamedTuple):
    """How many open tickets a project has, how many of them have a class, and how many changed after they got it.

    Attributes:
        newest: when one was last changed; None without any.
    """

    open: int
    classed: int
    changed: int
    newest: datetime | None


class OpenTicket(NamedTuple):
    """A ticket with what its class depends on.

    Attributes:
        comments: body, whether the ticket's author said it (None where nobody knows), and when; the newest last.
        links: kind, the other's key, its state (empty where nobody knows); `change` for one that closes it.
    """

    source: str
    key: str
    title: str
    body: str
    labels: tuple[str, ...]
    kind: str
    state: str
    claimed: bool
    priority: str
    milestone: str
    parent: str
    created_at: datetime | None
    updated_at: datetime | None
    due_at: datetime | None
    comments: tuple[tuple[str, bool | None, datetime | None], ...]
    links: tuple[tuple[str, str, str], ...]


class Standing(NamedTuple):
    """The class that a ticket has.

    Attributes:
        digest: of what was classified and by which rules.
        doubt: why somebody should look at it; empty without doubt.
    """

    source: str
    key: str
    meaning: str
    confidence: float
    reason: str
    quotation: str
    rule: str
    doubt: str
    digest: str
    run: str
    at: datetime


def tickets(connection: Connection, project: str, page: int, *, closed: bool = False) -> Generator[OpenTicket]:
    """Give a project's open tickets by source and key, `page` at a time; with `closed` all of them."""
    listed = connection.execute(_KEYS, {"project": project, "closed": closed}).fetchall()
    sources: defaultdict[str, list[str]] = defaultdict(list)
    for source, key in listed:
        sources[source].append(key)
    for source, keys in sources.items():
        for start in range(0, len(keys), page):
            yield from _page(connection, project, source, keys[start : start + page])


def _page(connection: Connection, project: str, source: str, keys: Sequence[str]) -> Iterator[OpenTicket]:
    named: dict[str, Any] = {"project": project, "source": source, "keys": list(keys)}
    links: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for subject, kind, other, state in connection.execute(_LINKS, named).fetchall():
        links[subject].append((kind, other, state))
    said: defaultdict[str, list[tuple[str, str, datetime | None]]] = defaultdict(list)
    for subject, body, author, at in connection.execute(_SAID, {**named, "most": _COMMENTS}).fetchall():
        said[subject].append((body, author, at))
    rows = {row[1]: row for row in connection.execute(_TICKETS, named).fetchall()}
    for key in keys:
        if (row := rows.get(key)) is None:
            continue
        *texts, author, _, created_at, updated_at, due_at = row
        texts[4] = tuple(texts[4])
        comments = tuple((body, by == author if by and author else None, at) for body, by, at in said[key])
        links_of = tuple(dict.fromkeys(links[key]))
        yield OpenTicket._make((*texts, created_at, updated_at, due_at, comments, links_of))


def standings(connection: Connection, project: str, taxonomy: str) -> Iterator[Standing]:
    """Give the classes that a project's tickets have, by source and key."""
    query = (
        'SELECT source, key, meaning, confidence, reason, quotation, rule, doubt, digest, run, "at" '
        "FROM stage.lifecycle WHERE project = ? AND taxonomy = ? ORDER BY source, key"
    )
    for row in connection.execute(query, [project, taxonomy]).fetchall():
        yield Standing(*row)


def behind(connection: Connection, project: str, taxonomy: str) -> Behind:
    """Return how far a project's classes are behind its open tickets."""
    row = connection.execute(_BEHIND, {"project": project, "taxonomy": taxonomy}).fetchone()
    return Behind(*row) if row else Behind(0, 0, 0, None)


def put(connection: Connection, project: str, taxonomy: str, rows: Sequence[Standing]) -> None:
    """Write classes in place of those that these tickets had."""
    if rows:
        columns = dict(zip(Standing._fields, map(list, zip(*rows, strict=True)), strict=True))
        chosen = ", ".join(f'unnest(${name}) AS "{name}"' for name in Standing._fields)
        connection.execute(
            f"INSERT OR REPLACE INTO stage.lifecycle BY NAME "
            f"SELECT $project AS project, $taxonomy AS taxonomy, {chosen}",
            {"project": project, "taxonomy": taxonomy, **columns},
        )


def drop(connection: Connection, project: str, taxonomy: str, keys: Sequence[tuple[str, str]]) -> None:
    """Take the class from tickets, by source and key."""
    for source, key in keys:
        connection.execute(
            "DELETE FROM stage.lifecycle WHERE project = ? AND taxonomy = ? AND source = ? AND key = ?",
            [project, taxonomy, source, key],
        )
