"""Sheets say what their columns are called, or the user does."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scout.errors import UsageError
from scout.sources._imports.archive import Skipped, recognised, survey
from scout.sources._imports.rows import record
from scout.sources._imports.sheet import Row
from scout.sources._imports.times import time_of
from scout.sources._jira.words import Vocabulary
from scout.sources._people import People
from scout.warehouse.records import CommentRow, LinkRow, Record, TicketRow
from tests.archives import cells, sheet, written

PEOPLE = People(b"salt")
JIRA = (
    *("Summary", "Issue key", "Issue id", "Issue Type", "Status", "Status Category", "Priority", "Resolution"),
    *("Assignee", "Reporter", "Created", "Updated", "Resolved", "Labels", "Labels", "Description"),
    *("Inward issue link (Blocks)", "Comment", "Parent"),
)
LINEAR = (
    *("ID", "Team", "Title", "Description", "Status", "Estimate", "Priority", "Project", "Creator", "Assignee"),
    *("Labels", "Cycle Name", "Created", "Updated", "Completed", "Canceled", "Due Date", "Parent issue"),
)


def records(path: Path, **columns: list[str]) -> list[Record]:
    """Return the records of a sheet's rows."""
    archive = recognised(path, path.name, None, columns)
    found = [bundle for bundle in archive.bundles() if not isinstance(bundle, Skipped)]
    rows = [thing.value for bundle in found for thing in bundle]
    assert all(isinstance(row, Row) for row in rows)
    return [record(row, PEOPLE, Vocabulary()) for row in rows]


def tickets(path: Path, **columns: list[str]) -> list[TicketRow]:
    return [row for one in records(path, **columns) for row in one.core if isinstance(row, TicketRow)]


def test_an_export_of_jira_needs_no_map(tmp_path: Path):
    row = cells(
        JIRA,
        {
            "Summary": "It does not fly",
            "Issue key": "APP-1",
            "Issue id": "10001",
            "Issue Type": "Bug",
            "Status": "Done",
            "Status Category": "Done",
            "Resolution": "Won't Do",
            "Assignee": "Ada A",
            "Created": "12/Jan/24 3:04 PM",
            "Resolved": "14/Jan/24 9:00 AM",
            "Labels": "air",
            "Description": "h2. Steps\n# climb",
            "Inward issue link (Blocks)": "APP-2",
            "Comment": "13/Jan/24 9:00 AM;ben;It is {{so}}; really",
            "Parent": "APP-9",
        },
    )
    (one,) = records(sheet(tmp_path / "it.csv", JIRA, row))
    ticket, comment, link = one.core
    assert isinstance(ticket, TicketRow)
    assert isinstance(comment, CommentRow)
    assert (ticket.key, ticket.state, ticket.kind, ticket.claimed) == ("APP-1", "canceled", "bug", True)
    assert (ticket.body, ticket.labels, ticket.parent) == ("## Steps\n\n1. climb", ["air"], "APP-9")
    assert ticket.created_at == datetime(2024, 1, 12, 15, 4, tzinfo=UTC)
    assert ticket.closed_at == datetime(2024, 1, 14, 9, tzinfo=UTC)
    assert (comment.body, comment.author) == ("It is `so`; really", PEOPLE.id("ben"))
    assert link == LinkRow("APP-1", "blocked_by", "APP-2", "blocked_by", "")
    assert b"Ada" not in one.payload


