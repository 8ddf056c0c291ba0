"""`scout classify` and `scout eval lifecycle` as a user calls them."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.making import Made
from tests.rocket import Scout
from tests.trackers import shared

TICKETS = {
    "crash": "---\ntitle: Import crashes on an empty file\nkind: bug\n---\nSteps to reproduce: open it.\n",
    "dark": "---\ntitle: Dark theme\nkind: feature\n---\nIt would be nice to have one, maybe later.\n",
    "client": "---\ntitle: Update the client\nblocked_by: [crash]\n---\nAfter the crash is mended.\n",
    "it's": "---\ntitle: It's $(touch pwned) 'quoted' 🦔\nlabels: ['gtd: reference', ui]\n---\n`touch pwned`\n",
    "both": "---\ntitle: Twice\nkind: bug\nlabels: ['gtd: someday', 'gtd: waiting']\n---\nIt does not work.\n",
}


@pytest.fixture
def scout(tmp_path: Path) -> Scout:
    folder = tmp_path / "meadow"
    (folder / ".git").mkdir(parents=True)
    (folder / "tickets").mkdir()
    for name, text in TICKETS.items():
        (folder / "tickets" / f"{name}.md").write_text(text, "utf-8")
    return Scout(tmp_path / "home", folder)


def told(scout: Scout, *words: str, code: int = 0) -> dict[str, Any]:
    ran = scout(*words, "--json", now=None if words[0] == "eval" else "2026-03-02")
    assert ran.code == code, ran.err + ran.out
    return json.loads(ran.out)


def test_plan_run_apply_and_undo_on_a_plain_checkout(scout: Scout, tmp_path: Path):
    tickets = tmp_path / "meadow" / "tickets"
    before = {path.name: path.read_bytes() for path in tickets.iterdir()}
    planned = told(scout, "classify", "plan")
    assert (planned["schema"], planned["tickets"]) == ("scout.classification.plan/1", 5)
    assert planned["twice"] == ["meadow both: waiting, someday"]
    assert (Path(str(planned["folder"])) / "workers" / "wave-1-1" / "brief.md").exists()
    ran = told(scout, "classify", "run")
    assert (ran["run"], ran["tickets"], ran["phase"]) == (planned["run"], 5, "joined")
    assert ran["classes"] == {"next_action": 2, "someday": 1, "waiting": 1, "reference": 1}
    assert told(scout, "classify", "run")["unchanged"] == 5
    offered = told(scout, "classify", "apply")
    assert {path.name: path.read_bytes() for path in tickets.iterdir()} == before
    assert offered["written"] == 0
    assert told(scout, "classify", "apply", "--accept", "meadow", "--live")["written"] == 4
    assert "gtd: waiting" in (tickets / "client.md").read_text("utf-8")
    assert told(scout, "classify", "run")["unchanged"] == 5, "what Scout wrote is no change"
    assert told(scout, "classify", "undo", code=1)["undone"] == 0
    undone = told(scout, "classify", "undo", "--live")
    assert (undone["undone"], undone["cleared"], undone["held"]) == (4, 5, {})
    assert {path.name: path.read_bytes() for path in tickets.iterdir()} == before
    assert not list(tmp_path.rglob("pwned"))


def test_a_label_that_a_person_changes_stands_and_the_rule_is_named(scout: Scout, tmp_path: Path):
    told(scout, "classify", "run")
    path = tmp_path / "meadow" / "tickets" / "crash.md"
    path.write_text(path.read_text("utf-8").replace("kind: bug", "kind: bug\nlabels: ['gtd: someday']"), "utf-8")
    ran = told(scout, "classify", "run")
    assert ran["classes"]["someday"] == 1
    assert list(ran["overruled"].values()) == [1]


def test_rows_of_a_table_by_a_second_taxonomy(scout: Scout, tmp_path: Path):
    rows = tmp_path / "requests.csv"
    with rows.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["ID", "Request", "Severity", "Note"])
        for number in range(4_000):
            kind = ("Data loss in the backup", "Export fails for large files", "=cmd|' /C calc'!A0 typo")[number % 3]
            sheet.writerow([f"R-{number}", kind, ("Critical", "", "")[number % 3], f"it's note {number}, with a comma"])
    output = tmp_path / "classes.csv"
    ran = told(scout, "classify", "run", str(rows), "--taxonomy", "risk", "--output", str(output))
    assert ran["classes"] == {"high": 1334, "medium": 1333, "low": 1333}
    with output.open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert len(written) == len({row["id"] for row in written}) == 4_000
    assert {row["class"] for row in written if row["title"].startswith("Data loss")} == {"high"}
    assert not [row for row in written if row["title"].startswith("=")]


def test_an_empty_backlog_is_told_and_leaves_nothing(scout: Scout, tmp_path: Path):
    for path in (tmp_path / "meadow" / "tickets").iterdir():
        path.unlink()
    assert told(scout, "classify", "run")["tickets"] == 0
    assert not list((tmp_path / "home" / "classify").iterdir())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("classify", "status"), "Nothing was classified"),
        (("classify", "run", "--taxonomy", "gdt"), "gtd"),
        (("classify", "run", "nowhere.csv"), "There is no file"),
        (("classify", "plan", "--waves", "two"), "no numbers"),
        (("classify", "plan", "--waves", "0,3"), "at least one"),
    ],
)
def test_wrong_use_is_one_sentence_and_one_remedy(scout: Scout, words: tuple[str, ...], said: str):
    ran = scout(*words)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_the_rules_reach_their_floor_on_labelled_tickets(scout: Scout):
    figures = told(scout, "eval", "lifecycle", str(shared("data", "lifecycle") / "dev.jsonl"))
    table = {line["classifier"]: line for line in figures["table"]}
    assert table["rules"]["kappa"] >= 0.6
    assert table["rules, surest half"]["kappa"] >= 0.8
    assert table["majority class"]["kappa"] <= 0
    assert table["bag of words"]["kappa"] < table["rules"]["kappa"]
    rows = figures["rows"]
    assert len(rows) == 160
    assert all(row["predicted"] and 0 <= row["confidence"] <= 1 for row in rows)


def test_what_is_new_is_classified_at_the_next_run_once_somebody_has_begun(scout: Scout, tmp_path: Path):
    folder = tmp_path / "meadow"
    shutil.rmtree(folder / ".git")
    made = Made(folder)
    made.commit({"README.md": "# Meadow\n"})
    assert scout("run", now="2026-03-02").code == 0
    assert scout("classify", "status").code == 2, "nobody has begun"
    told(scout, "classify", "run")
    (folder / "tickets" / "new.md").write_text("---\ntitle: It crashes\nkind: bug\n---\nOpen it.\n", "utf-8")
    assert scout("run", now="2026-03-03").code == 0
    looked = told(scout, "classify", "status")
    assert (looked["outcome"]["tickets"], looked["outcome"]["unchanged"], looked["phase"]) == (1, 5, "joined")
