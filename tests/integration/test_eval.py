"""`scout eval` as a user calls it."""

import json
from pathlib import Path

import pytest

from tests.rocket import Scout

ROWS = (
    {"id": "o/r#1", "title": "Export in UTC", "body": "It must write UTC, since offices differ.", "ready": True},
    {
        "id": "o/r#2",
        "title": "Zones",
        "body": "Should we? Not sure what to do, TBD.",
        "ready": False,
        "missing": ["scope"],
    },
    {"id": "o/r#3", "title": "Zones \x1b[31m", "body": None},
)


@pytest.fixture
def scout(tmp_path: Path) -> Scout:
    folder = tmp_path / "nowhere"
    folder.mkdir()
    return Scout(tmp_path / "home", folder)


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS) + "broken\n", "utf-8")
    return path


def test_figures_for_a_program(scout: Scout, rows: Path):
    ran = scout("eval", "readiness", str(rows), "--json", now=None)
    assert ran.code == 0, ran.err
    document = json.loads(ran.out)
    assert document["schema"] == "scout.evaluation.readiness/1"
    assert [(row["id"], row["ready"]) for row in document["rows"]] == [
        ("o/r#1", True),
        ("o/r#2", False),
        ("o/r#3", None),
    ]
    assert document["rows"][0]["score"] > document["rows"][1]["score"]
    assert document["areas"][0]["auc"] == 1
    assert document["skipped"] == [{"file": "rows.jsonl", "line": 4, "reason": "no JSON"}]


def test_figures_for_a_person(scout: Scout, rows: Path):
    ran = scout("eval", "readiness", str(rows), now=None)
    assert ran.code == 0, ran.err
    for words in (
        "3 texts, 2 labelled",
        "line 4",
        "text length",
        "section headings",
        "Reliability",
        "Worst misses",
        "o/r",
    ):
        assert words in ran.out
    assert "\x1b[31m" not in ran.out


def test_nothing_labelled_is_no_failure_and_a_missing_file_is_wrong_use(scout: Scout, tmp_path: Path):
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    assert scout("eval", "readiness", str(empty), now=None).code == 0
    assert scout("eval", "readiness", str(tmp_path / "nowhere"), now=None).code == 2


def test_the_state_folder_is_left_alone(scout: Scout, rows: Path):
    scout("eval", "readiness", str(rows), now=None)
    assert not scout.home.exists()
