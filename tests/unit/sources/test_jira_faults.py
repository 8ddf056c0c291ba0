"""A Jira that fails, refuses, or is none: the right words, and nothing lost."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from scout.model import Outcome
from tests.jira_pulls import KINDS, answering, asked, complete, scene
from tests.tracker_conformance import Sent
from tests.trackers import Trackers, new_world, served, small_world


@pytest.fixture
def cloud() -> Iterator[Trackers]:
    """Two projects of a Cloud, 240 issues."""
    with served(small_world(0, 240)) as trackers:
        yield trackers


def test_a_mistake_in_the_query_is_shown_in_the_servers_words(cloud: Trackers, tmp_path: Path):
    report = scene(cloud, tmp_path, jql="colour = blue").pulled()
    assert report.outcome is Outcome.UNAVAILABLE
    assert "Field 'colour' does not exist" in report.reason
    assert report.reason.endswith(" Check `jql`.")


def test_a_project_that_is_not_to_be_seen_is_named_and_loses_nothing(cloud: Trackers, tmp_path: Path):
    copy = scene(cloud, tmp_path, sweep_hours=0)
    copy.pull()
    cloud.before = answering("/project/OPS", {"errorMessages": ["No project could be found with key 'OPS'."]}, 404)
    cloud.advance(jira={"changed": 5})
    report = copy.pulled()
    assert report.outcome is Outcome.UNAVAILABLE
    assert "OPS" in report.reason
    assert copy.tombstones() == {}
    cloud.before = None
    cloud.advance(jira={"changed": 5})
    assert copy.pulled().outcome is Outcome.PRESENT
    assert complete(copy, cloud)


FAULTS = ("500", "502", "503", "429", "reset", "cut-body", "garbage", "duplicate-page")


@KINDS
@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_anywhere_costs_nothing_but_a_retry(kind: str, server: bool, tmp_path: Path):  # noqa: FBT001
    with served(small_world(0, 90), jira_server=server) as trackers:
        for path in ("/status", "/field", "/project/", "/myself", "updated", "key"):
            trackers.fault(kind, f"/rest/api/[23].*{path}", retry_after=0.2)
        copy = scene(trackers, tmp_path, page_size=20)
        report = copy.pulled()
        assert (report.outcome, report.reason) == (Outcome.PRESENT, "")
        assert trackers.faults_left == 0
        assert complete(copy, trackers)
        assert trackers.violations == {}


def test_a_long_wait_is_left_to_the_next_run_which_goes_on(cloud: Trackers, tmp_path: Path):
    copy = scene(cloud, tmp_path, patience=1, concurrency=1, page_size=20)
    cloud.fault("429", "OPS.*key.{1,3}(>|%3E)", retry_after=3)
    first, report = asked(cloud, copy.pulled)
    assert report.outcome is Outcome.UNAVAILABLE
    assert "limit" in report.reason
    refused = [one for one in first if "OPS" in dict(one.query).get("jql", "") and "key >=" in dict(one.query)["jql"]]
    assert len(refused) == 1
    later = scene(cloud, tmp_path, patience=60, concurrency=1, page_size=20)
    second, report = asked(cloud, later.pulled)
    assert report.outcome is Outcome.PRESENT
    assert complete(later, cloud)
    assert {one.target for one in first} & {one.target for one in second} <= {one.target for one in refused}
    assert cloud.violations == {}


def test_a_server_that_keeps_failing_leaves_what_was_known(cloud: Trackers, tmp_path: Path):
    copy = scene(cloud, tmp_path)
    copy.pull()
    before = copy.tables()
    cloud.advance(jira={"changed": 5})
    cloud.fault("500", "/search", times=50)
    assert copy.pulled().outcome is Outcome.UNAVAILABLE
    assert copy.tables() == before


def test_pages_that_lead_back_to_each_other_end(cloud: Trackers, tmp_path: Path):
    issues = list(cloud.jira.issues.values())

    def circle(sent: Sent) -> web.StreamResponse | None:
        if "updated >=" not in dict(sent.query).get("jql", ""):
            return None
        at = "ab".index(dict(sent.query).get("nextPageToken", "a"))
        shown = {"id": issues[at]["id"], "key": issues[at]["key"], "fields": issues[at]["fields"]}
        return web.json_response({"issues": [shown], "nextPageToken": "ba"[at], "isLast": False})

    cloud.before = circle
    report = scene(cloud, tmp_path).pulled()
    assert report.outcome is Outcome.UNAVAILABLE


@KINDS
def test_pages_that_never_end_are_left(server: bool, tmp_path: Path):  # noqa: FBT001
    with served(small_world(0, 90), jira_server=server, conforming=False) as trackers:
        number = count(1)

        def endless(sent: Sent) -> web.StreamResponse | None:
            if "updated >=" not in dict(sent.query).get("jql", ""):
                return None
            page: dict[str, Any] = {
                "issues": [],
                "nextPageToken": f"more{next(number)}",
                "isLast": False,
                "total": 10**6,
            }
            return web.json_response({**page, "startAt": int(dict(sent.query).get("startAt", 0))})

        trackers.before = endless
        copy = scene(trackers, tmp_path)
        sent, report = asked(trackers, copy.pulled)
        assert len(sent) < 40
        assert server or ("does not end" in report.reason and report.outcome is Outcome.UNAVAILABLE)
        trackers.before = None
        assert copy.pulled().outcome is Outcome.PRESENT
        assert complete(copy, trackers)


@pytest.mark.parametrize("name", ["comment", "changelog"])
def test_a_list_in_an_issue_ends_whatever_its_total_says(name: str, cloud: Trackers, tmp_path: Path):
    answer: dict[str, Any] = {**cloud.jira.issues["SCT-1"], "changelog": {}}
    place = answer["changelog"] if name == "changelog" else answer["fields"]["comment"]
    place |= {"comments": [], "histories": [], "total": 10**9}
    page = {"issues": [answer], "isLast": True}
    cloud.before = lambda sent: web.json_response(page) if "/search" in sent.path else None
    sent, report = asked(cloud, scene(cloud, tmp_path, projects=["SCT"]).pulled)
    assert report.outcome is Outcome.PRESENT
    assert 0 < len([one for one in sent if one.path.endswith(f"/{name}")]) < 60


def test_boards_that_never_end_cost_their_sprints_only(cloud: Trackers, tmp_path: Path):
    sprints = {"type": "array", "items": "json", "custom": "com.pyxis.greenhopper.jira:gh-sprint"}
    answers: dict[str, object] = {
        "/field": [{"id": "customfield_7", "name": "Sprint", "schema": sprints}],
        "/board": {"values": [{"id": 2, "type": "scrum"}], "isLast": False},
        "/board/2/sprint": {"values": [], "isLast": True},
    }

    def answer(sent: Sent) -> web.StreamResponse | None:
        body = next((body for path, body in answers.items() if sent.path.endswith(path)), None)
        return None if body is None else web.json_response(body)

    cloud.before = answer
    copy = scene(cloud, tmp_path)
    sent, report = asked(cloud, copy.pulled)
    assert len([one for one in sent if one.path.endswith("/board")]) == 2
    assert report.outcome is Outcome.PRESENT
    state = copy.workspace.freshness.states(copy.project)["jira"].streams["sprint"]
    assert state.outcome is Outcome.UNAVAILABLE
    assert "does not end" in state.reason
    assert complete(copy, cloud)


def test_what_concerns_the_whole_server_is_said_once_with_one_remedy(cloud: Trackers, tmp_path: Path):
    (tmp_path / "wrong").write_text("wrong-token")
    copy = scene(cloud, tmp_path, token_file=str(tmp_path / "wrong"))
    reason = copy.pulled().reason
    assert reason.count("(401)") == reason.count("Check the credential") == 1
    assert "Nor could field and project be read." in reason
    streams = copy.workspace.freshness.states(copy.project)["jira"].streams
    assert all("Check the credential" in streams[name].reason for name in ("project", "status", "field"))


def test_projects_that_are_not_to_be_seen_are_each_named(cloud: Trackers, tmp_path: Path):
    reason = scene(cloud, tmp_path, projects=["SCT", "NIX", "NUX"]).pulled().reason
    assert "/project/NIX (404)" in reason
    assert "/project/NUX (404)" in reason


def test_a_wrong_token_names_where_it_came_from(cloud: Trackers, tmp_path: Path):
    (tmp_path / "wrong").write_text("wrong-token")
    report = scene(cloud, tmp_path, token_file=str(tmp_path / "wrong")).pulled()
    assert report.outcome is Outcome.UNAVAILABLE
    assert "401" in report.reason
    assert "the file wrong" in report.reason
    assert "wrong-token" not in report.reason


def test_an_address_without_a_jira_says_so(tmp_path: Path):
    with served(new_world(), conforming=False) as trackers:
        report = scene(trackers, tmp_path, url=f"{trackers.base}/elsewhere").pulled()
    assert report.outcome is Outcome.UNAVAILABLE
    assert "no Jira at" in report.reason


def test_a_page_to_log_in_says_so(cloud: Trackers, tmp_path: Path):
    cloud.before = lambda _: web.Response(text="<html>Please login</html>", content_type="text/html")
    report = scene(cloud, tmp_path).pulled()
    assert report.outcome is Outcome.UNAVAILABLE
    assert "log in" in report.reason
