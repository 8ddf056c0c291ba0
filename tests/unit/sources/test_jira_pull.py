"""A Jira, pulled through the real library: everything once, then what changed, then what is gone."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import pytest

from scout.model import Outcome
from tests.jira_pulls import KINDS, answering, asked, complete, highest, scene, searches
from tests.tracker_pulls import Scene
from tests.trackers import Trackers, served, small_world


@pytest.fixture
def cloud() -> Iterator[Trackers]:
    """Two projects of a Cloud, 240 issues."""
    with served(small_world(0, 240)) as trackers:
        yield trackers


@KINDS
def test_a_full_pull_is_a_perfect_copy_and_the_next_one_writes_nothing(server: bool, tmp_path: Path):  # noqa: FBT001
    with served(small_world(0, 330), jira_server=server) as trackers:
        copy = scene(trackers, tmp_path)
        sent, report = asked(trackers, copy.pulled)
        assert (report.outcome, report.reason) == (Outcome.PRESENT, "")
        assert complete(copy, trackers)
        if not server:
            assert len(sent) <= highest(trackers) / 100 + 10
        sent, report = asked(trackers, copy.pulled)
        assert report.unchanged
        assert len(sent) == 5  # statuses, fields, two projects, issues
        assert trackers.violations == {}


@KINDS
def test_what_changed_comes_and_what_is_gone_goes(server: bool, tmp_path: Path):  # noqa: FBT001
    with served(small_world(0, 120), jira_server=server) as trackers:
        copy = scene(trackers, tmp_path, sweep_hours=0)
        copy.pull()
        gone = trackers.jira.issues["SCT-1"]["id"]
        trackers.change(lambda: trackers.jira.issues.pop("SCT-1"))
        trackers.advance(jira={"changed": 3, "created": 2, "comments": 2})
        assert copy.pulled().outcome is Outcome.PRESENT
        assert complete(copy, trackers)
        assert copy.tombstones() == {f"issue/{gone}": "gone"}
        assert copy.pulled().unchanged


def test_an_issue_that_left_our_projects_says_where_it_went(cloud: Trackers, tmp_path: Path):
    copy = scene(cloud, tmp_path, sweep_hours=0)
    copy.pull()
    issue = cloud.jira.issues["SCT-2"]

    def move() -> None:
        cloud.jira.projects["ELSE"] = {"id": "99", "key": "ELSE", "name": "Elsewhere", "last": 1}
        moved = cloud.jira.issues.pop("SCT-2")
        moved["key"] = "ELSE-1"
        moved["fields"]["project"] = {"id": "99", "key": "ELSE", "name": "Elsewhere"}
        cloud.jira.issues["ELSE-1"] = moved
        cloud.jira.version += 1

    cloud.change(move)
    copy.pull()
    assert copy.tombstones() == {f"issue/{issue['id']}": "moved"}
    assert copy.table("raw.tombstone", "moved_to") == [{"moved_to": "ELSE-1"}]
    assert "SCT-2" not in {row["key"] for row in copy.table("core.ticket", "key")}


@pytest.mark.parametrize("zone", ["Etc/UTC", "America/St_Johns", "Pacific/Auckland"])
def test_nothing_is_missed_in_any_zone_nor_when_the_user_moves(zone: str, tmp_path: Path):
    with served(small_world(0, 60), jira_time_zone=zone) as trackers:
        copy = scene(trackers, tmp_path)
        copy.pull()
        for moved_to in ("Pacific/Auckland", "America/Los_Angeles", "Etc/UTC"):
            trackers.set(jira_time_zone=moved_to)
            trackers.advance(jira={"changed": 2, "created": 1})
            copy.pull()
            assert complete(copy, trackers)
        sent, report = asked(trackers, copy.pulled)
        assert report.unchanged
        assert len(sent) == 5


def test_a_guest_whose_zone_nobody_says_misses_nothing(tmp_path: Path):
    with served(small_world(0, 60), jira_time_zone="America/Los_Angeles") as trackers:
        trackers.before = answering("/myself", {"errorMessages": ["who?"]}, 401)
        copy = scene(trackers, tmp_path)
        assert copy.pulled().outcome is Outcome.PRESENT
        trackers.advance(jira={"changed": 2, "created": 1})
        copy.pull()
        assert complete(copy, trackers)


def test_only_issues_that_match_are_read_and_others_are_hidden_when_that_changes(cloud: Trackers, tmp_path: Path):
    copy = scene(cloud, tmp_path, sweep_hours=0)
    copy.pull()
    closed = {key for key, issue in cloud.jira.issues.items() if issue["fields"]["status"]["name"] == "Closed"}
    restricted = Scene(tmp_path, ({**copy.sources[0], "jql": "status = Closed"},), copy.now)
    assert restricted.pulled().outcome is Outcome.PRESENT
    assert {row["key"] for row in restricted.table("core.ticket", "key")} == closed
    assert set(restricted.tombstones().values()) == {"hidden"}


def test_a_project_more_in_the_settings_is_read_and_one_less_is_let_go(cloud: Trackers, tmp_path: Path):
    copy = scene(cloud, tmp_path, projects=["SCT"], sweep_hours=0)
    copy.pull()
    assert {row["key"].partition("-")[0] for row in copy.table("core.ticket", "key")} == {"SCT"}
    both = Scene(tmp_path, ({**copy.sources[0], "projects": ["SCT", "OPS"]},), copy.now)
    sent, _ = asked(cloud, both.pull)
    assert complete(both, cloud)
    assert not any('project = "SCT"' in jql for jql in searches(sent))
    less = Scene(tmp_path, ({**copy.sources[0], "projects": ["OPS"], "details_per_run": 500},), both.now)
    less.pull()
    assert {row["key"].partition("-")[0] for row in less.table("core.ticket", "key")} == {"OPS"}


def test_a_status_that_means_something_else_now_makes_all_issues_be_read_again(cloud: Trackers, tmp_path: Path):
    copy = scene(cloud, tmp_path)
    copy.pull()
    statuses = [
        {"id": number, "name": name, "statusCategory": {"key": "done"}}
        for number, name in (("1", "Open"), ("6", "Closed"))
    ]
    cloud.before = answering("/status", statuses)
    _, report = asked(cloud, copy.pulled)
    assert any("read again" in note for note in report.notes)
    after = copy.table("core.transition", "before", where="field = 'state' AND native_before = 'Open'")
    assert {row["before"] for row in after} == {"completed"}


def test_queries_say_what_is_meant(cloud: Trackers, tmp_path: Path):
    sent, _ = asked(cloud, scene(cloud, tmp_path).pull)
    for one in sent:
        assert parse_qs(urlencode(one.query)) == {name: [value] for name, value in one.query}
    assert all(jql.startswith(('project = "', "project in (")) for jql in searches(sent))
