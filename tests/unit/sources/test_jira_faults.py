"""A Jira that fails, refuses, or is none: the right words, and nothing lost."""

from collections.abc import Iterator
from pathlib import Path

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
