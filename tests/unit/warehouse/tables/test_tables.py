"""What stages keep: read back as it was written, and not written again when it is the same."""

from collections.abc import Generator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from scout.model import (
    DemandForecast,
    Evidence,
    EvidenceKind,
    Finding,
    Passing,
    Plan,
    Position,
    Readiness,
    Story,
    TicketState,
    Verdict,
    WorkKind,
)
from scout.warehouse.connection import Connection
from scout.warehouse.merge import merge
from scout.warehouse.staging import Staging
from scout.warehouse.store import Warehouse
from scout.warehouse.tables import findings, git, plans, tickets, verdicts
from tests.unit.warehouse.rows import NOW, columns, commit, merge_tickets, tag, ticket


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "state" / "warehouse.duckdb")


@pytest.fixture
def connection(warehouse: Warehouse) -> Generator[Connection, None, None]:
    with warehouse.writing() as connection:
        yield connection


def finding(subject: str, **fields: object) -> Finding:
    return Finding.model_validate(
        {
            "signal": "temporary-old",
            "subject": subject,
            "severity": 2,
            "kind": WorkKind.CHORE,
            "story": Story(title=f"Remove {subject}", current="c", why="w", wanted="x", acceptance=("a",)),
            "evidence": (Evidence(kind=EvidenceKind.FILE, locator=f"{subject}:3", seen="# für jetzt\x00 'x' \"y\""),),
            **fields,
        }
    )


def readiness(total: float, *gates: str) -> Readiness:
    verdict = Verdict(criterion="title", gate=True, weight=1, score=total, passing=Passing.PASSED, reason="r")
    return Readiness(
        total=total, ready=not gates, verdicts=(verdict,), failed_gates=gates, digest=f"d{total}", rubric="r1"
    )


def plan(at: datetime, on_hand: int = 3, cover: float | None = 1.5) -> Plan:
    return Plan(
        project="alpha",
        at=at,
        demand=DemandForecast(basis="changes", days=60, starts=90, per_day=1.5, interval=3, quantiles={"0.95": 8}),
        position=Position(on_hand=on_hand, on_order=1.5),
        lead_time=2,
        review_period=1,
        service_level=0.95,
        yield_rate=0.5,
        ceiling=20,
        reorder_point=8,
        order_up_to=10,
        safety_stock=3.5,
        days_of_cover=cover,
        order=6,
        reason="Below s.",
        constraint="definition",
        next_review_at=at + timedelta(days=1),
        holidays=(date(2026, 5, 1),),
    )


def test_findings_are_read_back_in_their_order(connection: Connection):
    found = [finding("b.py"), finding("a.py", offered=False, because="Grouped."), finding("c'; --", severity=3)]
    assert findings.digest(connection, "alpha") == ""
    assert findings.replace(connection, "alpha", found)
    assert findings.read(connection, "alpha") == tuple(found)
    assert findings.read(connection, "beta") == ()
    rows = connection.execute("SELECT fingerprint, evidence_digest, severity, offered FROM stage.finding").fetchall()
    assert rows == [(one.fingerprint, one.evidence_digest, one.severity, one.offered) for one in found]


def test_the_same_findings_are_not_written_again(connection: Connection):
    found = [finding("a.py")]
    findings.replace(connection, "alpha", found)
    assert findings.digest(connection, "alpha") == findings.content_digest(found)
    assert not findings.replace(connection, "alpha", found)
    assert findings.replace(connection, "alpha", [finding("a.py", score=0.9)])
    assert findings.replace(connection, "alpha", [])
    assert not findings.replace(connection, "alpha", [])
    assert findings.read(connection, "alpha") == ()


def test_no_findings_are_something_else_than_never_looked(connection: Connection):
    assert findings.replace(connection, "alpha", [])
    assert findings.digest(connection, "alpha") == findings.content_digest([]) != ""


def test_readiness_is_read_back_by_key(connection: Connection):
    judged = {"2": readiness(0.4, "acceptance", "title"), "1": readiness(0.9)}
    assert verdicts.replace(connection, "alpha", judged)
    assert list(verdicts.read(connection, "alpha").items()) == sorted(judged.items())
    assert not verdicts.replace(connection, "alpha", dict(reversed(judged.items())))
    rows = connection.execute("SELECT key, total, ready, failed_gates FROM stage.readiness ORDER BY key").fetchall()
    assert rows == [("1", 0.9, True, []), ("2", 0.4, False, ["acceptance", "title"])]
    assert verdicts.replace(connection, "alpha", {"1": readiness(0.9)})
    assert list(verdicts.read(connection, "alpha")) == ["1"]


