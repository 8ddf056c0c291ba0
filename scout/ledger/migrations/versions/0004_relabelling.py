"""Labels that tickets are to get, what was tried, and what they had before and after; append-only."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from scout.ledger.columns import Moment, Words

revision = "0004"
down_revision = "0003"

KEYS: Final = {
    "relabellings": "key = NEW.key",
    "relabel_attempts": "key = NEW.key AND number = NEW.number",
    "relabel_receipts": "key = NEW.key",
}
_WORDS: Final = ("run", "project", "publisher", "target", "ticket", "label", "undoes", "actor")


def upgrade() -> None:
    """Make the tables, then lock what they record."""
    op.create_table(
        "relabellings",
        sa.Column("key", Words, nullable=False),
        *(sa.Column(name, Words, nullable=False) for name in _WORDS),
        sa.Column("rivals", sa.JSON, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_relabellings"),
    )
    op.create_index("ix_relabellings_run", "relabellings", ["run"])
    op.create_table(
        "relabel_attempts",
        sa.Column("key", Words, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("outcome", Words, nullable=False),
        sa.Column("detail", Words, nullable=False),
        sa.PrimaryKeyConstraint("key", "number", name="pk_relabel_attempts"),
        sa.ForeignKeyConstraint(["key"], ["relabellings.key"], name="fk_relabel_attempts_key"),
    )
    op.create_table(
        "relabel_receipts",
        sa.Column("key", Words, nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_relabel_receipts"),
        sa.ForeignKeyConstraint(["key"], ["relabellings.key"], name="fk_relabel_receipts_key"),
    )
    for table, known in KEYS.items():
        if op.get_bind().dialect.name == "sqlite":
            _lock_sqlite(table, known)
        else:
            _lock_postgresql(table)


def _lock_sqlite(table: str, known: str) -> None:
    refusal = "SELECT RAISE(ABORT, 'the ledger is append-only')"
    for verb in ("update", "delete"):
        op.execute(f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} BEGIN {refusal}; END")
    there = f"EXISTS (SELECT 1 FROM {table} WHERE {known})"  # noqa: S608 - the names above
    op.execute(f"CREATE TRIGGER {table}_no_replace_0 BEFORE INSERT ON {table} WHEN {there} BEGIN {refusal}; END")


def _lock_postgresql(table: str) -> None:
    for verbs, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {table}_append_only_{each.lower()} BEFORE {verbs} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION scout_ledger_append_only()"
        )
