"""However a life went, candidates() is what anybody gets who folds the rows by hand."""

import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.errors import ConflictError
from scout.ledger import Ledger
from scout.model import Candidate, Decision, Draft, Event
from tests.ledgers import NOON, a_candidate, a_decision, a_draft, a_suppression, an_intent

SEEN = st.sampled_from(["d1", "d2"])
STEP = st.one_of(
    st.tuples(st.just("add"), st.integers(0, 2), SEEN),
    st.tuples(st.just("revise"), st.integers(0, 2), SEEN),
    st.tuples(st.sampled_from(list(Event)), st.integers(0, 2), SEEN),
)


@pytest.fixture(name="fresh", scope="module")
def fresh_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fresh") / "fresh.db"
    Ledger.open(path).close()
    return path


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(STEP, max_size=25))
def test_candidates_equal_the_rows_folded_by_hand(fresh: Path, steps: Sequence[tuple[Any, int, str]]):
    path = fresh.with_name("one.db")
    shutil.copy(fresh, path)
    with Ledger.open(path) as ledger:
        for verb, which, seen in steps:
            _take(ledger, verb, f"s:{which}", seen)
        found = ledger.candidates()
        parts = [ledger.candidates("meadow", f"s:{which}") for which in range(3)]
    assert {one.id: one for one in found} == _folded(path)
    assert len(found) == len(_folded(path))
    assert {one.id for part in parts for one in part} == {one.id for one in found}


def _take(ledger: Ledger, verb: Any, fingerprint: str, seen: str) -> None:
    if verb == "add":
        ledger.add_candidate(a_candidate(fingerprint, seen=seen))
        return
    known = ledger.candidates(fingerprint=fingerprint)
    if not known:
        return
    newest = max(known, key=lambda one: len(one.decisions))
    number = newest.draft.number
    if verb == "revise":
        ledger.revise(newest.id, a_draft(number + 1, seen=seen))
        return
    event, seq = Event(verb), len(newest.decisions) + 1
    key = f"{newest.id}-{number}"
    if event is Event.PUBLISH:
        if any(intent.key == key for intent in ledger.intents()):
            ledger.receive(key, f"T-{key}", "", NOON)
        return
    with suppress(ConflictError):  # accepted twice at the same revision
        ledger.decide(
            newest.id,
            a_decision(event, seq, revision=number + 1 if event is Event.EDIT else number),
            intent=an_intent(newest.id, key, number) if event is Event.ACCEPT else None,
            suppression=a_suppression(fingerprint, seen) if event is Event.REJECT else None,
            revision=a_draft(number + 1, body="edited", seen=seen) if event is Event.EDIT else None,
        )


def _folded(path: Path) -> dict[str, Candidate]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        rows = {
            table: [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY rowid")]  # noqa: S608 - names below
            for table in ("candidates", "revisions", "decisions", "outbox", "receipts")
        }
    filed = {row["key"]: row["ticket"] for row in rows["receipts"]}
    lives: dict[str, Candidate] = {}
    for row in rows["candidates"]:
        mine = {table: [r for r in rows[table] if r["candidate"] == row["id"]] for table in ("revisions", "decisions")}
        tickets = [filed[r["key"]] for r in rows["outbox"] if r["candidate"] == row["id"] and r["key"] in filed]
        drafts = [
            _typed(Draft, r, evidence=json.loads(r["evidence"]), readiness=json.loads(r["readiness"]))
            for r in mine["revisions"]
        ]
        decisions = tuple(_typed(Decision, r) for r in mine["decisions"])
        ticket = tickets[-1] if tickets else ""
        lives[row["id"]] = _typed(Candidate, row, draft=drafts[-1], decisions=decisions, ticket=ticket)
    return lives


def _typed(model: Any, row: dict[str, Any], **more: Any) -> Any:
    fields = {name: value for name, value in {**row, **more}.items() if name in model.model_fields}
    for name in {"at", "until", "created_at"} & fields.keys():
        fields[name] = fields[name] and datetime.fromisoformat(fields[name]).replace(tzinfo=UTC)
    return model(**fields)
