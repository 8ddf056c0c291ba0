"""What Jiras do differently: gaps in keys, refused ranges, pages that shift, lists cut short, sprints."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from scout.model import Outcome
from tests.jira_pulls import KINDS, answering, asked, complete, highest, refusing_unknown_keys, scene
from tests.tracker_conformance import Sent
from tests.trackers import Trackers, new_world, served, small_world, stand_ins


@pytest.fixture
def cloud() -> Iterator[Trackers]:
    """Two projects of a Cloud, 240 issues."""
    with served(small_world(0, 240)) as trackers:
        yield trackers


@KINDS
def test_comments_and_changes_beyond_what_a_page_shows_are_fetched(server: bool, tmp_path: Path):  # noqa: FBT001
    world = new_world()
    world.make_jira(6, 0)
    person, stamp = stand_ins("records").jira_person(1), stand_ins("records").jira_stamp
    for number in range(1, 331):
        at = stamp(world.tick())
        world.jira.add_comment("SCT-1", f"said {number}", person, at)
        world.jira.change("OPS-1", "priority", str(number), str(number + 1), person, at)
    with served(world, jira_server=server) as trackers:
        copy = scene(trackers, tmp_path)
        sent, report = asked(trackers, copy.pulled)
        assert report.outcome is Outcome.PRESENT
        assert complete(copy, trackers)
        changes = copy.table("core.transition", "before", where="subject = 'OPS-1' AND field = 'priority'")
        assert {row["before"] for row in changes} == {str(number) for number in range(1, 331)}
        extra = [one for one in sent if one.path.endswith(("/comment", "/changelog"))]
        assert len(extra) == (0 if server else 4 + 3)


def sparse() -> Any:
    """A world whose projects have lost most of their issues."""
    world = small_world(0, 2400)
    for key in list(world.jira.issues):
        if int(key.partition("-")[2]) % 10:
            del world.jira.issues[key]
    return world


def test_gaps_in_keys_cost_fewer_requests_than_there_are_ranges(tmp_path: Path):
    with served(sparse()) as trackers:
        copy = scene(trackers, tmp_path, concurrency=2)
        sent, _ = asked(trackers, copy.pull)
        assert complete(copy, trackers)
        assert len(sent) < highest(trackers) / 100


def test_a_server_that_refuses_keys_of_no_issue_is_read_between_those_it_has(tmp_path: Path):
    with served(sparse()) as trackers:
        trackers.before = refusing_unknown_keys(trackers)
        copy = scene(trackers, tmp_path)
        assert copy.pulled().outcome is Outcome.PRESENT
        assert complete(copy, trackers)


def test_a_server_that_refuses_ranges_of_keys_altogether_is_read_as_a_chain(cloud: Trackers, tmp_path: Path):
    def refuse(sent: Sent) -> web.StreamResponse | None:
        ranged = "key >=" in dict(sent.query).get("jql", "")
        return web.json_response({"errorMessages": ["no ranges"]}, status=400) if ranged else None

    cloud.before = refuse
    copy = scene(cloud, tmp_path)
    assert copy.pulled().outcome is Outcome.PRESENT
    assert complete(copy, cloud)


def test_what_is_deleted_while_a_server_counts_pages_hides_no_other_issue(tmp_path: Path):
    with served(small_world(0, 400), jira_server=True) as trackers:
        removed = iter([f"SCT-{number}" for number in range(1, 40)])

        def shift(sent: Sent) -> None:
            if "key ASC" in dict(sent.query).get("jql", "") and (key := next(removed, None)):
                del trackers.jira.issues[key]
                trackers.jira.version += 1

        trackers.before = shift
        copy = scene(trackers, tmp_path, page_size=20, concurrency=1, sweep_hours=0)
        assert copy.pulled().outcome is Outcome.PRESENT
        trackers.before = None
        assert {row["key"] for row in copy.table("core.ticket", "key")} >= set(trackers.truth()["jira"])
        copy.pull()
        assert complete(copy, trackers)


def test_issues_that_move_between_pages_of_an_increment_are_not_lost(tmp_path: Path):
    with served(small_world(0, 120), jira_server=True) as trackers:
        copy = scene(trackers, tmp_path, page_size=5)
        copy.pull()
        trackers.advance(jira={"changed": 30})
        stamp, first = stand_ins("records").jira_stamp, iter(range(3))

        def bump(sent: Sent) -> None:
            if "updated >=" in dict(sent.query).get("jql", "") and next(first, None) is not None:
                oldest = min(trackers.jira.issues.values(), key=lambda issue: -len(issue["changelog"]))
                oldest["fields"]["updated"] = stamp(trackers.world.tick(5))
                trackers.jira.version += 1

        trackers.before = bump
        copy.pull()
        trackers.before = None
        copy.pull()
        assert {row["key"]: row["updated_at"].isoformat() for row in copy.table("core.ticket")} == {
            key: issue["fields"]["updated"].replace(".000+0000", "+00:00")
            for key, issue in trackers.jira.issues.items()
        }


SPRINT_FIELD = {
    "id": "customfield_7",
    "name": "Sprint",
    "schema": {"type": "array", "items": "json", "custom": "com.pyxis.greenhopper.jira:gh-sprint"},
}


def test_sprints_are_those_that_issues_name_where_boards_are_hidden(cloud: Trackers, tmp_path: Path):
    old = "com.atlassian.greenhopper.service.sprint.Sprint@1[id=8,state=CLOSED,name=Eight, last,goal=<null>]"
    cloud.jira.issues["SCT-1"]["fields"]["customfield_7"] = [
        {"id": 7, "name": "Seven", "state": "active", "boardId": 2}
    ]
    cloud.jira.issues["SCT-2"]["fields"]["customfield_7"] = [old]
    cloud.before = answering("/field", [SPRINT_FIELD])
    copy = scene(cloud, tmp_path)
    report = copy.pulled()
    assert report.outcome is Outcome.PRESENT
    found = copy.table("core.iteration", "key", "name", "state", where="kind = 'sprint'")
    assert found == [
        {"key": "7", "name": "Seven", "state": "open"},
        {"key": "8", "name": "Eight, last", "state": "closed"},
    ]
    assert copy.pulled().unchanged


@pytest.mark.parametrize("hours", [0, 24])
def test_boards_tell_of_sprints_that_no_issue_is_in_at_every_sweep(hours: int, cloud: Trackers, tmp_path: Path):
    board = {
        "isLast": True,
        "values": [{"id": 2, "type": "scrum"}, {"id": 3, "type": "kanban"}, {"id": 4, "type": "simple"}],
    }
    sprint = {"isLast": True, "values": [{"id": 9, "name": "Nine", "state": "future", "originBoardId": 2}]}
    answers = {
        "/field": web.json_response([SPRINT_FIELD]).body,
        "/board": json.dumps(board),
        "/board/2/sprint": json.dumps(sprint),
    }

    def answer(sent: Sent) -> web.StreamResponse | None:
        if sent.path.endswith("/board/4/sprint"):
            return web.json_response({"errorMessages": ["The board doesn't support sprints."]}, status=400)
        body = next((body for path, body in answers.items() if sent.path.endswith(path)), None)
        return None if body is None else web.Response(body=body, content_type="application/json")

    cloud.before = answer
    copy = scene(cloud, tmp_path, sweep_hours=hours)
    copy.pull()
    assert copy.table("core.iteration", "key", "state") == [{"key": "9", "state": "future"}]
    sent, _ = asked(cloud, copy.pull)
    assert any(one.path.startswith("/rest/agile") for one in sent) == (hours == 0)


def test_what_a_new_issue_must_have_is_read_on_request(cloud: Trackers, tmp_path: Path):
    copy = scene(cloud, tmp_path, streams=["issue", "createmeta"])
    assert copy.pulled().outcome is Outcome.PRESENT
    assert copy.keys("createmeta") == {"SCT", "OPS"}
    assert copy.keys("status") == set()
    (first, _) = copy.table("raw.record", "payload", where="stream = 'createmeta'")
    kinds = json.loads(first["payload"])["issueTypes"]
    assert [field["fieldId"] for field in kinds[0]["fields"]][:2] == ["summary", "description"]
    assert copy.pulled().unchanged or copy.pulled().rows.get("createmeta")


def test_lists_are_asked_for_with_their_tags(cloud: Trackers, tmp_path: Path):
    statuses = [{"id": "1", "name": "Open", "statusCategory": {"key": "new"}}]

    def tagged(sent: Sent) -> web.StreamResponse | None:
        if not sent.path.endswith("/status"):
            return None
        if sent.headers.get("if-none-match") == '"s1"':
            return web.Response(status=304, headers={"ETag": '"s1"'})
        return web.json_response(statuses, headers={"ETag": '"s1"'})

    cloud.before = tagged
    copy = scene(cloud, tmp_path)
    copy.pull()
    cloud.advance(jira={"changed": 1})
    sent, report = asked(cloud, copy.pulled)
    assert report.outcome is Outcome.PRESENT
    assert next(one for one in sent if one.path.endswith("/status")).headers["if-none-match"] == '"s1"'
    assert copy.keys("status") == {"1"}


def test_an_issue_with_five_thousand_comments_and_a_huge_one_is_whole(tmp_path: Path):
    world = new_world()
    world.make_jira(4, 0)
    person, stamp = stand_ins("records").jira_person(1), stand_ins("records").jira_stamp
    at = stamp(world.tick())
    for number in range(5000):
        world.jira.add_comment("SCT-1", f"said {number}", person, at)
    world.jira.add_comment("SCT-1", "x" * 10_000_000, person, at)
    with served(world) as trackers:
        copy = scene(trackers, tmp_path)
        assert copy.pulled().outcome is Outcome.PRESENT
        assert complete(copy, trackers)
        assert copy.pulled().unchanged
