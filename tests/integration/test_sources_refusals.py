"""A tracker that says no midway: what came counts, what is missing is named, and nothing is taken for gone."""

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import web

from scout.model import Outcome
from tests.tracker_conformance import Sent
from tests.tracker_doors import refusing
from tests.tracker_matrix import Place, places, pulled, world_and_extras
from tests.tracker_pulls import Rows, Scene
from tests.trackers import REPOSITORY, Trackers, served

pytestmark = pytest.mark.slow
EVERYWHERE = pytest.mark.parametrize("place", places(), ids=str)
AT_ONCE = 4
READERS = 2
"""Threads that may stand at the gate already when the first no arrives."""
ON_SERVER = pytest.mark.parametrize("tracker", ["github", "jira"])


@contextmanager
def serving(tracker: str, folder: Path, **more: int) -> Generator[tuple[Trackers, Scene]]:
    """Yield a server with some of everything and a scene that reads all streams of a tracker."""
    world, extras = world_and_extras()
    with served(world, extra=extras) as trackers:
        place = next(one for one in places() if one.tracker == tracker)
        yield trackers, place.scene(trackers, folder, **more)


@EVERYWHERE
def test_a_stream_that_may_not_be_read_any_more_keeps_what_it_has(place: Place, tmp_path: Path):
    with serving(place.tracker, tmp_path) as (trackers, scene):
        assert pulled(scene, trackers).outcome is Outcome.PRESENT
        before = scene.tables()
        trackers.before = forbidding(place, 403, "Resource not accessible by personal access token")
        ended = pulled(scene, trackers)
        if forbidden(trackers):
            unread = [age.reason for age in ended.streams.values() if age.outcome is Outcome.UNAVAILABLE]
            assert any("not accessible" in reason for reason in (ended.reason, *unread)), (ended.reason, unread)
        assert scene.tables() == before
        assert scene.tombstones() == {}
        trackers.before = None
        trackers.advance(github={"changed": 2}, jira={"changed": 2})
        assert pulled(scene, trackers).outcome is Outcome.PRESENT
        assert scene.tables() == calm(scene)


@ON_SERVER
@pytest.mark.parametrize("after", [0, 3, 7, 11])
def test_a_token_that_expires_midway_costs_nothing_but_time(tracker: str, after: int, tmp_path: Path):
    with serving(tracker, tmp_path, page_size=7, concurrency=AT_ONCE) as (trackers, scene):
        trackers.before = expiring(trackers, after)
        ended = pulled(scene, trackers)
        assert ended.outcome is Outcome.UNAVAILABLE
        assert "(401)" in ended.reason
        assert ended.statuses["401"] <= AT_ONCE + READERS, "only what was on its way asks"
        assert ended.reason.count("(401)") == 1
        trackers.before = None
        trackers.set(token="test-token")  # noqa: S106 - of a server on loopback
        assert pulled(scene, trackers).outcome is Outcome.PRESENT
        assert scene.tables() == calm(scene)


def test_a_repository_that_was_renamed_is_followed(tmp_path: Path):
    with serving("github", tmp_path) as (trackers, scene):
        expected = calm(scene)
        (table,) = scene.sources
        old = Scene(tmp_path / "old", ({**table, "repository": "acme/sputnik"},))
        trackers.before = renamed(trackers, "acme/sputnik", REPOSITORY)
        ended = pulled(old, trackers)
        assert ended.outcome is Outcome.PRESENT, ended.reason
        assert old.tables()["core.ticket"] == expected["core.ticket"]


def test_a_repository_whose_issues_are_switched_off_is_read_as_far_as_it_goes(tmp_path: Path):
    with serving("github", tmp_path) as (trackers, scene):
        trackers.before = refusing("/issues", 410, "Issues are disabled for this repo")
        ended = pulled(scene, trackers)
        assert ended.streams["release"].outcome is Outcome.PRESENT
        assert ended.streams["issue"].outcome is not Outcome.PRESENT
        assert "switched off" in ended.streams["issue"].reason
        assert len(scene.keys("release")) == 6


def calm(scene: Scene) -> dict[str, Rows]:
    """Return what a pull leaves that has seen nothing of what happened."""
    fresh = scene.again("fresh")
    assert not fresh.pull().partial
    return fresh.tables()


def forbidding(place: Place, status: int, message: str) -> Callable[[Sent], web.StreamResponse | None]:
    """Return a `before` that refuses the requests of one stream."""

    def answer(sent: Sent) -> web.StreamResponse | None:
        if re.search(place.path, sent.text.partition(" ")[2]):
            return refusing(sent.path, status, message)(sent)
        return None

    return answer


def forbidden(trackers: Trackers) -> bool:
    """Whether something was refused since the counters were set back."""
    return any(sent.status == 403 for sent in trackers.sent)


def expiring(trackers: Trackers, after: int) -> Callable[[Sent], None]:
    """Return a `before` under which the token is worth nothing after some requests."""

    def answer(sent: Sent) -> None:
        del sent
        if len(trackers.sent) > after:
            trackers.traffic.settings.token = "another"  # noqa: S105 - of a server on loopback

    return answer


def renamed(trackers: Trackers, old: str, new: str) -> Callable[[Sent], web.StreamResponse | None]:
    """Return a `before` that sends who asks for the old name to the new one."""

    def answer(sent: Sent) -> web.StreamResponse | None:
        head = f"/repos/{old}"
        if not sent.path.startswith(head):
            return None
        query = "&".join(f"{name}={value}" for name, value in sent.query)
        there = f"{trackers.base}/repos/{new}{sent.path.removeprefix(head)}{f'?{query}' if query else ''}"
        return web.json_response({"message": "Moved Permanently"}, status=301, headers={"Location": there})

    return answer
