"""Pulls from a Jira on loopback, what was asked meanwhile, and whether the copy is perfect."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests import tracker_pulls
from tests.tracker_conformance import Sent
from tests.tracker_pulls import Scene
from tests.trackers import Trackers

KINDS = pytest.mark.parametrize("server", [False, True], ids=["Cloud", "Server"])


def scene(trackers: Trackers, folder: Path, **more: Any) -> Scene:
    return tracker_pulls.jira(trackers, folder, **{"sweep_hours": 24, **more})


def asked(trackers: Trackers, pull: Callable[[], Any]) -> tuple[list[Sent], Any]:
    """Return what a pull asked, and what it said."""
    before = len(trackers.sent)
    report = pull()
    return trackers.sent[before:], report


def searches(sent: list[Sent]) -> list[str]:
    return [dict(one.query)["jql"] for one in sent if "/search" in one.path and dict(one.query).get("fields") == "*all"]


def complete(copy: Scene, trackers: Trackers) -> bool:
    truth = trackers.truth()
    keys = {row["key"] for row in copy.table("core.ticket", "key")}
    return keys == set(truth["jira"]) and len(copy.table("core.comment", "key")) == truth["jira_comments"]


def highest(trackers: Trackers) -> int:
    return sum(project.get("last", 0) for project in trackers.jira.projects.values())


def refusing_unknown_keys(trackers: Trackers) -> Callable[[Sent], web.StreamResponse | None]:
    """Return a `before` that refuses keys at the ends of ranges that are no issue's, as the real Jira does."""

    def refuse(sent: Sent) -> web.StreamResponse | None:
        words = dict(sent.query).get("jql", "").replace('"', "").split()
        ends = [words[at + 2] for at, word in enumerate(words) if word == "key" and words[at + 1] in {">=", "<="}]
        unknown = [end for end in ends if end not in trackers.jira.issues]
        if not unknown:
            return None
        said: dict[str, Any] = {
            "errorMessages": [f"An issue with key '{unknown[0]}' does not exist for field 'key'."],
            "errors": {},
        }
        return web.json_response(said, status=400)

    return refuse


def answering(path: str, body: Any, status: int = 200, **headers: str) -> Callable[[Sent], web.StreamResponse | None]:
    """Return a `before` that answers one path itself."""
    return lambda sent: web.json_response(body, status=status, headers=headers) if sent.path.endswith(path) else None
