"""Pages that shift, come twice or never end, and clocks that are wrong: nothing is lost and nothing lasts for ever."""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from scout.model import Outcome
from tests import tracker_pulls
from tests.tracker_clock import quick_time
from tests.tracker_conformance import Sent
from tests.tracker_histories import Event, happen
from tests.tracker_matrix import Place, places, pulled, world_and_extras
from tests.tracker_pulls import Scene
from tests.trackers import Trackers, served, small_world

__all__ = ["quick_time"]
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick_time")]
SMALL = 5
"""Records a page, so that there are several."""
MANY = 600
"""Requests: far more than these worlds need."""
END = r"(\?|$)"
SECOND = r"[?&](page=2|nextPageToken=|after=)"
PAGED = [place for place in places() if place.pages]
MUCH: dict[str, dict[str, int]] = {
    "github": {"changed": 12, "created": 3, "deleted": 2, "moved": 2, "comments": 12, "events": 12},
    "jira": {"changed": 12, "created": 3, "deleted": 2, "comments": 6},
}
WHEN = [
    pytest.param(place, late, id=f"{place}-{'later' if late else 'first'}")
    for place in PAGED
    for late in (False, True)
    if not (late and place.stream == "run") and (late or place.tracker != "jira")
]
"""A stream, and whether it is the first pull or a later one, where there are further pages: Jira's first pull asks for
ranges of keys, and there are no new runs."""


def second_page(place: Place) -> str:
    """Return a pattern of the requests for further pages of a stream."""
    return rf"{place.path.removesuffix(END)}.*{SECOND}"


def fresh(scene: Scene) -> Any:
    """Return what a pull brings that has seen nothing of what happened."""
    other = scene.again("fresh")
    assert not other.pull().partial
    return other.tables()


def begun(place: Place, trackers: Trackers, folder: Path, *, late: bool) -> Scene:
    """Return a scene that is about to pull for the first time, or that has done so and much has changed."""
    scene = place.scene(trackers, folder, page_size=SMALL)
    if late:
        assert pulled(scene, trackers).outcome is Outcome.PRESENT
        trackers.advance(**{place.tracker: MUCH[place.tracker]})
    return scene


@pytest.mark.parametrize(("place", "late"), WHEN)
def test_a_page_that_is_the_one_before_once_more_hides_nothing(place: Place, tmp_path: Path, *, late: bool) -> None:
    world, extras = world_and_extras()
    with served(world, extra=extras) as trackers:
        scene = begun(place, trackers, tmp_path, late=late)
        ended = pulled(scene, trackers, lambda: trackers.fault("duplicate-page", second_page(place)))
        assert trackers.faults_left == 0, "there was no second page"
        assert ended.outcome is Outcome.PRESENT, ended.reason
        assert scene.tables() == fresh(scene)
        assert trackers.violations == {}


@pytest.mark.parametrize("place", PAGED, ids=str)
@pytest.mark.parametrize("which", ["every", "the second"])
def test_rows_that_move_between_pages_are_there_after_the_next_pull(place: Place, which: str, tmp_path: Path) -> None:
    world, extras = world_and_extras()
    path, times = (place.path, 8) if which == "every" else (second_page(place), 1)
    with served(world, extra=extras) as trackers:
        scene = place.scene(trackers, tmp_path, page_size=SMALL)
        world_moves = {place.tracker: MUCH[place.tracker]}
        pulled(scene, trackers, lambda: trackers.fault("drift", path, times=times, world=world_moves))
        trackers.forget()
        assert pulled(scene, trackers).outcome is Outcome.PRESENT
        assert scene.tables() == fresh(scene)
        truth = trackers.truth()
        if place.tracker == "github":
            assert scene.keys("issue") == set(truth["issues"])
        else:
            assert {row["key"] for row in scene.table("core.ticket", "key")} == set(truth["jira"])
        assert trackers.violations == {}


def test_details_of_what_is_gone_are_not_taken_for_forbidden_ones(tmp_path: Path) -> None:
    world = small_world(8)
    with served(world) as trackers:
        scene = tracker_pulls.github(trackers, tmp_path)
        trackers.before = deleting(trackers)
        assert pulled(scene, trackers).outcome is Outcome.PRESENT
        assert not world.github.pulls
        trackers.before = None
        trackers.change(lambda: happen(world, Event("proposed", 3, 1)))
        assert pulled(scene, trackers).outcome is Outcome.PRESENT
        assert len(scene.keys("review")) == 1
        assert scene.tables() == fresh(scene)


@pytest.mark.parametrize("place", PAGED, ids=str)
@pytest.mark.parametrize("days", [-2, 2])
def test_the_clock_of_a_server_decides_nothing(place: Place, days: int, tmp_path: Path) -> None:
    world, extras = world_and_extras()
    with served(world, extra=extras) as trackers:
        trackers.skew = timedelta(days=days)
        scene = place.scene(trackers, tmp_path)
        assert pulled(scene, trackers).outcome is Outcome.PRESENT
        trackers.advance(**{place.tracker: MUCH[place.tracker]})
        assert pulled(scene, trackers).outcome is Outcome.PRESENT
        assert scene.tables() == fresh(scene)


@pytest.mark.parametrize(("place", "late"), WHEN)
def test_pages_that_never_end_are_left(place: Place, tmp_path: Path, *, late: bool) -> None:
    world, extras = world_and_extras()
    with served(world, extra=extras, conforming=False) as trackers:
        scene = begun(place, trackers, tmp_path, late=late)
        trackers.before = endless(trackers, place)
        ended = pulled(scene, trackers)
        assert len(trackers.sent) < MANY
        trackers.before = None
        if ended.outcome is Outcome.PRESENT and Outcome.UNAVAILABLE not in {
            one.outcome for one in ended.streams.values()
        }:
            assert scene.tables() == fresh(scene), "it did not say that something is missing"
        assert pulled(scene, trackers).outcome is Outcome.PRESENT
        assert scene.tables() == fresh(scene)


def deleting(trackers: Trackers) -> Callable[[Sent], None]:
    """Return a `before` under which all pull requests are gone as soon as somebody asks for reviews of one."""

    def answer(sent: Sent) -> None:
        if sent.path.endswith("/reviews"):
            for number in tuple(trackers.world.github.pulls):
                trackers.world.github.remove(number)

    return answer


def endless(trackers: Trackers, place: Place) -> Callable[[Sent], web.Response | None]:
    """Return a `before` that answers for each further page of a stream: it is empty, and not the last."""
    number = count(10)

    def answer(sent: Sent) -> web.Response | None:
        asked = sent.text.partition(" ")[2]
        if not (re.search(place.path, asked) and re.search(SECOND, asked)):
            return None
        further = next(number)
        link = f'<{trackers.base}{sent.path}?per_page={SMALL}&page={further}>; rel="next"'
        rows: Any = {"total_count": 10**6, "workflow_runs": []} if place.stream == "run" else []
        jira = {"issues": rows, "nextPageToken": f"more{further}", "isLast": False}
        return web.json_response(jira if place.tracker == "jira" else rows, headers={"Link": link})

    return answer
