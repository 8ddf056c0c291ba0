"""The ledger's tables. Every one is append-only: what ends something is another row.

Numbers are given under the write lock (one more than the highest), so that a ledger can be copied between databases
row by row, without sequences. `migrations/` holds the same tables plus the triggers that refuse every update and
delete; a test keeps the two alike.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
)

from scout.ledger.columns import Moment, Words

HEAD: Final = "0004"
"""The newest migration: an open ledger at this version needs no look at the others."""

VERSION_TABLE: Final = "scout_ledger_version"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _number() -> Column[int]:
    return Column("number", Integer, primary_key=True, autoincrement=False)


def _moment(name: str) -> Column[datetime]:
    return Column(name, Moment, nullable=False)


def _words(name: str) -> Column[str]:
    return Column(name, Words, nullable=False)


meta = Table("meta", metadata, _number(), _words("name"), _words("value"), _moment("at"))
"""What is true of the ledger as a whole: its random id, when it was created, restored and swept."""

candidates = Table(
    "candidates",
    metadata,
    Column("id", Words, primary_key=True),
    _words("project"),
    _words("fingerprint"),
    Column("generation", Integer, nullable=False),
    _words("signal"),
    _words("subject"),
    Column("severity", Integer, nullable=False),
    Column("score", Double, nullable=False),
    _moment("created_at"),
    UniqueConstraint("project", "fingerprint", "generation"),
)
"""Ideas. `generation` counts how often the same one came before: each return is a candidate of its own."""

revisions = Table(
    "revisions",
    metadata,
    Column("candidate", Words, ForeignKey("candidates.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _words("drafter"),
    _words("title"),
    _words("body"),
    _words("kind"),
    _words("size"),
    Column("evidence", JSON, nullable=False),
    _words("evidence_digest"),
    _words("sha"),
    Column("readiness", JSON, nullable=False),
    _moment("at"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("candidate", Words, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    _words("event"),
    _words("reason"),
    _words("actor"),
    Column("revision", Integer, nullable=False),
    _moment("at"),
    Column("until", Moment),
    Column("condition", Words, nullable=False, server_default=""),
    Column("into", Words, nullable=False, server_default=""),
    ForeignKeyConstraint(["candidate", "revision"], ["revisions.candidate", "revisions.number"]),
)

suppressions = Table(
    "suppressions",
    metadata,
    _number(),
    _words("project"),
    _words("fingerprint"),
    _words("evidence_digest"),
    _words("reason"),
    _moment("at"),
    Column("lifted", Boolean, nullable=False),
    Index(None, "project", "fingerprint"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("key", Words, primary_key=True),
    _words("project"),
    _words("candidate"),
    Column("revision", Integer, nullable=False),
    _words("publisher"),
    _words("target"),
    _moment("at"),
    ForeignKeyConstraint(["candidate", "revision"], ["revisions.candidate", "revisions.number"]),
    Index(None, "candidate"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("key", Words, ForeignKey("outbox.key"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _moment("at"),
    _words("outcome"),
    _words("detail"),
)

receipts = Table(
    "receipts",
    metadata,
    Column("key", Words, ForeignKey("outbox.key"), primary_key=True),
    _words("ticket"),
    _words("url"),
    _moment("at"),
)

requests = Table(
    "requests",
    metadata,
    _number(),
    _words("project"),
    _moment("at"),
    Column("asked", Integer, nullable=False),
    Column("available", Integer, nullable=False),
    _words("purpose"),
    Index(None, "project", "at"),
)

claims = Table(
    "claims",
    metadata,
    _number(),
    _words("project"),
    _words("ticket"),
    _words("holder"),
    _moment("at"),
    _moment("until"),
    Column("released", Boolean, nullable=False),
    Index(None, "project", "ticket"),
)
"""Leases. Only the newest row of a ticket counts: it is held while that row is not released and not yet over."""

verdict_changes = Table(
    "verdict_changes",
    metadata,
    _number(),
    _words("project"),
    _words("ticket"),
    _words("digest"),
    Column("ready", Boolean, nullable=False),
    Column("total", Double, nullable=False),
    _moment("at"),
    Index(None, "project", "ticket"),
)

audit = Table(
    "audit",
    metadata,
    _number(),
    _moment("at"),
    _words("actor"),
    _words("verb"),
    _words("project"),
    _words("subject"),
    Column("details", JSON, nullable=False),
    Index(None, "project"),
)

reservations = Table(
    "reservations",
    metadata,
    _number(),
    _words("run"),
    _words("project"),
    _words("day"),
    Column("tokens", BigInteger, nullable=False),
    Column("money", BigInteger, nullable=False),
    _moment("at"),
    Index(None, "run"),
    Index(None, "day"),
)
"""Questions to a language model, each written down with the most that it may cost before it is sent."""

settlements = Table(
    "settlements",
    metadata,
    Column("reservation", Integer, ForeignKey("reservations.number"), primary_key=True, autoincrement=False),
    Column("tokens", BigInteger, nullable=False),
    Column("money", BigInteger, nullable=False),
    _moment("at"),
)
"""What questions have cost. A reservation without one counts whole: its process died, or nobody told the price."""

relabellings = Table(
    "relabellings",
    metadata,
    Column("key", Words, primary_key=True),
    *(_words(name) for name in ("run", "project", "publisher", "target", "ticket", "label", "undoes", "actor")),
    Column("rivals", JSON, nullable=False),
    _moment("at"),
    Index(None, "run"),
)
"""Accepted: this ticket is to have that label, and none of its rivals. `undoes` names the one that it takes back."""

relabel_attempts = Table(
    "relabel_attempts",
    metadata,
    Column("key", Words, ForeignKey("relabellings.key"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _moment("at"),
    _words("outcome"),
    _words("detail"),
)

relabel_receipts = Table(
    "relabel_receipts",
    metadata,
    Column("key", Words, ForeignKey("relabellings.key"), primary_key=True),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    _moment("at"),
)
"""What a ticket had before and after: whatever is needed to restore exactly that."""
