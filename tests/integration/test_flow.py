"""`scout flow` on archives that are not as one would like: what it says and leaves out, and that it names nobody."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from scout.service.flow import FlowReport, flow
from scout.service.import_archive import import_archive
from scout.service.wiring import Workspace, open_workspace
from tests.archives import event, issue, jira_issue, lines, person, pull
from tests.rocket import Scout

NOW = datetime(2025, 1, 1, tzinfo=UTC)
START = datetime(2024, 1, 1, 9, tzinfo=UTC)
PEOPLE = tuple(f"zz-person-{name}" for name in ("quill", "rook", "sable", "thorn", "umber", "vole", "wren"))


def at(days: float) -> str:
    return (START + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def closed(number: int, made: float, ended: float, **more: Any) -> dict[str, Any]:
    """Return a closed issue with its closing in the history."""
    hand = more.pop("hand", PEOPLE[number % len(PEOPLE)])
    told = event(9000 + number, "closed", created_at=at(ended), actor=person(hand), state_reason="completed")
    made_by = {"user": person(PEOPLE[number % len(PEOPLE)]), "created_at": at(made), "closed_at": at(ended)}
    fields: dict[str, Any] = {**made_by, **more}
    return {"issue": issue(number, state="closed", **fields), "events": [told]}


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return open_workspace(tmp_path, NOW)


def measured(work: Workspace, rows: Iterable[Any], folder: Path | None = None) -> FlowReport:
    import_archive(work, "demo", [lines(work.start / "rows.jsonl", rows)])
    return flow(work, "demo", folder=folder)


def figure(report: FlowReport, name: str) -> Any:
    return next(one for one in report.measures if one.id == name)


def test_three_tickets_are_too_little_to_say_anything(work: Workspace):
    report = measured(work, [closed(number, number, number + 2) for number in range(1, 4)])
    shown = figure(report, "ticket-lead-time")
    assert (shown.n, shown.value, shown.p50) == (3, None, None)
    assert shown.unavailable == "too little to say: 3 closed tickets"
    assert all(
        one.value is None or one.n >= 5 or one.id in {"work-in-progress", "queue-depth"} for one in report.measures
    )


def test_times_out_of_order_and_in_the_future_are_left_out_and_said(work: Workspace):
    rows = [closed(number, number, number + 4) for number in range(1, 8)]
    rows += [closed(20, 30, 20), closed(21, 10, 900)]
    report = measured(work, rows)
    shown = figure(report, "ticket-lead-time")
    assert (shown.n, shown.value) == (7, 4.0)
    assert shown.left_out == {"ends before it starts": 1, "in the future": 1}
    assert any("in the future" in note for note in report.notes)
    assert any("closed before they were created" in note for note in report.notes)


def test_a_bulk_close_is_one_event_and_no_record(work: Workspace):
    rows = [closed(number, number, number + 3) for number in range(1, 60, 2)]
    rows += [closed(100 + number, number, 80 + number / 86_400, hand="sweeper") for number in range(30)]
    report = measured(work, rows)
    assert figure(report, "ticket-throughput").n <= 31
    assert any("30 tickets were closed in one go" in note for note in report.notes)
    assert figure(report, "ticket-lead-time").n == 60


def test_imported_history_with_one_date_has_no_age(work: Workspace):
    rows = [closed(number, 0, 30 + number, user=person("importer")) for number in range(1, 40)]
    rows += [closed(50 + number, 60 + number, 62 + number) for number in range(12)]
    report = measured(work, rows)
    shown = figure(report, "ticket-time-to-close")
    assert shown.value == pytest.approx(2.0)
    assert shown.left_out == {"created in one go": 39}
    assert any(
        "39 tickets were created in one go on 2024-01-01: their age is not known" in note for note in report.notes
    )


def reviewed(number: int, who: dict[str, Any] | None, by: dict[str, Any] | None) -> dict[str, Any]:
    told = event(5000 + number, "reviewed", submitted_at=at(number + 0.5), state="APPROVED", user=by, created_at=None)
    merged = {"state": "closed", "merged_at": at(number + 2), "closed_at": at(number + 2)}
    return {"pull": pull(number, user=who, created_at=at(number), **merged), "events": [told], "comments": []}


def test_reviews_of_programs_and_of_deleted_accounts(work: Workspace):
    bot = {"login": "reviewer[bot]", "type": "Bot"}
    rows = [reviewed(number, person(PEOPLE[0]), person(PEOPLE[1])) for number in range(1, 7)]
    rows += [reviewed(10, person(PEOPLE[0]), bot), reviewed(11, person(PEOPLE[0]), None), reviewed(12, None, None)]
    rows += [reviewed(13, person(PEOPLE[2]), person(PEOPLE[2]))]
    report = measured(work, rows)
    assert figure(report, "first-review-latency").n == 8
    assert figure(report, "first-person-review-latency").n == 7
    assert figure(report, "change-lead-time").n == 10


def test_work_is_counted_once_and_not_with_a_change_that_was_given_up(work: Workspace):
    def linked(number: int, **more: Any) -> dict[str, Any]:
        fields = {"user": person(PEOPLE[0]), "created_at": at(20), "body": f"Fixes #{number - 100}", **more}
        return {"pull": pull(number, **fields), "events": [], "comments": []}

    tickets = [{"issue": issue(n, created_at=at(n), user=person(PEOPLE[1]), assignees=[])} for n in range(1, 13)]
    given_up = [linked(100 + n, state="closed", closed_at=at(21)) for n in range(1, 7)]
    open_now = [*(linked(100 + n) for n in range(7, 10)), *(linked(n, body="") for n in range(201, 204))]
    shown = figure(measured(work, [*tickets, *given_up, *open_now]), "work-in-progress")
    assert (shown.value, {part.name: part.n for part in shown.groups}) == (12, {"tickets": 9, "changes": 6})


def test_an_answer_after_a_push_does_not_make_an_approval_good_again(work: Workspace):
    author, other = person(PEOPLE[0]), person(PEOPLE[1])
    approved = event(1, "reviewed", user=other, state="APPROVED", submitted_at=at(2), created_at=None)
    pushes = [event(key, "head_ref_force_pushed", created_at=at(key), actor=author) for key in (3, 5)]
    answer = event(4, "commented", created_at=at(4), user=author, body="Done.")
    told = [approved, *pushes, answer]
    ended = {"state": "closed", "created_at": at(1), "merged_at": at(6), "closed_at": at(6)}
    rows = [
        {
            "pull": pull(n, user=author, **ended),
            "comments": [],
            "events": [{**one, "id": 10 * n + one["id"]} for one in told],
        }
        for n in range(1, 6)
    ]
    assert figure(measured(work, rows), "review-rounds").value == 1


def test_states_renamed_midway_and_moves_between_projects_break_nothing(work: Workspace):
    rows: list[dict[str, Any]] = []
    for number in range(1, 13):
        doing = "In Progress" if number < 7 else "In Review"
        steps = [("To Do", doing, 1), (doing, "Done", 3)]
        told = [
            {"id": f"{number}{place}", "created": jira_at(number + day), "items": [moved(before, after)]}
            for place, (before, after, day) in enumerate(steps)
        ]
        if number == 12:
            told.append(
                {
                    "id": "99",
                    "created": jira_at(13),
                    "items": [{"field": "Key", "fromString": "OLD-1", "toString": "SCT-12"}],
                }
            )
        done = {"id": "9", "name": "Done", "statusCategory": {"key": "done"}}
        dates = {"created": jira_at(number), "resolutiondate": jira_at(number + 3), "updated": jira_at(number + 3)}
        rows.append({**jira_issue(f"SCT-{number}", status=done, **dates), "changelog": {"histories": told}})
    report = measured(work, rows)
    cycle = figure(report, "ticket-cycle-time")
    assert (cycle.n, cycle.value) == (12, 2.0)
    assert figure(report, "reopen-rate").value == 0.0
    assert any("1 tickets were moved between projects" in note for note in report.notes)
    assert {"In Progress", "In Review"} <= {one.state for one in report.standings}


def test_a_state_that_nobody_mapped_is_shown(work: Workspace):
    done = {"id": "9", "name": "Done", "statusCategory": {"key": "done"}}
    rows = [
        {
            **jira_issue(f"SCT-{number}", status=done, created=jira_at(number), resolutiondate=jira_at(number + 3)),
            "changelog": {
                "histories": [
                    {"id": f"{number}0", "created": jira_at(number + 1), "items": [moved("To Do", "Simmering")]},
                    {"id": f"{number}1", "created": jira_at(number + 3), "items": [moved("Simmering", "Done")]},
                ]
            },
        }
        for number in range(1, 9)
    ]
    report = measured(work, rows)
    assert any("States that nobody mapped: Simmering" in note for note in report.notes)
    assert "Simmering" in {one.state for one in report.standings}


def jira_at(days: float) -> str:
    return (START + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def moved(before: str, after: str) -> dict[str, Any]:
    return {"field": "status", "from": before, "fromString": before, "to": after, "toString": after}


def test_nobody_is_named_anywhere_and_no_part_is_smaller_than_five(work: Workspace, tmp_path: Path):
    rows: list[dict[str, Any]] = []
    for number in range(1, 90):
        who = PEOPLE[number % len(PEOPLE)]
        labels = (
            [{"name": PEOPLE[2]}, {"name": "engine"}, {"name": f"for {PEOPLE[3]}"}]
            if number % 3
            else [{"name": "lonely"}] * (number < 9)
        )
        told = [
            event(number * 10, "labeled", label=one, created_at=at(number + 0.1), actor=person(who)) for one in labels
        ]
        odd = ("launch", "landing", "storm", "refuel", "docking")[number % 5]
        title = (
            f"{PEOPLE[1]} sees pump pressure fail after {odd}"
            if number % 6 == 0
            else f"Notes {chr(97 + number % 26) * 4} on {odd}"
        )
        rows.append(
            {
                "issue": issue(number, title, created_at=at(number), user=person(who), labels=labels, state="open"),
                "events": told,
            }
            if number % 2
            else {**closed(number, number, number + 5, title=title, labels=labels), "events": told}
        )
        rows.append(reviewed(1000 + number, person(who), person(PEOPLE[(number + 1) % len(PEOPLE)])))
    folder = tmp_path / "tables"
    report = measured(work, rows, folder)
    assert report.recurrences, "the texts are alike, so that names could get into a cluster's name"
    assert any(group.name == "label engine" for one in report.measures for group in one.groups)
    said = [json.dumps(report.document())]
    said += [file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.csv"))]
    said += [str(pq.read_table(file).to_pylist()) for file in sorted(folder.glob("*.parquet"))]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] no types
    assert len(said) > 20
    for text in said:
        assert "zz-person" not in text
        assert not any(salted in text for salted in pseudonyms(work))
    assert all(group.n >= 5 for one in report.measures for group in one.groups)
    assert all(edge.volume >= 5 for edge in report.handoffs)
    assert all(node.standing is None or node.standing == 0 or node.standing >= 5 for node in report.standings)


def pseudonyms(work: Workspace) -> list[str]:
    import duckdb

    with duckdb.connect(str(work.home / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "SELECT DISTINCT author FROM core.ticket UNION SELECT reviewer FROM core.review"
        ).fetchall()
    return [name for (name,) in found if name]


def test_the_command_prints_json_with_definitions_and_a_page_for_people(tmp_path: Path):
    folder = tmp_path / "nowhere"
    folder.mkdir()
    scout = Scout(tmp_path / "home", folder)
    file = lines(tmp_path / "rows.jsonl", [closed(number, number, number + 2) for number in range(1, 30)])
    assert scout("import", str(file), "--project", "demo").code == 0
    document = scout("flow", "--project", "demo", "--json").document
    assert document["schema"] == "scout.flow/1"
    named = {one["id"]: one for one in document["measures"]}
    for name in ("ticket-lead-time", "change-lead-time", "first-review-latency", "reopen-rate", "throughput"):
        assert {"id", "unit", "n", "p50", "p85", "value", "definition"} <= named[name].keys()
    assert named["ticket-lead-time"]["value"] == 2.0
    assert named["change-lead-time"]["unavailable"] == "there are no merged changes"
    shown = scout("flow", "--project", "demo")
    assert shown.code == 0
    assert "ticket-lead-time" in shown.out
    assert scout("flow", "--project", "nobody").code == 2
    assert "Examples" in scout("flow", "--help", now=None).out


def test_a_project_without_anything_says_so(work: Workspace):
    rows = [issue(1, created_at=at(1))]
    report = measured(work, rows)
    assert all(one.value is None or one.n <= 1 for one in report.measures)
    assert not report.partial
