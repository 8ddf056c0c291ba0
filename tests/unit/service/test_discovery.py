"""Projects that nobody has to list: asked at most once a day, kept with their ids, never lost by a failure."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scout.errors import SettingsError, UsageError
from scout.service.discover import discover, discovered
from scout.service.portfolio import Origin, portfolio
from scout.service.wiring import Workspace, open_workspace
from tests.stand_in import lists

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def table(server: Path, more: str = "") -> str:
    return f'[[discover]]\ntype = "board"\nurl = "file://{server}"\n{more}\n'


def opened(folder: Path, settings: str, *, later: timedelta = timedelta()) -> Workspace:
    (folder / "scout.toml").write_text(settings)
    return open_workspace(folder, NOW + later)


def ids(work: Workspace) -> list[str]:
    return [one.id for one in work.projects]


def test_what_a_tracker_lists_becomes_projects_that_pull_it(own: Path, server: Path):
    lists(server, "Rocket", "lantern")
    work = opened(own, table(server, 'cadence = "weekly"\nhistory_days = 7'))
    assert ids(work) == []
    with pytest.raises(UsageError, match="No tracker has listed a project yet"):
        work.project()
    discover(work)
    assert ids(work) == ["rocket", "lantern"]
    made = work.project("rocket")
    assert (made.has_checkout, made.cadence, made.required) == (False, "weekly", ("board",))
    (choice,) = made.sources
    told = choice.settings.model_dump()
    assert (told["board"], told["history_days"], told["url"]) == ("Rocket", 7, f"file://{server}")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", ["rocket-app", "rocket-lib", "tools"]),
        ('include = ["rocket-*"]', ["rocket-app", "rocket-lib"]),
        ('include = ["ROCKET-*", "tools"]\nexclude = ["*-lib"]', ["rocket-app", "tools"]),
        ("archived = true", ["old-rocket", "rocket-app", "rocket-lib", "tools"]),
        ("forks = true", ["rocket-app", "rocket-lib", "tools", "copied"]),
        ('include = ["nothing"]', []),
    ],
)
def test_patterns_and_flags_choose(own: Path, server: Path, more: str, expected: list[str]):
    archived, fork = {"name": "old-rocket", "archived": True}, {"name": "copied", "fork": True}
    lists(server, archived, "rocket-app", "rocket-lib", "tools", fork)
    work = opened(own, table(server, more))
    discover(work)
    assert ids(work) == expected


def test_other_patterns_need_no_new_answer(own: Path, server: Path):
    lists(server, "rocket", "tools")
    discover(opened(own, table(server)))
    (server / "down").write_text("The server is down.")
    work = opened(own, table(server, 'exclude = ["t*"]'))
    assert ids(work) == ["rocket"]
    assert not discover(work).lines[0].asked


def test_a_tracker_is_asked_once_a_day_or_when_told(own: Path, server: Path):
    lists(server, "rocket")
    discover(opened(own, table(server)))
    lists(server, "rocket", "lantern")
    assert not discover(opened(own, table(server), later=23 * HOUR)).lines[0].asked
    assert discover(opened(own, table(server), later=HOUR), now=True).lines[0].taken == ("rocket", "lantern")
    lists(server, "rocket")
    assert discover(opened(own, table(server), later=26 * HOUR)).lines[0].taken == ("rocket",)


def test_a_failure_loses_nothing_and_is_said_and_tried_again_after_an_hour(own: Path, server: Path):
    lists(server, "rocket")
    discover(opened(own, table(server)))
    (server / "down").write_text("There is no shelf 'acme'.")
    work = opened(own, table(server), later=25 * HOUR)
    report = discover(work)
    assert report.partial
    assert report.lines[0].reason == "There is no shelf 'acme'. Put it up again."
    assert report.lines[0].fetched_at == NOW
    assert ids(work) == ["rocket"]
    (server / "down").unlink()
    assert discover(opened(own, table(server), later=25.5 * HOUR)).partial, "a server that is down is left in peace"
    assert not discover(opened(own, table(server), later=26 * HOUR)).partial


def test_ids_stay_whatever_comes_and_goes(own: Path, server: Path, tmp_path: Path):
    other = tmp_path / "other"
    other.mkdir()
    lists(server, "rocket")
    lists(other, "rocket")
    both = table(other) + table(server)
    discover(opened(own, table(server)))
    work = opened(own, both)
    discover(work)
    first, second = ids(work)
    assert second == "rocket", "the one that was there before keeps its name"
    assert first.startswith("rocket-")
    relabelled = table(server, 'token_env = "OTHER"')
    work = opened(own, relabelled)
    discover(work)
    assert ids(work) == ["rocket"], "another token is no other project"


def test_of_two_tables_that_take_the_same_the_first_counts(own: Path, server: Path):
    lists(server, "rocket", "lantern")
    first = table(server, 'cadence = "hourly"\ninclude = ["rocket"]')
    work = opened(own, first + table(server, 'cadence = "weekly"\nshelf = "all"'))
    discover(work)
    assert [(one.id, one.cadence) for one in work.projects] == [("rocket", "hourly"), ("lantern", "weekly")]


def test_a_name_that_a_checkout_has_is_not_taken_from_it(own: Path, server: Path):
    (own / "rocket" / ".git").mkdir(parents=True)
    here = open_workspace(own / "rocket", NOW)
    here.remember(here.project())
    lists(server, "rocket")
    work = opened(own, table(server))
    discover(work)
    assert ids(work)[0].startswith("rocket-")


def test_what_the_settings_name_is_not_listed_twice(own: Path, server: Path):
    lists(server, "Rocket", "lantern")
    named = f'[[project]]\nid = "ship"\nsources = [{{type = "board", url = "file://{server}", board = "rocket"}}]\n'
    work = opened(own, named + table(server))
    discover(work)
    assert ids(work) == ["ship", "lantern"]


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    ("settings", "what", "remedy"),
    [
        ('[[discover]]\ntype = "git"\n', "'git' cannot discover", "board"),
        ('[[discover]]\ntype = "bord"\n', "no source called 'bord'", "board"),
        ('[[discover]]\ntype = "board"\nshelv = "x"\n', "unknown key 'shelv'", "shelf"),
        ('[[discover]]\ninclude = ["x"]\n', "discover.0.type", "reference"),
        ('[[discover]]\ntype = "board"\ninclude = "x"\n', "discover.0.include", "reference"),
    ],
)
def test_what_is_wrong_is_told_at_once(own: Path, settings: str, what: str, remedy: str):
    with pytest.raises((SettingsError, UsageError), match=what) as caught:
        _ = opened(own, settings).projects
    assert remedy in caught.value.remedy


def test_a_broken_memory_is_made_anew(own: Path, server: Path):
    lists(server, "rocket")
    work = opened(own, table(server))
    discover(work)
    (work.home / "discovered.json").write_text("{")
    work = opened(own, table(server))
    assert ids(work) == []
    discover(work)
    assert ids(work) == ["rocket"]


def test_nothing_is_written_where_nothing_is_discovered(own: Path):
    work = open_workspace(own, NOW)
    assert discover(work).lines == ()
    assert not work.home.exists()


def test_the_portfolio_says_where_projects_come_from(own: Path, server: Path):
    lists(server, "rocket")
    (own / "ship" / ".git").mkdir(parents=True)
    work = opened(own, '[[project]]\nid = "ship"\npath = "ship"\n' + table(server))
    assert [one.project for one in portfolio(work).projects] == ["ship"], "nobody is asked by looking"
    report = portfolio(work, refresh=True)
    assert [(one.project, one.origin) for one in report.projects] == [
        ("ship", Origin.SETTINGS),
        ("rocket", Origin.DISCOVERED),
    ]
    assert discovered(work).lines[0].found == 1
    assert portfolio(open_workspace(own / "ship", NOW)).projects[0].origin is Origin.SETTINGS
