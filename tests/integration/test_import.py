"""`scout import` as a user calls it: from a file to a buffer, without a server."""

import gzip
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.archives import comment, event, issue, jira_issue, lines, pull, sheet, written
from tests.refusals import refused
from tests.rocket import Scout, rocket
from tests.tracker_archives import lines as raw_lines
from tests.trackers import shared

READY = """The launch command prints a wrong count.

## Steps to reproduce
1. Run `make launch` with version 1.2
2. Look at the last line

## Expected
`count: 3`

## Actual
`count: 2`, since `rocket/fly.py` drops the first one.

## Acceptance criteria
- [ ] `make launch` prints `count: 3`, shown by a test in `tests/test_fly.py`
"""


@pytest.fixture
def scout(tmp_path: Path) -> Scout:
    folder = tmp_path / "nowhere"
    folder.mkdir()
    return Scout(tmp_path / "home", folder)


def facts(scout: Scout, sql: str) -> list[tuple[Any, ...]]:
    import duckdb

    with duckdb.connect(str(scout.home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_a_file_becomes_a_project_that_every_command_finds(scout: Scout, tmp_path: Path):
    history = [event(90 + number, "closed", state_reason="completed") for number in range(3)]
    rows: list[dict[str, Any]] = [
        {
            "issue": issue(1, "The launch command prints a wrong count", body=READY, assignees=[]),
            "events": [comment(50)],
        },
        {"issue": issue(2, state="closed", closed_at="2024-01-02T00:00:00Z"), "events": history},
        {"pull": pull(3, body="Fixes #1"), "events": []},
    ]
    ran = scout("import", str(lines(tmp_path / "a.jsonl.gz", rows)), "--project", "demo", "--json")
    assert ran.code == 0, ran.err
    assert ran.document["schema"] == "scout.import/1"
    said = {"tickets": 2, "changes": 1, "comments": 1, "events": 3, "reviews": 0, "remarks": 0}
    assert ran.document["rows"] == said
    assert scout("run", "--project", "demo", "--json").code == 0
    assert scout("buffer", "--project", "demo", "--json").document["plan"]["position"]["on_hand"] == 1
    assert scout("assess", "1", "--project", "demo", "--json").document["ready"]
    (served,) = scout("next", "--project", "demo", "--json").document["tickets"]
    assert served["key"] == "1"
    assert scout("inbox", "--project", "demo", "--json").code == 0


def test_importing_twice_changes_nothing(scout: Scout, tmp_path: Path):
    path = str(lines(tmp_path / "a.jsonl", [issue(1), issue(2)]))
    first = scout("import", path, "--project", "demo", "--json")
    before = (scout.home / "warehouse.duckdb").read_bytes()
    again = scout("import", path, "--project", "demo", "--json")
    assert (first.document["unchanged"], again.document["unchanged"]) == (False, True)
    assert first.document["rows"] == again.document["rows"]
    assert (scout.home / "warehouse.duckdb").read_bytes() == before
    assert len(list((scout.home / "imports" / "demo").iterdir())) == 2


def test_of_two_imports_the_state_that_was_changed_last_counts(scout: Scout, tmp_path: Path):
    old = issue(1, "old", updated_at="2024-01-01T00:00:00Z")
    new = issue(1, "new", updated_at="2024-03-01T00:00:00Z", state="closed", closed_at="2024-03-01T00:00:00Z")
    for name, rows in (("new", [new]), ("old", [old, issue(2)])):
        assert scout("import", str(lines(tmp_path / f"{name}.jsonl", rows)), "--project", "demo").code == 0
    assert facts(scout, "SELECT key, title, state FROM core.ticket ORDER BY key") == [
        ("1", "new", "completed"),
        ("2", "It does not fly", "unstarted"),
    ]


def test_a_warehouse_that_was_deleted_is_made_anew(scout: Scout, tmp_path: Path):
    sources = [
        lines(tmp_path / "a.jsonl", [{"issue": issue(1), "events": [comment(50), event(51, "reopened")]}]),
        lines(tmp_path / "b.jsonl", [jira_issue("APP-1")]),
        sheet(tmp_path / "c.csv", ["What", "Text"], ["It does not fly", "x"]),
    ]
    scout("import", str(sources[0]), str(sources[1]), "--project", "demo")
    assert scout("import", str(sources[2]), "--project", "demo", "--map", "title=What", "--map", "body=Text").code == 0
    every = "SELECT * EXCLUDE (fetched_at) FROM core.{} ORDER BY ALL"
    before = {table: facts(scout, every.format(table)) for table in ("ticket", "comment", "transition", "label")}
    for path in (*sources, scout.home / "warehouse.duckdb"):
        path.unlink()
    assert scout("run", "--project", "demo", "--json").code == 0
    assert {table: facts(scout, every.format(table)) for table in before} == before
    assert len(before["ticket"]) == 3


def test_broken_lines_are_named_and_the_rest_is_imported(scout: Scout, tmp_path: Path):
    path = written(tmp_path / "a.jsonl", f"{json.dumps(issue(1))}\n{{broken\n{json.dumps(issue(2))}\n")
    ran = scout("import", str(path), "--project", "demo", "--json")
    assert ran.code == 3
    assert ran.document["skipped"] == [{"file": "a.jsonl", "line": 2, "reason": "no JSON"}]
    assert ran.document["rows"]["tickets"] == 2
    shown = scout("import", str(path), "--project", "demo")
    assert "a.jsonl, line 2: no JSON" in shown.out


def test_a_file_of_no_known_shape_stops_all_of_it(scout: Scout, tmp_path: Path):
    good, bad = lines(tmp_path / "a.jsonl", [issue(1)]), lines(tmp_path / "b.jsonl", [{"a": 1}])
    remedy = refused(scout, 2, "b.jsonl has no shape", "import", str(good), str(bad), "--project", "demo")
    assert "jira:" in remedy
    assert "csv:" in remedy
    assert not (scout.home / "imports").exists()
    refused(scout, 2, "There is no project 'demo'", "buffer", "--project", "demo")


def test_wrong_use_is_refused(scout: Scout, tmp_path: Path):
    path = str(sheet(tmp_path / "a.csv", ["Summary"], ["x"]))
    refused(scout, 2, "missing.jsonl cannot be read", "import", "missing.jsonl", "--project", "demo")
    refused(scout, 2, "cannot be the id of a project", "import", path, "--project", "A B", "--format", "csv")
    remedy = refused(scout, 2, "no shape 'jirra'", "import", path, "--project", "demo", "--format", "jirra")
    assert remedy == "Did you mean 'jira'?"
    remedy = refused(scout, 2, "no column 'Sumary'", "import", path, "--project", "demo", "--map", "title=Sumary")
    assert remedy == "Did you mean 'Summary'?"
    refused(scout, 2, "--map title does not say", "import", path, "--project", "demo", "--map", "title")
    refused(scout, 2, "nothing that can be imported", "import", path, "--project", "demo", "--format", "jira")


def test_two_repositories_do_not_fit_into_one_project(scout: Scout, tmp_path: Path):
    other = issue(1) | {"repository_url": "https://api.github.com/repos/acme/boat"}
    assert scout("import", str(lines(tmp_path / "a.jsonl", [issue(1)])), "--project", "demo").code == 0
    refused(scout, 2, "acme/boat", "import", str(lines(tmp_path / "b.jsonl", [other])), "--project", "demo")


def test_imports_at_the_same_time_are_all_there(scout: Scout, tmp_path: Path):
    files = [lines(tmp_path / f"{number}.jsonl", [issue(number)]) for number in range(1, 4)]

    def brought(path: Path) -> int:
        return scout("import", str(path), "--project", "demo").code

    with ThreadPoolExecutor(len(files)) as pool:
        ended = list(pool.map(brought, files))
    assert scout("run", "--project", "demo", "--json").code == 0
    assert ended == [0, 0, 0]
    assert facts(scout, "SELECT key FROM core.ticket ORDER BY key") == [("1",), ("2",), ("3",)]


def test_state_is_for_the_owner_alone(scout: Scout, tmp_path: Path):
    scout("import", str(lines(tmp_path / "a.jsonl", [issue(1)])), "--project", "demo")
    kept = list((scout.home / "imports").rglob("*"))
    assert {path.stat().st_mode & 0o777 for path in kept if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in kept if path.is_dir()} == {0o700}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["github-gui", "jira-tidev"])
def test_an_archive_that_was_once_real_says_what_its_raw_files_say(scout: Scout, name: str):
    folder = shared("data", name)
    ran = scout("import", *map(str, sorted(folder.glob("*.gz"))), "--project", "demo", "--json")
    assert ran.code == 0, ran.err
    expected = {"github-gui": _of_github, "jira-tidev": _of_jira}[name](folder)
    assert {key: ran.document["rows"][key] for key in expected} == expected
    tables = {"tickets": "ticket", "changes": "change", "events": "transition", "reviews": "review"}
    for key, table in tables.items():
        if key in expected:
            assert facts(scout, f"SELECT count(*) FROM core.{table}") == [(expected[key],)]  # noqa: S608 - our names
    kinds = facts(scout, "SELECT count(*) FROM core.comment WHERE stream <> 'review' AND kind = 'comment'")
    assert kinds == [(expected["comments"],)]


@pytest.mark.slow
def test_archives_of_working_groups_say_what_their_raw_files_say(scout: Scout):
    for path in sorted(shared("data", "ietf").glob("*.gz")):
        raw = json.loads(gzip.decompress(path.read_bytes()))
        project = path.name.partition(".")[0]
        ran = scout("import", str(path), "--project", project, "--json")
        assert ran.code == 0, ran.err
        rows = ran.document["rows"]
        assert (rows["tickets"], rows["changes"]) == (len(raw["issues"]), len(raw["pulls"]))
        assert rows["comments"] == sum(len(one["comments"]) for one in (*raw["issues"], *raw["pulls"]))
        reviews = [review for one in raw["pulls"] for review in one["reviews"]]
        assert rows["reviews"] == len(reviews)
        assert rows["remarks"] == sum(len(review["comments"]) for review in reviews)
        states = Counter(one["state"].lower() for one in raw["pulls"])
        found = f"SELECT state, count(*) FROM core.change WHERE project = '{project}' GROUP BY ALL"  # noqa: S608 - ours
        assert dict(facts(scout, found)) == states
        said = f"SELECT count(*) FROM core.comment WHERE project = '{project}' AND kind = 'comment'"  # noqa: S608 - ours
        assert facts(scout, said) == [(rows["comments"],)]


def _of_github(folder: Path) -> dict[str, int]:
    rows = list(raw_lines(folder))
    kinds = Counter(one["event"] for row in rows for one in row["events"])
    return {
        "tickets": sum("issue" in row for row in rows),
        "changes": sum("pull" in row for row in rows),
        "comments": kinds["commented"],
        "reviews": kinds["reviewed"],
        "events": kinds.total() - kinds["commented"] - kinds["reviewed"] - kinds["committed"],
        "remarks": sum(len(row.get("comments", ())) for row in rows),
    }


def _of_jira(folder: Path) -> dict[str, int]:
    rows = [row for row in raw_lines(folder) if "fields" in row]
    return {"tickets": len(rows), "comments": sum(len(row["fields"]["comment"]["comments"]) for row in rows)}


def test_a_checkout_takes_an_archive_beside_its_history(tmp_path: Path):
    checkout = rocket(tmp_path / "rocket").path
    scout = Scout(tmp_path / "home", checkout)
    assert scout("run", "--json").code == 0
    path = str(lines(tmp_path / "a.jsonl", [issue(1), issue(2)]))
    ran = scout("import", path, "--project", "rocket", "--json")
    assert ran.code == 0, ran.err
    assert ran.document["rows"]["tickets"] == 2
    counted = "SELECT project, count(*) FROM core.ticket GROUP BY 1"
    assert facts(scout, counted) == [("rocket", 2)]
    assert facts(scout, "SELECT count(*) > 0 FROM raw.git_commit") == [(True,)]
    (scout.home / "warehouse.duckdb").unlink()
    assert scout("run", "--json").code == 0
    assert facts(scout, counted) == [("rocket", 2)]


def test_what_a_tracker_tells_is_not_imported_beside_it(tmp_path: Path):
    scout = Scout(tmp_path / "home", tmp_path)
    source = 'sources = [{ type = "github", url = "http://127.0.0.1:9", repository = "acme/rocket" }]'
    (tmp_path / "scout.toml").write_text(f'[[project]]\nid = "rocket"\n{source}\n')
    path = str(lines(tmp_path / "a.jsonl", [issue(1)]))
    said = "The project rocket is read from a tracker, which says the same things."
    remedy = refused(scout, 2, said, "import", path, "--project", "rocket", "--config", str(tmp_path / "scout.toml"))
    assert remedy.startswith("Add 'imports' to its `sources`")
