"""The schema keeps its promise by itself, whatever client comes."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Table, delete, insert, select, update

from scout.ledger import AttemptOutcome, Entry, Ledger, Purpose, Request, Reservation, VerdictChange
from scout.ledger import migrations as home
from scout.ledger.labelling import Relabelling
from scout.ledger.schema import HEAD, VERSION_TABLE, metadata
from scout.model import Event, Spend
from tests.ledgers import NOON, a_candidate, a_decision, a_relabelling, a_suppression, an_intent, later, raw


def _fill(where: str) -> None:
    """Put a row into every table."""
    with Ledger.open(where) as ledger:
        one = ledger.add_candidate(a_candidate())
        ledger.decide(one, a_decision(Event.ACCEPT), intent=an_intent(one), suppression=a_suppression())
        ledger.attempt("k1", AttemptOutcome.STARTED, at=NOON)
        ledger.receive("k1", "T-1", "", NOON)
        ledger.record_request(Request(project="meadow", at=NOON, asked=2, available=1, purpose=Purpose.AGENT))
        ledger.claim("meadow", ["T-1"], "hedgehog", at=NOON, until=later(5))
        verdict = VerdictChange(project="meadow", ticket="T-1", digest="d", ready=True, total=0.5, at=NOON)
        ledger.verdicts_changed([verdict])
        asked = Reservation(run="r1", project="meadow", day="2026-03-02", tokens=9, money=8, at=NOON)
        number = ledger.reserve(asked, ())
        assert isinstance(number, int)
        ledger.settle(number, Spend(tokens=5), NOON)
        asked_for = a_relabelling()
        relabelling = Relabelling(ledger)
        relabelling.accept([asked_for])
        relabelling.attempt(asked_for.key, AttemptOutcome.STARTED, at=NOON)
        relabelling.receive(asked_for.key, {"labels": []}, {"labels": ["gtd: waiting"]}, NOON)
        ledger.audit(Entry(at=NOON, actor="scout", verb="file", project="meadow", subject="T-1"))


def test_migrations_and_schema_describe_the_same_tables(where: str):
    def counted(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:  # noqa: FBT001
        return not (kind == "table" and name == VERSION_TABLE)

    with Ledger.open(where) as ledger, ledger.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": counted})
        assert compare_metadata(context, metadata) == []


def test_the_head_that_opening_compares_with_is_the_newest_migration():
    assert ScriptDirectory(str(Path(home.__path__[0]))).get_heads() == [HEAD]


def test_no_row_of_any_table_can_be_changed_deleted_or_replaced(where: str):
    _fill(where)
    for table in metadata.sorted_tables:
        before = raw(where, str(select(table)))
        assert before, f"{table.name} is empty, so this proves nothing"
        for attack in _attacks(table, where):
            with pytest.raises((sqlite3.IntegrityError, psycopg.errors.RaiseException), match="append-only"):
                raw(where, attack)
        assert raw(where, str(select(table))) == before


def _attacks(table: Table, where: str) -> list[str]:
    first = table.columns[0]
    every = [str(update(table).values({first: first})), str(delete(table))]
    if "://" in where:
        return [*every, f"TRUNCATE {table.name} CASCADE"]
    replacing = insert(table).prefix_with("OR REPLACE")
    return [*every, str(replacing.from_select([column.name for column in table.columns], select(table)))]
