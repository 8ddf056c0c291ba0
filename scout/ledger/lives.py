"""Candidates without their texts: what lists, counts and logs show, read as little as the question needs.

Nothing in the ledger is ever changed or deleted, so that the numbers of its rows say whether anything is new, and by
candidate what.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Annotated, Any, Final, NamedTuple

from pydantic import Field
from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from scout.ledger.candidates import Histories
from scout.ledger.rows import value
from scout.ledger.schema import attempts, candidates, decisions, meta, outbox, receipts, revisions
from scout.model import Decision, Event, Frozen, WorkKind

_AT_ONCE: Final = 500
"""Names in one question: SQLite takes some thousands of parameters."""


class Life(Frozen):
    """A candidate with its newest revision in figures, and what has happened to it so far.

    Attributes:
        revision: number of the newest one; `title`, `kind`, `size`, `total` (readiness, 0..1) and `ready` are of it.
        ticket: what it was filed as; empty when it was not.
        tried: how the last attempt to file it went on, as `Candidate.tried`.
    """

    id: str
    project: str
    signal: str
    subject: str
    fingerprint: str
    severity: int
    score: float
    created_at: datetime
    title: str
    kind: WorkKind
    size: str
    total: Annotated[float, Field(ge=0, le=1)]
    ready: bool
    revision: int
    decisions: tuple[Decision, ...] = ()
    ticket: str = ""
    tried: Event | None = None


class Pulse(NamedTuple):
    """How many rows there are; as long as it is the same, nothing has happened to any candidate."""

    candidates: int
    revisions: int
    decisions: int
    attempts: int
    receipts: int
    restored: int

    def is_anew(self, before: "Pulse") -> bool:
        """Whether the ledger was restored since: rows are gone, and others may have their numbers."""
        return self.restored != before.restored or any(new < old for new, old in zip(self, before, strict=True))


class Decided(NamedTuple):
    """A decision with the candidate it is about."""

    candidate: str
    project: str
    title: str
    decision: Decision


def pulse(connection: Connection) -> Pulse:
    """Return how many rows there are."""
    tables = (candidates, revisions, decisions, attempts, receipts)
    counts = [select(func.count()).select_from(table).scalar_subquery() for table in tables]
    restored = select(func.count()).where(meta.c.name == "restored").scalar_subquery()
    return Pulse(*connection.execute(select(*counts, restored)).one())


def marks(connection: Connection) -> dict[str, tuple[int, ...]]:
    """Return by candidate how many rows are about it: revisions, decisions, attempts and receipts."""
    filed = (
        select(outbox.c.candidate, func.count(receipts.c.key))
        .select_from(outbox)
        .join(receipts, receipts.c.key == outbox.c.key)
    )
    sent = (
        select(outbox.c.candidate, func.count(attempts.c.key))
        .select_from(outbox)
        .join(attempts, attempts.c.key == outbox.c.key)
    )
    counted = (
        select(revisions.c.candidate, func.count()).group_by(revisions.c.candidate),
        select(decisions.c.candidate, func.count()).group_by(decisions.c.candidate),
        sent.group_by(outbox.c.candidate),
        filed.group_by(outbox.c.candidate),
    )
    found: dict[str, list[int]] = {}
    for place, query in enumerate(counted):
        for name, count in connection.execute(query):
            found.setdefault(name, [0] * len(counted))[place] = count
    return {name: tuple(counts) for name, counts in found.items()}


def lives(connection: Connection, names: Collection[str] | None = None) -> tuple[Life, ...]:
    """Return these candidates, or all, in any order."""
    if names is None:
        return tuple(_lives(connection))
    wanted = sorted(names)
    parts = (wanted[at : at + _AT_ONCE] for at in range(0, len(wanted), _AT_ONCE))
    return tuple(one for part in parts for one in _lives(connection, candidates.c.id.in_(part)))


def _lives(connection: Connection, *conditions: ColumnElement[bool]) -> Iterable[Life]:
    among = and_(True, *conditions)  # noqa: FBT003 - SQL's own 'true'
    histories = Histories(connection, among)
    for row in connection.execute(_newest().where(among)).mappings():
        yield value(Life, row, **histories.of(row["id"]))


def _newest() -> Select[Any]:
    """Return candidates with what lists show of their newest revision."""
    later = revisions.alias("later")
    newest = select(func.max(later.c.number)).where(later.c.candidate == candidates.c.id).scalar_subquery()
    readiness = revisions.c.readiness
    return (
        select(
            candidates,
            revisions.c.title,
            revisions.c.kind,
            revisions.c.size,
            readiness["total"].as_float().label("total"),
            readiness["ready"].as_boolean().label("ready"),
            revisions.c.number.label("revision"),
        )
        .select_from(candidates)
        .join(revisions, (revisions.c.candidate == candidates.c.id) & (revisions.c.number == newest))
    )


def decided(
    connection: Connection, projects: Collection[str], before: tuple[datetime, str, int] | None, most: int
) -> tuple[Decided, ...]:
    """Return decisions about candidates of these projects, newest first.

    Args:
        connection: one that reads.
        projects: ids.
        before: moment, candidate and number of the decision that the page before ended with; None for the first page.
        most: how many at most.
    """
    at, name, seq = decisions.c.at, decisions.c.candidate, decisions.c.seq
    query = select(decisions, candidates.c.project).select_from(decisions).join(candidates, candidates.c.id == name)
    query = query.where(candidates.c.project.in_(projects)).order_by(at.desc(), name.desc(), seq.desc()).limit(most)
    if before is not None:
        moment, last, number = before
        same = (at == moment) & ((name < last) | ((name == last) & (seq < number)))
        query = query.where(or_(at < moment, same))
    rows = connection.execute(query).mappings().all()
    titles = {one.id: one.title for one in lives(connection, {row["candidate"] for row in rows})}
    return tuple(
        Decided(row["candidate"], row["project"], titles[row["candidate"]], value(Decision, row)) for row in rows
    )


def decided_on(connection: Connection, projects: Collection[str], start: datetime, end: datetime, other: str) -> int:
    """Return how many decisions were made from `start` until before `end` about candidates of these projects.

    Args:
        connection: one that reads.
        projects: ids.
        start: UTC.
        end: UTC, exclusive.
        other: the actor whose decisions do not count.
    """
    within = (decisions.c.at >= start) & (decisions.c.at < end) & (decisions.c.actor != other)
    query = select(func.count()).select_from(decisions).join(candidates, candidates.c.id == decisions.c.candidate)
    return connection.scalar(query.where(within, candidates.c.project.in_(projects))) or 0
