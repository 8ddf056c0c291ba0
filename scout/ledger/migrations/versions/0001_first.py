"""The first tables, and the triggers that make each of them append-only."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from scout.ledger.columns import Moment, Words

revision = "0001"
down_revision = None

# Every table and what makes its rows the same: SQLite's INSERT OR REPLACE deletes without asking a trigger.
KEYS: Final = {
    "meta": (("number",),),
    "candidates": (("id",), ("project", "fingerprint", "generation")),
    "revisions": (("candidate", "number"),),
    "decisions": (("candidate", "seq"),),
    "suppressions": (("number",),),
    "outbox": (("key",),),
    "attempts": (("key", "number"),),
    "receipts": (("key",),),
    "requests": (("number",),),
    "claims": (("number",),),
    "verdict_changes": (("number",),),
    "audit": (("number",),),
}


def upgrade() -> None:
    """Make the tables, then lock what they record."""
    _ideas()
    _outbox()
    _work()
    if op.get_bind().dialect.name == "sqlite":
        _append_only_sqlite()
    else:
        _append_only_postgresql()


def _number() -> sa.Column[int]:
    return sa.Column("number", sa.Integer, autoincrement=False, nullable=False)


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, Words, nullable=False) for name in names]


def _integer(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, autoincrement=False, nullable=False)


def _at(name: str = "at") -> sa.Column[object]:
    return sa.Column(name, Moment, nullable=False)


def _ideas() -> None:
    op.create_table(
        "candidates",
        *_words("id", "project", "fingerprint", "signal", "subject"),
        _integer("generation"),
        _integer("severity"),
        sa.Column("score", sa.Double, nullable=False),
        _at("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_candidates"),
        sa.UniqueConstraint(
            "project", "fingerprint", "generation", name="uq_candidates_project_fingerprint_generation"
        ),
    )
    op.create_table(
        "revisions",
        *_words("candidate", "drafter", "title", "body", "kind", "size", "evidence_digest", "sha"),
        _number(),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("readiness", sa.JSON, nullable=False),
        _at(),
        sa.PrimaryKeyConstraint("candidate", "number", name="pk_revisions"),
        sa.ForeignKeyConstraint(["candidate"], ["candidates.id"], name="fk_revisions_candidate"),
    )
    op.create_table(
        "decisions",
        *_words("candidate", "event", "reason", "actor"),
        _integer("seq"),
        _integer("revision"),
        _at(),
        sa.Column("until", Moment),
        sa.PrimaryKeyConstraint("candidate", "seq", name="pk_decisions"),
        sa.ForeignKeyConstraint(
            ["candidate", "revision"],
            ["revisions.candidate", "revisions.number"],
            name="fk_decisions_candidate_revision",
        ),
    )
    op.create_table(
        "suppressions",
        _number(),
        *_words("project", "fingerprint", "evidence_digest", "reason"),
        _at(),
        sa.Column("lifted", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_suppressions"),
    )
    op.create_index("ix_suppressions_project_fingerprint", "suppressions", ["project", "fingerprint"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        *_words("key", "project", "candidate", "publisher", "target"),
        _integer("revision"),
        _at(),
        sa.PrimaryKeyConstraint("key", name="pk_outbox"),
        sa.ForeignKeyConstraint(
            ["candidate", "revision"],
            ["revisions.candidate", "revisions.number"],
            name="fk_outbox_candidate_revision",
        ),
    )
    op.create_index("ix_outbox_candidate", "outbox", ["candidate"])
    op.create_table(
        "attempts",
        *_words("key", "outcome", "detail"),
        _number(),
        _at(),
        sa.PrimaryKeyConstraint("key", "number", name="pk_attempts"),
        sa.ForeignKeyConstraint(["key"], ["outbox.key"], name="fk_attempts_key"),
    )
    op.create_table(
        "receipts",
        *_words("key", "ticket", "url"),
        _at(),
        sa.PrimaryKeyConstraint("key", name="pk_receipts"),
        sa.ForeignKeyConstraint(["key"], ["outbox.key"], name="fk_receipts_key"),
    )


def _work() -> None:
    op.create_table("meta", _number(), *_words("name", "value"), _at(), _by_number("meta"))
    op.create_table(
        "requests",
        _number(),
        *_words("project", "purpose"),
        _integer("asked"),
        _integer("available"),
        _at(),
        _by_number("requests"),
    )
    op.create_index("ix_requests_project_at", "requests", ["project", "at"])
    op.create_table(
        "claims",
        _number(),
        *_words("project", "ticket", "holder"),
        _at(),
        _at("until"),
        sa.Column("released", sa.Boolean, nullable=False),
        _by_number("claims"),
    )
    op.create_index("ix_claims_project_ticket", "claims", ["project", "ticket"])
    op.create_table(
        "verdict_changes",
        _number(),
        *_words("project", "ticket", "digest"),
        sa.Column("ready", sa.Boolean, nullable=False),
        sa.Column("total", sa.Double, nullable=False),
        _at(),
        _by_number("verdict_changes"),
    )
    op.create_index("ix_verdict_changes_project_ticket", "verdict_changes", ["project", "ticket"])
    op.create_table(
        "audit",
        _number(),
        *_words("actor", "verb", "project", "subject"),
        _at(),
        sa.Column("details", sa.JSON, nullable=False),
        _by_number("audit"),
    )
    op.create_index("ix_audit_project", "audit", ["project"])


def _by_number(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("number", name=f"pk_{table}")


def _append_only_sqlite() -> None:
    refusal = "SELECT RAISE(ABORT, 'the ledger is append-only')"
    for table, keys in KEYS.items():
        for verb in ("update", "delete"):
            op.execute(f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} BEGIN {refusal}; END")
        for number, key in enumerate(keys):
            same = " AND ".join(f"{column} = NEW.{column}" for column in key)
            known = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - the names above
            op.execute(
                f"CREATE TRIGGER {table}_no_replace_{number} BEFORE INSERT ON {table} WHEN {known} BEGIN {refusal}; END"
            )


def _append_only_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION scout_ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$"
    )
    for table in KEYS:
        for verbs, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER {table}_append_only_{each.lower()} BEFORE {verbs} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION scout_ledger_append_only()"
            )
