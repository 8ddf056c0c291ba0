"""Every stream that trackers serve, and how a fault finds its requests: one side of the matrix of faults.

GitHub's side is read from the source's own declarations, so that a new stream is tried without a word here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from scout.model import Outcome
from scout.sources._github.stream import Paged
from scout.sources._github.streams import STREAMS
from scout.sources._jira.settings import STREAMS as JIRA_STREAMS
from scout.warehouse.freshness import StreamAge
from tests import tracker_pulls
from tests.tracker_extras import SPRINT_FIELD, Extras, Record
from tests.tracker_pulls import Scene
from tests.trackers import Trackers, new_world

NUMBER = r"\d+"


@dataclass(frozen=True)
class Place:
    """A stream of a tracker.

    Attributes:
        path: a pattern of the paths and queries of its requests, and of no other's.
        pages: whether its rows come on several pages.
    """

    tracker: str
    stream: str
    path: str
    pages: bool

    def __str__(self) -> str:
        return f"{self.tracker}-{self.stream}"

    def scene(self, trackers: Trackers, folder: Path, **more: Any) -> Scene:
        """Return a scene that reads all streams of this place's tracker."""
        if self.tracker == "github":
            return tracker_pulls.github(trackers, folder, streams=sorted(STREAMS), **more)
        return tracker_pulls.jira(trackers, folder, streams=sorted(JIRA_STREAMS), **more)


def places(tracker: str = "") -> list[Place]:
    """Return all streams of both trackers, or of one."""
    jira = {
        "project": (r"/project/SCT(\?|$)", False),
        "status": (r"/status(\?|$)", False),
        "field": (r"/field(\?|$)", False),
        "issue": ("/search/jql.*expand=changelog", True),
        "issue's comments": (r"/issue/\w+/comment", False),
        "issue's changes": (r"/issue/\w+/changelog", False),
        "sprint": (r"/agile/1.0/board\?.*projectKeyOrId=SCT", False),
        "createmeta": ("/issue/createmeta/SCT", False),
    }
    assert {name.partition("'")[0] for name in jira} == set(JIRA_STREAMS)
    found = [
        *(Place("github", name, _github_path(name), _has_pages(name)) for name in STREAMS),
        *(Place("jira", name, path, pages) for name, (path, pages) in jira.items()),
    ]
    return [place for place in found if tracker in {"", place.tracker}]


def _github_path(name: str) -> str:
    stream = STREAMS[name]
    if stream.paged is Paged.GRAPH:
        return "/graphql"
    some = {"job": NUMBER}.get(name, str(_SOME[name]) if name in _SOME else NUMBER)
    return rf"^/repos/acme/rocket{re.escape(stream.path).replace(re.escape('{key}'), some)}(\?|$)"


def _has_pages(name: str) -> bool:
    return STREAMS[name].paged in {Paged.ENDS, Paged.AGE, Paged.NEWEST, Paged.CHANGED, Paged.RECENT}


_SOME = {"sub_issue": 2, "dependency": 4}
"""Issues of the made world, no pull requests, that get details of a kind."""


def world_and_extras(seed: int = 7) -> tuple[Any, Extras]:
    """Return a world with some of everything: more comments and changes of one Jira issue than a search shows."""
    world = new_world(seed)
    world.make_github(40, 31, 37, 3, 6)
    world.make_jira(23, 31)
    world.advance({"jira": {"changed": 1}})
    key = min(world.jira.issues)
    for number in range(45):
        world.jira.change(key, "priority", str(number), str(number + 1), _jira_person(), "2026-06-30T00:00:01.000+0000")
    for number in range(25):
        world.jira.add_comment(key, f"remark {number}", _jira_person(), "2026-06-30T00:00:01.000+0000")
    extras = extras_of(world)
    world.jira.issues[key]["fields"][SPRINT_FIELD] = extras.sprints[1]
    return world, extras


def extras_of(world: Any) -> Extras:
    """Return more records about a world's issues and pull requests."""
    hub, pulls = world.github, sorted(world.github.pulls)
    whole, blocked = (hub.issues[number] for number in _SOME.values())
    whole["sub_issues_summary"] = {"total": 2, "completed": 0, "percent_completed": 0}
    blocked["issue_dependencies_summary"] = {"blocked_by": 1, "total_blocked_by": 1, "blocking": 0, "total_blocking": 0}
    return Extras(
        review_comments=[_remark(hub, pulls[number % len(pulls)], number) for number in range(11)],
        protection={"main": {"required_pull_request_reviews": {"required_approving_review_count": 1}}},
        rulesets=[_ruleset(hub, 77)],
        sub_issues={whole["number"]: [5, 7]},
        blocked_by={blocked["number"]: [5]},
        project_status={number: "Todo" for number in hub.issues if number % 2},
        sprints={1: [{"id": 5, "name": "Sprint 5", "state": "active", "startDate": "2026-06-20T00:00:00.000Z"}]},
    )


def _remark(hub: Any, number: int, key: int) -> Record:
    at, url = f"2026-05-{key + 1:02}T10:00:00Z", f"{hub.url}/pulls/comments/{500 + key}"
    place: Record = {"path": "src/a.py", "diff_hunk": "@@", "line": 3, "pull_request_review_id": 9}
    said: Record = {"id": 500 + key, "body": f"line {key}", "user": {"login": "user-0003", "type": "User"}}
    times = {"created_at": at, "updated_at": at}
    return place | said | times | {"url": url, "html_url": f"{url}#r", "pull_request_url": f"{hub.url}/pulls/{number}"}


def _ruleset(hub: Any, key: int) -> Record:
    told: Record = {"id": key, "name": "reviews", "target": "branch", "enforcement": "active"}
    where = {"source_type": "Repository", "source": hub.full_name}
    rules: Record = {"rules": [{"type": "pull_request"}], "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"]}}}
    return told | where | rules | {"created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}


@cache
def _jira_person() -> Record:
    return {"name": "user-0001", "key": "user-0001", "displayName": "User 0001"}


@dataclass(frozen=True)
class Ended:
    """How a pull ended.

    Attributes:
        requests: how many it took.
        streams: how each stream ended.
        until: when it is worth trying again.
    """

    outcome: Outcome
    reason: str
    requests: int
    statuses: dict[str, int]
    streams: dict[str, StreamAge]
    until: datetime | None


def pulled(scene: Scene, trackers: Trackers, arm: Callable[[], None] = lambda: None) -> Ended:
    """Pull once with the trackers' counters at nothing, and say how it ended."""
    trackers.forget()
    arm()
    report = scene.pulled()
    state = scene.workspace.freshness.states(scene.project)[report.source]
    counters = trackers.counters()
    requests, statuses = counters["requests"], dict(counters["by_status"])
    return Ended(report.outcome, report.reason, requests, statuses, state.streams, state.until)
