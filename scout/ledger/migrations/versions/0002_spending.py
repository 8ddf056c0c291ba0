"""What questions to a language model may cost and have cost; append-only like everything else."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from scout.ledger.columns import Moment, Words

revision = "0002"
down_revision = "0001"

KEYS: Final = {"reservations": "number", "settlements": "reservation"}


def upgrade() -> None:
    """Make the tables, then lock what they record."""
    op.create_table(
        "reservations",
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        *(sa.Column(name, Words, nullable=False) for name in ("run", "project", "day")),
        *_amounts(),
        sa.PrimaryKeyConstraint("number", name="pk_reservations"),
    )
    op.create_index("ix_reservations_run", "reservations", ["run"])
    op.create_index("ix_reservations_day", "reservations", ["day"])
    op.create_table(
        "settlements",
        sa.Column("reservation", sa.Integer, autoincrement=False, nullable=False),
        *_amounts(),
        sa.PrimaryKeyConstraint("reservation", name="pk_settlements"),
        sa.ForeignKeyConstraint(["reservation"], ["reservations.number"], name="fk_settlements_reservation"),
    )
    for table, key in KEYS.items():
        if op.get_bind().dialect.name == "sqlite":
            _lock_sqlite(table, key)
        else:
            _lock_postgresql(table)


def _amounts() -> list[sa.Column[object]]:
    amounts: list[sa.Column[object]] = [sa.Column(name, sa.BigInteger, nullable=False) for name in ("tokens", "money")]
    return [*amounts, sa.Column("at", Moment, nullable=False)]


def _lock_sqlite(table: str, key: str) -> None:
    refusal = "SELECT RAISE(ABORT, 'the ledger is append-only')"
    for verb in ("update", "delete"):
        op.execute(f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} BEGIN {refusal}; END")
    known = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 - the names above
    op.execute(f"CREATE TRIGGER {table}_no_replace_0 BEFORE INSERT ON {table} WHEN {known} BEGIN {refusal}; END")


def _lock_postgresql(table: str) -> None:
    for verbs, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {table}_append_only_{each.lower()} BEFORE {verbs} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION scout_ledger_append_only()"
        )
