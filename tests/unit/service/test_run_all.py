"""Every project has its turn; what goes wrong with one is told in its line and stops nothing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scout.errors import UsageError
from scout.service.doctor import doctor
from scout.service.run import run
from scout.service.run_all import RunOutcome, run_all
from scout.service.wiring import Workspace, open_workspace
from tests.rocket import rocket
from tests.stand_in import lists

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def table(project: str, server: Path) -> str:
    sources = f'[{{type = "board", url = "file://{server}", board = "{project}"}}]'
    return f'[[project]]\nid = "{project}"\nsources = {sources}\n'


def opened(folder: Path, settings: str, *, later: timedelta = timedelta()) -> Workspace:
    (folder / "scout.toml").write_text(settings)
    return open_workspace(folder, NOW + later)


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Make a second server."""
    (tmp_path / "other").mkdir()
    return tmp_path / "other"


def test_one_bad_project_never_stops_the_rest(own: Path, server: Path, other: Path, tmp_path: Path):
    crashing = tmp_path / "crashing"
    crashing.mkdir()
    (crashing / "crash").touch()
    (other / "down").write_text("The board is on fire.")
    rocket(own / "here", landed=3)
    settings = (
        table("first", crashing)
        + table("second", other)
        + '[[project]]\nid = "third"\npath = "nowhere"\n'
        + table("fourth", server)
        + '[[project]]\nid = "fifth"\npath = "here"\n'
    )
    said: list[str] = []
    report = run_all(opened(own, settings), said.append)
    lines = {line.project: line for line in report.projects}
    assert {name: line.outcome for name, line in lines.items()} == {
        "first": RunOutcome.FAILED,
        "second": RunOutcome.PARTIAL,
        "third": RunOutcome.FAILED,
        "fourth": RunOutcome.COMPLETE,
        "fifth": RunOutcome.COMPLETE,
    }
    assert lines["second"].reason == "board could not be read: The board is on fire; never read before"
    assert "nowhere" in lines["third"].reason
    assert lines["third"].remedy
    assert "KeyError" in lines["first"].reason
    assert "ghp_secret" not in str(report)
    assert lines["fifth"].drafted > 0
    assert (report.complete, report.partial, report.failed, report.whole) == (2, 1, 2, False)
    assert any(one.startswith("2/5 second: ") for one in said)


def test_discovered_projects_have_their_turn_and_a_silent_tracker_is_noted(own: Path, server: Path):
    lists(server, "rocket", "lantern")
    settings = f'[[discover]]\ntype = "board"\nurl = "file://{server}"\n'
    report = run_all(opened(own, settings))
    assert [line.project for line in report.projects] == ["rocket", "lantern"]
    assert report.whole
    (server / "down").write_text("The board is on fire.")
    report = run_all(opened(own, settings, later=timedelta(days=2)))
    assert [line.outcome for line in report.projects] == [RunOutcome.PARTIAL] * 2
    assert report.notes == ("board did not say which projects there are: The board is on fire. Put it up again.",)
    assert "last read 2 days ago" in report.projects[0].reason


def test_a_project_without_checkout_goes_the_whole_line(own: Path, server: Path):
    work = opened(own, table("rocket", server))
    report = run(work, work.project("rocket"))
    assert report.sha == ""
    assert {look.outcome.value for look in report.looks} == {"not_applicable"}
    assert not report.partial
    assert [stream.stream for stream in report.ages[0].streams] == ["cards", "notes"]
    assert (work.home / "projects" / "rocket").is_dir()


def test_a_stream_that_may_be_missing_is_told_but_makes_nothing_partial(own: Path, server: Path):
    (server / "no-notes").touch()
    work = opened(own, table("rocket", server))
    report = run(work, work.project("rocket"))
    assert not report.partial
    assert {one.stream: one.reason for one in report.ages[0].streams} == {"cards": "", "notes": "notes are private"}


def test_nothing_to_run_is_one_sentence(own: Path):
    with pytest.raises(UsageError, match="not in a git repository"):
        run_all(open_workspace(own, NOW))


def test_the_doctor_asks_each_tracker_and_says_how_old_each_stream_is(own: Path, server: Path, other: Path):
    (server / "facts.json").write_text('["signed in as a robot", "4,812 of 5,000 requests left"]')
    (other / "down").write_text("The token has expired.")
    settings = table("well", server) + table("ill", other)
    work = opened(own, settings)
    run(work, work.project("well"))
    work.close()
    report = doctor(own, NOW + timedelta(hours=3))
    checks = {check.name: check for check in report.checks}
    well, ill = checks["well/board"], checks["ill/board"]
    assert well.passed
    assert well.found == "signed in as a robot; 4,812 of 5,000 requests left; read 3 hours ago"
    assert well.details == ("cards, notes: present (read 3 hours ago)",)
    assert (ill.passed, ill.found, ill.remedy) == (False, "The token has expired.", "Put it up again.")
    assert not report.healthy
    assert {one.source for one in report.sources} == {"board"}


def test_the_doctor_calls_old_what_is_old(own: Path, server: Path):
    work = opened(own, table("rocket", server))
    run(work, work.project("rocket"))
    work.close()
    checks = {check.name: check for check in doctor(own, NOW + timedelta(days=3)).checks}
    old = checks["rocket/board"]
    assert not old.passed
    assert "board was last read 3 days ago" in old.found
    assert "scout run" in old.remedy
    assert "old" in old.details[0]
