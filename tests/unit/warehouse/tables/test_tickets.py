"""Tickets look the same whatever tracker they come from, and however its records are cut."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scout.model import Comment, TicketState, WorkKind
from scout.sources._records import RecordSink
from scout.warehouse.merge import merge
from scout.warehouse.records import CommentRow, CoreRow, LinkRow, Record, TicketRow
from scout.warehouse.staging import Staging
from scout.warehouse.store import Warehouse
from scout.warehouse.tables import records, tickets
from tests.unit.warehouse.rows import NOW, merge_tickets, ticket

DAY = timedelta(days=1)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "state" / "warehouse.duckdb")


def row(key: str, **fields: Any) -> TicketRow:
    values: dict[str, Any] = {name: "" if kind is str else None for name, kind in TicketRow.__annotations__.items()}
    values |= {"key": key, "state": "unstarted", "labels": [], "claimed": False, "by_bot": False, **fields}
    return TicketRow(*values.values())


def said(subject: str, body: str, at: datetime | None) -> CommentRow:
    return CommentRow(subject, f"c{body}", "comment", body, "", by_bot=False, url="", created_at=at, updated_at=None)


def tracked(warehouse: Warehouse, source: str, *given: tuple[str, str, tuple[CoreRow, ...]]) -> None:
    with Staging(warehouse.path.with_name("worker")) as staging:
        sink = RecordSink("alpha", source, NOW, staging.write)
        for stream, key, core in given:
            sink.add(Record(stream, key, b"{}", core=core))
        sink.flush()
    merge(warehouse, [staging], "alpha", NOW)


def test_a_ticket_of_one_record_and_one_of_many_look_the_same(warehouse: Warehouse):
    fields: dict[str, Any] = {
        "title": "Sort",
        "body": "Text",
        "native_state": "To do",
        "kind": "bug",
        "labels": ["b", "a"],
    }
    comments = (said("7", "first", NOW), said("7", "second", NOW + DAY))
    links = (LinkRow("7", "blocked_by", "5", "is blocked by", ""), LinkRow("7", "relates", "6", "relates", ""))
    tracked(warehouse, "whole", ("issue", "100", (row("7", **fields), *comments, *links)))
    pieces = [("issue", "7", (row("7", **fields),)), ("dependencies", "7", links)]
    tracked(warehouse, "pieces", *pieces, *(("comment", one.body, (one,)) for one in reversed(comments)))
    with warehouse.reading() as connection:
        found = tickets.all_tickets(connection, "alpha")
    assert [one.source for one in found] == ["pieces", "whole"]
    assert found[0].having(source="whole") == found[1]
    assert found[1] == ticket(
        "7",
        source="whole",
        title="Sort",
        body="Text",
        native_state="To do",
        kind=WorkKind.BUG,
        labels=("b", "a"),
        blocked_by=("5",),
        comments=(Comment(at=NOW, body="first"), Comment(at=NOW + DAY, body="second")),
    )


def test_tickets_come_in_the_order_that_people_count_in(warehouse: Warehouse):
    keys = ["SCT-10", "SCT-9", "10", "9", "docs/2", "ABC-100"]
    tracked(warehouse, "tracker", *(("issue", key, (row(key),)) for key in keys))
    with warehouse.reading() as connection:
        found = [one.key for one in tickets.all_tickets(connection, "alpha")]
    assert found == ["9", "10", "ABC-100", "SCT-9", "SCT-10", "docs/2"]


def test_what_the_tracker_says_is_finished_blocks_nobody(warehouse: Warehouse):
    states = {"1": "completed", "2": "canceled", "3": "started", "4": ""}
    links = tuple(LinkRow("7", "blocked_by", key, "", state) for key, state in states.items())
    again = LinkRow("7", "blocked_by", "4", "", "")
    tracked(warehouse, "tracker", ("issue", "7", (row("7"), *links, again)))
    with warehouse.reading() as connection:
        [found] = tickets.all_tickets(connection, "alpha")
    assert found.blocked_by == ("3", "4")


def test_comments_come_with_open_tickets_only_the_oldest_first(warehouse: Warehouse):
    comments = tuple(said("1", body, at) for body, at in (("late", NOW), ("early", NOW - DAY), ("undated", None)))
    tracked(warehouse, "tracker", ("issue", "1", (row("1"), *comments)))
    tracked(warehouse, "tracker", ("issue", "2", (row("2", state="completed"), said("2", "thanks", NOW))))
    tracked(warehouse, "other", ("issue", "1", (row("1"),)))
    with warehouse.reading() as connection:
        other, first, second = tickets.all_tickets(connection, "alpha")
        assert records.core_counts(connection, "alpha")["comment"] == 4
        assert tickets.counts(connection, "alpha") == {TicketState.UNSTARTED: 2, TicketState.COMPLETED: 1}
    assert [comment.body for comment in first.comments] == ["undated", "early", "late"]
    assert (other.comments, second.comments) == ((), ())


def test_files_keep_comments_and_links_through_their_record(warehouse: Warehouse, tmp_path: Path):
    whole = ticket("a", comments=(Comment(at=NOW, body="Yes."), Comment(at=None, body="No.")), blocked_by=("c", "b"))
    merge_tickets(warehouse, tmp_path / "w", [whole])
    with warehouse.reading() as connection:
        [found] = tickets.all_tickets(connection, "alpha")
    assert found.blocked_by == whole.blocked_by
    assert {comment.body for comment in found.comments} == {"Yes.", "No."}
