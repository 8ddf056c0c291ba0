"""The plan's position of a real checkout: where each figure comes from, and when an empty shelf is believed."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from scout.model import Plan
from scout.service.ingest import ingest
from scout.service.next_work import NextReport, next_work
from scout.service.plan import plan
from scout.service.wiring import open_workspace
from scout.warehouse.tables import lifecycle
from scout.warehouse.tables.lifecycle import Standing
from tests.claiming import BEGUN, asks, shop

DAY = timedelta(days=1)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("SCOUT_CONFIG", raising=False)
    return shop(tmp_path / "shop", 3).path


def planned(path: Path, day: int = 0) -> Plan:
    work = open_workspace(path, BEGUN + day * DAY)
    project = work.project()
    ingest(work, project)
    return plan(work, project).plan


def served(path: Path, day: int = 0) -> NextReport:
    work = open_workspace(path, BEGUN + day * DAY)
    return next_work(work, work.project(), count=9)


def test_each_figure_says_where_it_comes_from(path: Path):
    text = (path / "tickets/t2.md").read_text("utf-8")
    (path / "tickets/twin.md").write_text(text, "utf-8")
    (path / "tickets/vague.md").write_text("---\ntitle: Odd\n---\n\nWhich way? TBD\n", "utf-8")
    planned(path)
    (taken,) = asks(path, "builder-1")
    found = planned(path).position
    assert (found.on_hand, found.committed, found.not_ready, found.fronts) == (3, 1, 1, 2)
    assert found.keys("committed") == (taken,)
    assert found.keys("not ready") == ("vague",)
    assert set(found.keys("on hand")) == {"t0", "t1", "t2", "twin"} - {taken}


def test_an_empty_shelf_is_believed_at_the_second_reading(path: Path):
    assert planned(path).position.on_hand == 3
    shutil.rmtree(path / "tickets")
    first = planned(path, 1)
    assert first.order == 0
    assert "3 tickets that were on hand are gone without a trace" in first.position.blind
    assert not first.position.empty
    again = planned(path, 1)
    assert again.position.blind, "the same moment is no second reading"
    second = planned(path, 2)
    assert (second.position.blind, second.position.empty) == ("", True)
    assert second.order > 0


def test_a_shelf_that_was_emptied_by_work_is_not_doubted(path: Path):
    assert planned(path).position.on_hand == 3
    for file in (path / "tickets").iterdir():
        file.write_text(file.read_text("utf-8").replace("---\n", "---\nstate: completed\n", 1), "utf-8")
    found = planned(path, 1)
    assert (found.position.on_hand, found.position.blind) == (0, "")
    assert found.order > 0


def test_what_is_no_next_action_is_neither_counted_nor_served(path: Path):
    planned(path)
    work = open_workspace(path, BEGUN)
    someday = Standing(
        source="files", key="t1", meaning="someday", confidence=0.9, reason="", quotation="", rule="r", doubt="",
        digest="d", run="r", at=BEGUN,
    )  # fmt: skip
    with work.warehouse.writing() as connection:
        lifecycle.put(connection, work.project().id, "gtd", [someday])
    assert planned(path).position.keys("on hand") == ("t0", "t2")
    report = served(path)
    assert [one.key for one in report.tickets] == ["t0", "t2"]
    assert report.withheld["t1"] == "classified as something else than a next action"


def test_a_ticket_whose_file_moved_on_goes_stale(path: Path):
    from tests.making import Made

    file = path / "tickets/t0.md"
    dated = file.read_text("utf-8").replace("---\n", "---\ncreated_at: 2025-01-01T00:00:00Z\n", 1)
    file.write_text(dated, "utf-8")
    made = Made(path, clock=BEGUN - 60 * DAY)
    for number in range(3):
        made.commit({"app/export0.py": f"def rows():\n    return [{number}]\n"}, f"change {number}")
    found = planned(path).position
    assert found.keys("stale") == ("t0",)
    assert "stale: 3 changes of app/export0.py landed" in served(path).withheld["t0"]
