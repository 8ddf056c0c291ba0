"""What-if from where a project stands: as it is and as it would be, side by side; alarms ring once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scout.buffer import what_if as simulated
from scout.errors import UsageError
from scout.service.ingest import ingest
from scout.service.plan import plan
from scout.service.what_if import what_if
from scout.service.wiring import Project, Workspace, open_workspace
from tests.rocket import rocket

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def opened(own: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Workspace, Project]:
    monkeypatch.setattr(simulated, "_LIVES", 4)
    rocket(own / "rocket")
    work = open_workspace(own / "rocket", NOW)
    project = work.project()
    ingest(work, project)
    return work, project


def test_both_ways_are_simulated_from_where_the_project_stands(opened: tuple[Workspace, Project]):
    work, project = opened
    said: list[str] = []
    report = what_if(work, project, "demand=5,reviewers=1", said.append)
    assert report.what_if.supposed.demand == 5
    assert report.what_if.supposed.reviewers == 1
    assert len(report.days) == len(report.what_if.bands) == len(report.as_it_is.bands)
    assert report.what_if.starved > report.as_it_is.starved
    assert said[-1] == "With demand=5,reviewers=1: 4 of 4 lives"
    assert report.document()["schema"] == "scout.what-if/1"


def test_what_cannot_be_read_is_one_sentence(opened: tuple[Workspace, Project]):
    with pytest.raises(UsageError, match="says nothing that can be supposed"):
        what_if(*opened, "tempo=10x")


def test_an_alarm_of_the_plan_before_is_no_news(opened: tuple[Workspace, Project]):
    work, project = opened
    first = plan(work, project)
    assert first.news.began == first.plan.alarms
    assert plan(work, project).news.began == ()
    later = open_workspace(Path(project.path or "."), NOW + timedelta(days=1))
    assert {one.since for one in plan(later, later.project()).plan.alarms} <= {one.since for one in first.plan.alarms}
