"""Archives of several shapes and trackers in one project: what is the same is there once, what is not is kept apart."""

import json
from pathlib import Path

import pytest

from tests import archives
from tests.archives import comment, issue, jira_issue, lines, pull, written
from tests.importing import Imports


@pytest.fixture
def imports(tmp_path: Path) -> Imports:
    return Imports(tmp_path)


def test_what_a_pull_request_closes_elsewhere_is_no_ticket_of_its_own_repository(imports: Imports, tmp_path: Path):
    bare = dict.fromkeys(("repository_url", "url", "issue_url"))
    told = [
        pull(1, body="Fixes other/craft#7, fixes acme/rocket#8.", repository_url=None),
        pull(2, body="Fixes other/craft#7, fixes acme/rocket#8.", **bare),
    ]
    imports.put(lines(tmp_path / "a.jsonl", [{"pull": one, "events": []} for one in told]))
    imports.pull()
    links = sorted((row["subject"], row["other"]) for row in imports.table("link"))
    assert links == [("1", "8"), ("1", "other/craft#7"), ("2", "8"), ("2", "other/craft#7")]


def test_shapes_of_one_tracker_may_be_mixed_and_say_the_same_thing_once(imports: Imports, tmp_path: Path):
    label = {"id": "LA_kw", "name": "Bug", "description": "Broken", "color": "d73a4a"}
    by_gh = {
        "number": 3,
        "title": "It does not fly",
        "state": "OPEN",
        "createdAt": "2024-01-01T00:00:00Z",
        "updatedAt": "2024-03-01T00:00:00Z",
        "url": f"{archives.HTML}/issues/3",
        "labels": [label],
        "comments": [{"id": "IC_kw", "url": f"{archives.HTML}/issues/3#issuecomment-50", "body": "Indeed."}],
    }
    imports.put(lines(tmp_path / "rest.jsonl", [{"issue": issue(3), "events": [comment(50)]}]))
    imports.put(written(tmp_path / "gh.json", json.dumps([by_gh])), days=1)
    imports.pull()
    assert {row["key"] for row in imports.rows["record"] if row["stream"] == "issue"} == {"3"}
    assert {row["key"] for row in imports.rows["record"] if row["stream"] == "comment"} == {"50"}
    assert {row["key"] for row in imports.rows["record"] if row["stream"] == "label"} == {"bug"}


def test_numbers_of_one_tracker_are_no_ids_of_the_other(imports: Imports, tmp_path: Path):
    imports.put(lines(tmp_path / "github.jsonl", [{"issue": issue(3), "events": []}]))
    imports.put(lines(tmp_path / "jira.jsonl", [{**jira_issue("ROC-1"), "id": "3"}]), days=1)
    imports.pull()
    assert {row["key"] for row in imports.table("ticket")} == {"3", "ROC-1"}
    assert len({row["key"] for row in imports.rows["record"] if row["stream"] == "issue"}) == 2


@pytest.mark.parametrize("number", ["1e999", "-1e999"])
def test_a_number_that_nothing_can_hold_harms_nothing(number: str, imports: Imports, tmp_path: Path):
    text = json.dumps([issue(1, size="SIZE", body="half \ud800")], indent=1).replace('"SIZE"', number)
    imports.put(written(tmp_path / "a.json", text))
    imports.pull()
    assert imports.one("ticket")["key"] == "1"
    (payload,) = (row["payload"] for row in imports.rows["record"] if row["stream"] == "issue")
    assert "Infinity" not in str(payload)
