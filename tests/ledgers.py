"""What tests of the ledger share: a place on either database, made-up candidates, and raw rows past all code."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from scout.ledger import Intent
from scout.ledger.labelling import LabelIntent
from scout.model import Candidate, Decision, Draft, Event, Evidence, EvidenceKind, Readiness, Suppression, WorkKind
from tests.postgres import Server

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(name="where", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def ledger_place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a ledger that is not there yet, on each database in turn."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    server: Server = request.getfixturevalue("postgres")
    return server.new_database()


def later(minutes: float) -> datetime:
    """Return the moment so many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def a_draft(
    number: int = 1, *, title: str = "Mend the link", body: str = "It leads nowhere.", seen: str = "d1"
) -> Draft:
    """Return a draft; `seen` is the digest of its evidence."""
    evidence = (Evidence(kind=EvidenceKind.FILE, locator="docs/start.md:3", seen="[set-up](gone.md)", resolved=True),)
    return Draft(
        number=number,
        drafter="offline",
        title=title,
        body=body,
        kind=WorkKind.DOCS,
        size="S",
        evidence=evidence,
        evidence_digest=seen,
        sha="0" * 40,
        readiness=Readiness(total=0.75, ready=True, verdicts=(), failed_gates=(), digest="t1", rubric="r1"),
        at=later(number),
    )


def a_candidate(fingerprint: str = "broken-internal-link:1", project: str = "meadow", **draft: Any) -> Candidate:
    """Return a candidate as a drafter would hand it over."""
    return Candidate(
        id="",
        project=project,
        signal="broken-internal-link",
        subject="docs/start.md",
        fingerprint=fingerprint,
        severity=2,
        score=0.1,
        created_at=NOON,
        draft=a_draft(**draft),
    )


def a_decision(event: Event, seq: int = 1, *, revision: int = 1, actor: str = "reviewer", reason: str = "") -> Decision:
    """Return a decision made `seq` hours after noon."""
    return Decision(seq=seq, event=event, reason=reason, actor=actor, revision=revision, at=later(60 * seq))


def an_intent(candidate: str, key: str = "k1", revision: int = 1, project: str = "meadow") -> Intent:
    """Return the wish to file a candidate as a Markdown ticket."""
    return Intent(
        key=key,
        project=project,
        candidate=candidate,
        revision=revision,
        publisher="files",
        target="tickets",
        at=later(revision),
    )


def a_suppression(fingerprint: str = "broken-internal-link:1", seen: str = "d1") -> Suppression:
    """Return a standing 'not this'."""
    return Suppression(fingerprint=fingerprint, evidence_digest=seen, reason="kept on purpose", at=NOON)


def raw(where: str, statement: str) -> Sequence[Sequence[Any]]:
    """Run one statement on a ledger as a stranger's client would, and return its rows."""
    if "://" in where:
        with psycopg.connect(where, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []
    with closing(sqlite3.connect(where, isolation_level=None)) as connection:
        return connection.execute(statement).fetchall()


def a_relabelling(key: str = "l1", run: str = "r-1", ticket: str = "T-1") -> LabelIntent:
    """Return the wish to give a Markdown ticket a label."""
    return LabelIntent(
        key=key,
        run=run,
        project="meadow",
        publisher="files",
        target="tickets",
        ticket=ticket,
        label="gtd: waiting",
        rivals=("gtd: someday",),
        actor="reviewer",
        at=NOON,
    )
