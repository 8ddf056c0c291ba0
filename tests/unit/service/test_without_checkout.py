"""What every verb does for a project that has no checkout: something sensible, or one clear sentence."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scout.errors import UsageError
from scout.service.assess import assess_tickets
from scout.service.checks import evidence_resolves, nothing_undecided, sources_fresh
from scout.service.decide import accept
from scout.service.next_work import next_work
from scout.service.plan import forecast
from scout.service.publish import publish
from scout.service.review import listing
from scout.service.run import run
from scout.service.scan import find
from scout.service.snapshot import snapshot
from scout.service.verify import verify
from scout.service.wiring import Project, Workspace, open_workspace
from tests.rocket import rocket

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def board(server: Path) -> str:
    return f'{{type = "board", url = "file://{server}", board = "rocket"}}'


def opened(folder: Path, board: str, *, path: str = "", publish: str = "") -> tuple[Workspace, Project]:
    lines = ["[[project]]", 'id = "rocket"', f"sources = [{board}]", path, publish]
    (folder / "scout.toml").write_text("\n".join(lines))
    work = open_workspace(folder, NOW)
    return work, work.project("rocket")


def test_scouts_say_that_there_is_nothing_to_look_at(own: Path, board: str):
    work, project = opened(own, board)
    report = find(work, project)
    assert report.findings == ()
    assert {look.outcome.value for look in report.looks} == {"not_applicable"}
    reasons = {look.signal: look.reason for look in report.looks}
    assert reasons["temporary-old"] == "the project has no checkout"
    assert reasons["blocked-by-closed"] == "no source of this project has tickets"
    assert [look.signal for look in find(work, project, signals=["temporary-old"]).looks] == ["temporary-old"]
    with pytest.raises(UsageError, match="no scout called"):
        find(work, project, signals=["temporary-odl"])


def test_every_verb_answers(own: Path, board: str):
    work, project = opened(own, board)
    run(work, project)
    assert assess_tickets(work, project).tickets == 0
    planned = forecast(work, project).plan
    assert planned.position.blind == ""
    assert planned.order > 0
    assert listing(work, "rocket").candidates == ()
    assert next_work(work, project).tickets == ()
    assert publish(work, project, live=True).entries == ()
    assert snapshot(work).projects == 1
    for check in (sources_fresh, evidence_resolves, nothing_undecided):
        assert check(work, project).passed
    with pytest.raises(UsageError, match="rocket has no checkout"):
        verify(work, project, "temporary-old:5f1c0e9d2b7a4c33", seen="HEAD")


def test_a_repository_around_the_state_folder_is_nobodys_checkout(
    own: Path, board: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    rocket(tmp_path / "dotfiles", landed=1)
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "dotfiles" / "state"))
    work, project = opened(own, board)
    assert run(work, project).sha == ""


def test_files_have_nowhere_to_be_written(own: Path, board: str):
    rocket(own / "here", landed=5)
    work, project = opened(own, f'"git", {board}', path='path = "here"')
    drafted = [one.id for one in run(work, project).drafted]
    accept(work, drafted[0])
    work.close()
    work, project = opened(own, board)
    with pytest.raises(UsageError, match="'files' writes into a checkout, and the project rocket has none") as caught:
        accept(work, drafted[1])
    assert "path" in caught.value.remedy
    with pytest.raises(UsageError, match="'files' writes into a checkout"):
        publish(work, project, live=False)
    assert listing(work, "rocket", everything=True).states["offered"] == len(drafted) - 1


def test_what_is_imported_stays_a_project_for_the_page(own: Path):
    work = open_workspace(own, NOW)
    work.adopt("demo")
    run(work, work.project("demo"))
    content = json.loads((work.home / "snapshot.json").read_text())
    assert [one["id"] for one in content["content"]["projects"]] == ["demo"]