def test_an_export_of_linear_needs_no_map(tmp_path: Path):
    said = {
        "ID": "ENG-1",
        "Title": "It does not fly",
        "Description": "It *should*,\nreally",
        "Status": "In Progress",
        "Labels": "bug, air",
        "Cycle Name": "Cycle 4",
        "Updated": "Tue Jan 02 2024 03:04:05 GMT+0000 (GMT)",
        "Canceled": "",
        "Due Date": "2024-05-01",
    }
    (ticket,) = tickets(sheet(tmp_path / "it.csv.gz", LINEAR, cells(LINEAR, said)))
    assert (ticket.key, ticket.state, ticket.kind, ticket.milestone) == ("ENG-1", "started", "bug", "Cycle 4")
    assert (ticket.body, ticket.labels, ticket.claimed) == ("It *should*,\nreally", ["bug", "air"], False)
    assert (ticket.updated_at, ticket.due_at) == (
        datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
        datetime(2024, 5, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_names_as_github_writes_them_and_any_separator(tmp_path: Path, separator: str):
    header = ["number", "title", "state", "created_at", "closedAt"]
    row = ["7", "It does, not; fly", "closed", "2024-01-01T00:00:00Z", "2024-01-03T00:00:00Z"]
    (ticket,) = tickets(sheet(tmp_path / "it.csv", header, row, separator=separator))
    assert (ticket.key, ticket.title, ticket.state) == ("7", "It does, not; fly", "completed")
    assert ticket.closed_at == datetime(2024, 1, 3, tzinfo=UTC)


def test_the_user_says_what_columns_mean(tmp_path: Path):
    path = sheet(tmp_path / "it.csv", ["Titel", "Text", "Marke 1", "Marke 2"], ["a", "b", "c", "d"])
    (ticket,) = tickets(path, title=["titel"], body=["Text"], labels=["Marke 1", "Marke 2"])
    assert (ticket.title, ticket.body, ticket.labels) == ("a", "b", ["c", "d"])


def test_a_row_without_a_key_keeps_the_one_it_got(tmp_path: Path):
    header = ["Title", "Status", "Created"]
    first = tickets(sheet(tmp_path / "a.csv", header, ["a", "Open", "2024-01-01"]))
    again = tickets(sheet(tmp_path / "b.csv", header, ["a", "Done", "2024-01-01"]))
    assert first[0].key == again[0].key
    assert (first[0].state, again[0].state) == ("unstarted", "completed")


def test_a_row_without_a_title_is_skipped_and_named(tmp_path: Path):
    path = sheet(tmp_path / "it.csv", ["ID", "Title"], ["1", "a\nb"], ["2", " "], ["", ""], ["3", "c"], ["4"])
    found = survey(recognised(path, path.name, None, {}))
    assert found.rows["tickets"] == 2
    assert [(one.line, one.reason) for one in found.skipped] == [(4, "it has no title"), (7, "it has no title")]


def test_spreadsheets_write_utf_16(tmp_path: Path):
    path = tmp_path / "it.csv"
    path.write_bytes("Title\tStatus\né\tOpen\n".encode("utf-16"))
    assert tickets(path)[0].title == "é"


@pytest.mark.parametrize(
    ("said", "what", "remedy"),
    [
        ({"titl": ["A"]}, "A ticket has no 'titl'", "Did you mean 'title'?"),
        ({"title": ["Sumary"]}, "it.csv has no column 'Sumary'", "Did you mean 'Summary'?"),
        ({"body": ["Zzz"]}, "it.csv has no column 'Zzz'", "There are: Summary, Other."),
    ],
)
def test_a_wrong_map_names_what_is_nearest(tmp_path: Path, said: dict[str, list[str]], what: str, remedy: str):
    path = sheet(tmp_path / "it.csv", ["Summary", "Other"], ["a", "b"])
    with pytest.raises(UsageError, match=what) as raised:
        recognised(path, path.name, None, said)
    assert raised.value.remedy == remedy


def test_a_sheet_without_a_title_says_what_to_do(tmp_path: Path):
    path = sheet(tmp_path / "it.csv", ["Foo", "Bar"], ["a", "b"])
    with pytest.raises(UsageError, match="No column of it") as raised:
        recognised(path, path.name, None, {})
    assert "--map title=COLUMN" in raised.value.remedy


@pytest.mark.parametrize("content", ["", "\n\n", "hello", "\x00\x01\x02", "[]", "{}", '{"a": 1}\n', "<html>,\n"])
def test_what_has_no_known_shape_is_refused(tmp_path: Path, content: str):
    path = written(tmp_path / "it", content)
    with pytest.raises(UsageError) as raised:
        recognised(path, path.name, None, {})
    assert "it" in raised.value.what


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-02T03:04:05Z", datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2024-01-02 03:04", datetime(2024, 1, 2, 3, 4, tzinfo=UTC)),
        ("02/Jan/24 3:04 AM", datetime(2024, 1, 2, 3, 4, tzinfo=UTC)),
        ("Jan 2, 2024", datetime(2024, 1, 2, tzinfo=UTC)),
        ("Tue Jan 02 2024 03:04:05 GMT+0100 (CET)", datetime(2024, 1, 2, 2, 4, 5, tzinfo=UTC)),
        ("02.01.2024 03:04", datetime(2024, 1, 2, 3, 4, tzinfo=UTC)),
        ("1/2/2024", None),
        ("soon", None),
        (" ", None),
    ],
)
def test_times_of_many_forms(text: str, expected: datetime | None):
    assert time_of(text) == expected