def test_the_newest_plan_of_a_day_counts(connection: Connection):
    assert plans.latest(connection, "alpha") is None
    first, second = plan(NOW), plan(NOW + timedelta(hours=1), on_hand=4)
    assert plans.replace(connection, first)
    assert plans.replace(connection, second)
    assert plans.latest(connection, "alpha") == second
    assert connection.execute("SELECT count(*) FROM stage.plan").fetchone() == (1,)
    assert plans.replace(connection, tomorrow := plan(NOW + timedelta(days=1), cover=None))
    assert plans.latest(connection, "alpha") == tomorrow
    assert plans.latest(connection, "beta") is None


def test_a_plan_that_says_the_same_is_not_written_again(connection: Connection):
    plans.replace(connection, plan(NOW))
    later = plan(NOW + timedelta(hours=1))
    assert not plans.replace(connection, later)
    assert plans.replace(connection, plan(NOW, on_hand=2))
    assert plans.replace(connection, plan(NOW + timedelta(days=1)))


def test_landed_changes_are_counted_by_utc_day_without_bots_and_side_branches(warehouse: Warehouse, tmp_path: Path):
    day = datetime(2026, 1, 10, tzinfo=UTC)
    rows = [
        commit("c1", committed_at=day - timedelta(seconds=1)),
        commit("c2", committed_at=day),
        commit("c3", committed_at=day + timedelta(hours=23, minutes=59), is_merge=True, parents=2),
        commit("c4", committed_at=day, is_bot=True),
        commit("c5", committed_at=day, first_parent=False),
        commit("c6", committed_at=day + timedelta(days=3), reverts="c2", files=None, additions=None, deletions=None),
    ]
    with Staging(tmp_path / "w") as staging:
        staging.write("git_commit", columns("git_commit", rows))
        staging.write("git_tag", columns("git_tag", [tag("v1", "c1")]))
    merge(warehouse, [staging], "alpha", NOW)
    with warehouse.reading() as connection:
        since = day.date()
        assert git.daily_landed(connection, "alpha", since) == [(since, 2), (date(2026, 1, 13), 1)]
        assert git.daily_landed(connection, "alpha", date(2000, 1, 1))[0] == (date(2026, 1, 9), 1)
        assert git.daily_landed(connection, "beta", date(2000, 1, 1)) == []
        assert git.counts(connection, "alpha") == git.HistoryCounts(commits=6, landed=4, file_changes=0, tags=1)
        reverts = connection.execute("SELECT sha FROM core.landed_change WHERE reverts = 'c2'").fetchall()
        assert reverts == [("c6",)]


def test_tickets_are_read_back_whole(warehouse: Warehouse, tmp_path: Path):
    rich = ticket(
        "a/b 1",
        body="Line one\nLine \x00 two: 'quoted' \"double\" ünïcode \U0001f600",
        state=TicketState.STARTED,
        native_state="In Arbeit",
        kind=WorkKind.BUG,
        labels=("one, two", '"three"', ""),
        claimed=True,
        blocked_by=("2", "3"),
        url="https://tracker.example/1",
        created_at=NOW - timedelta(days=3),
        updated_at=NOW,
    )
    closed = ticket("2", state=TicketState.COMPLETED, closed_at=NOW)
    merge_tickets(warehouse, tmp_path / "w", [closed, rich])
    with warehouse.reading() as connection:
        assert tickets.all_tickets(connection, "alpha") == (closed, rich.having(body=rich.body.replace("\0", "\ufffd")))
        assert tickets.counts(connection, "alpha") == {TicketState.STARTED: 1, TicketState.COMPLETED: 1}
        traced = connection.execute(
            "SELECT count(*) FROM core.ticket AS made JOIN raw.record AS record ON made.record = record.key "
            "AND (made.project, made.source, made.stream, made.digest, made.fetched_at) "
            "= (record.project, record.source, record.stream, record.digest, record.fetched_at)"
        ).fetchone()
    assert traced == (2,)
