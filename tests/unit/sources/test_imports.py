"""Files that were imported become the records that a tracker would have given."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pytest

from scout.errors import UnavailableError
from scout.model import Outcome, TicketState
from scout.sources.imports import ImportsSource
from scout.warehouse.records import TABLES
from tests import archives
from tests.archives import comment, event, issue, jira_issue, lines, named, pull, sheet, working_group, written
from tests.importing import Imports

NAMES = ("ada", "ben", "cleo")


@pytest.fixture
def imports(tmp_path: Path) -> Imports:
    return Imports(tmp_path)


def everything(folder: Path) -> list[Path]:
    """Return one file of each shape."""
    happened = [comment(11), event(12, "closed"), event(13, "labeled", label={"name": "bug"}), event(14, "subscribed")]
    reviewed = event(
        21, "reviewed", user=archives.person("cleo"), state="approved", submitted_at="2024-01-05T00:00:00Z"
    )
    who = {"name": "Ada A", "email": "ada@example.org", "date": "2024-01-04T00:00:00Z"}
    committed = {"event": "committed", "id": None, "sha": "d" * 40, "message": "Wings", "author": who, "committer": who}
    return [
        lines(folder / "archive.jsonl", [{"type": "issue", "issue": issue(1), "events": happened}]),
        lines(
            folder / "pulls.jsonl.gz", [{"type": "pull", "pull": pull(2), "events": [reviewed, committed, comment(22)]}]
        ),
        lines(folder / "rest.jsonl", [issue(3), pull(4)]),
        written(folder / "gh.json", json.dumps([named(5)])),
        written(folder / "ietf.json", json.dumps(working_group())),
        lines(folder / "jira.jsonl", [jira_issue("APP-1"), {"id": "1", "key": "APP", "name": "App", "versions": []}]),
        sheet(folder / "sheet.csv", ["ID", "Title", "Assignee"], ["ENG-1", "It does not fly", "ada"]),
    ]


def test_an_archive_becomes_tickets_changes_comments_and_events(imports: Imports, tmp_path: Path):
    first, second, *_ = everything(tmp_path)
    imports.put(first)
    imports.put(second)
    assert imports.pull().outcome is Outcome.PRESENT
    ticket = imports.one("ticket")
    assert (ticket["key"], ticket["state"], ticket["kind"], ticket["claimed"]) == ("1", "unstarted", "bug", True)
    assert ticket["url"] == f"{archives.HTML}/issues/1"
    assert imports.one("change")["key"] == "2"
    assert imports.one("change_branch")["head"] == "wings"
    assert {(row["subject"], row["key"]) for row in imports.table("comment")} == {("1", "11"), ("2", "22")}
    assert {(row["subject"], row["field"]) for row in imports.table("transition")} == {
        ("1", "state"),
        ("1", "label"),
        ("1", "subscribed"),
    }
    assert (imports.one("review")["verdict"], imports.one("change_commit")["subject"]) == ("approved", "Wings")
    assert imports.one("label")["name"] == "bug"


def test_a_pull_request_is_an_issue_and_a_pull(imports: Imports, tmp_path: Path):
    imports.put(lines(tmp_path / "it.jsonl", [pull(4)]))
    imports.pull()
    streams = {row["stream"]: json.loads(row["payload"]) for row in imports.rows["record"]}
    assert not {"head", "base"} & streams["issue"].keys()
    assert streams["pull"]["head"]["ref"] == "wings"


def test_what_gh_prints_says_the_same_in_the_words_of_the_rest_api(imports: Imports, tmp_path: Path):
    imports.put(written(tmp_path / "gh.json", json.dumps([named(5), named(6, mergedAt=None, headRefName="x")])))
    imports.pull()
    ticket = imports.one("ticket")
    assert (ticket["state"], ticket["resolution"], ticket["native_state"]) == ("canceled", "not_planned", "closed")
    assert imports.one("change")["state"] == "closed"
    assert {(row["subject"], row["key"]) for row in imports.table("comment")} == {("5", "770005"), ("6", "770006")}


def test_a_working_groups_archive_has_reviews_and_remarks(imports: Imports, tmp_path: Path):
    imports.put(written(tmp_path / "ietf.json", json.dumps(working_group())))
    imports.pull()
    assert imports.one("change")["state"] == "merged"
    assert imports.one("review")["verdict"] == "approved"
    assert imports.table("label")[-1]["description"] == "Broken"  # of two, the one that came later counts
    kinds = [row["kind"] for row in imports.table("comment")]
    assert (kinds.count("comment"), kinds.count("review")) == (4, 2)
    assert imports.one("link")["kind"] == "closes"
    assert len({row["key"] for row in imports.table("comment")}) == 6


def test_a_jira_issue_is_read_as_the_source_jira_reads_it(imports: Imports, tmp_path: Path):
    imports.put(written(tmp_path / "page.json", json.dumps({"startAt": 0, "issues": [jira_issue("APP-1")]})))
    imports.pull()
    ticket = imports.one("ticket")
    assert (ticket["key"], ticket["state"], ticket["kind"]) == ("APP-1", "started", "bug")
    assert ticket["body"] == "## Steps\n\n1. climb\n2. `jump`"
    assert imports.one("comment")["body"] == "**Yes.**"
    assert imports.one("status")["name"] == "In Review"


def test_people_in_a_changelog_are_known_by_the_fields_that_hold_them(imports: Imports, tmp_path: Path):
    change = {"field": "Reviewer", "fieldId": "customfield_1", "from": None, "to": "cleo", "toString": "Cleo C"}
    history = {"id": "1", "created": "2024-01-03T00:00:00.000+0000", "items": [change]}
    one = jira_issue("APP-1", customfield_1={"displayName": "Cleo C", "name": "cleo", "key": "cleo"})
    imports.put(lines(tmp_path / "jira.jsonl", [one | {"changelog": {"histories": [history]}}]))
    imports.pull()
    assert "cleo" not in str(imports.rows).lower()


def test_nobody_is_named(imports: Imports, tmp_path: Path):
    for path in everything(tmp_path):
        imports.put(path)
    imports.pull()
    said = str(imports.rows).lower()
    assert not [name for name in NAMES if f"'{name}'" in said or f'"{name}"' in said or f"{name}@" in said]


def test_core_follows_from_each_record_alone(imports: Imports, tmp_path: Path):
    for path in everything(tmp_path):
        imports.put(path)
    imports.pull()
    source = ImportsSource()
    made = dict[str, list[str]]()
    for row in imports.rows["record"]:
        payload = row["payload"].encode() if isinstance(row["payload"], str) else row["payload"]
        for core in source.core(row["stream"], payload, imports.at):
            made.setdefault(TABLES[type(core)], []).append(said(core))
    for kind, table in TABLES.items():
        pulled = [said(row[name] for name in kind._fields) for row in imports.table(table)]
        assert sorted(made.get(table, [])) == sorted(pulled), table


def said(row: Iterable[object]) -> str:
    """Return values as text, times without the name that their zone has."""
    return repr([value.isoformat() if isinstance(value, datetime) else value for value in row])


def test_the_same_files_again_change_nothing(imports: Imports, tmp_path: Path):
    files = everything(tmp_path)
    assert all(imports.put(path) for path in files)
    cursor = imports.pull().cursor
    assert cursor is not None
    assert not any(imports.put(path, days=1) for path in files)
    again = imports.pull(dict(cursor) | {"basis": "of others"})
    assert again.unchanged
    assert not imports.rows


def test_all_files_are_read_when_one_was_added(imports: Imports, tmp_path: Path):
    imports.put(lines(tmp_path / "a.jsonl", [issue(1)]))
    cursor = imports.pull().cursor
    imports.put(lines(tmp_path / "b.jsonl", [issue(2)]))
    pulled = imports.pull(dict(cursor or {}))
    assert {row["key"] for row in imports.table("ticket")} == {"1", "2"}
    assert pulled.replaced >= {"issue", "comment", "row"}


def test_a_file_read_in_another_way_replaces_how_it_was_read(imports: Imports, tmp_path: Path):
    path = sheet(tmp_path / "it.csv", ["Title", "Other"], ["one", "two"])
    imports.put(path)
    imports.put(path, title=["Other"])
    imports.pull()
    assert imports.one("ticket")["title"] == "two"


def test_a_bad_line_is_a_note_and_the_rest_is_there(imports: Imports, tmp_path: Path):
    bad = [
        '{"number": 1',
        json.dumps({"number": 2}),
        json.dumps(issue(3)),
        "\x00",
        json.dumps(issue(4) | {"title": None}),
    ]
    imports.put(written(tmp_path / "it.jsonl", "\n".join(bad)), "github")
    pulled = imports.pull()
    assert imports.one("ticket")["key"] == "3"
    assert [note.split(":")[0] for note in pulled.notes] == [f"it.jsonl, line {line}" for line in (1, 2, 4, 5)]


def test_what_no_database_holds_is_replaced(imports: Imports, tmp_path: Path):
    imports.put(lines(tmp_path / "it.jsonl", [issue(1, title="a\x00b\ud800c", body="x" * 10_000_000)]))
    imports.pull()
    ticket = imports.one("ticket")
    assert ticket["title"] == "a\ufffdb\ufffdc"
    assert len(ticket["body"]) == 10_000_000


def test_settings_say_what_words_mean(tmp_path: Path):
    imports = Imports(tmp_path, states={"In Review": TicketState.BACKLOG, "label:bug": TicketState.STARTED})
    imports.put(lines(tmp_path / "a.jsonl", [jira_issue("APP-1")]))
    imports.put(lines(tmp_path / "b.jsonl", [issue(1)]))
    imports.pull()
    assert {row["key"]: row["state"] for row in imports.table("ticket")} == {"APP-1": "backlog", "1": "started"}


def test_without_imports_there_is_nothing_to_read(imports: Imports):
    assert imports.pull().outcome is Outcome.NOT_APPLICABLE


def test_a_file_that_is_gone_from_the_shelf_makes_the_source_unavailable(imports: Imports, tmp_path: Path):
    imports.put(lines(tmp_path / "a.jsonl", [issue(1)]))
    for kept in (imports.home / "imports" / "rocket").iterdir():
        assert kept.stat().st_mode & 0o777 == 0o600
        if not kept.suffix:
            kept.unlink()
    with pytest.raises(UnavailableError, match="cannot be read"):
        imports.pull()
