"""Each fault of a tracker, in each stream: the right outcome and number of attempts, nothing lost, nothing twice."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from scout.model import Outcome
from scout.remote.breaker import EXHAUSTED, LONGEST
from tests.tracker_clock import Clock, quick_time
from tests.tracker_conformance import Sent
from tests.tracker_matrix import Ended, Place, places, pulled, world_and_extras
from tests.tracker_pulls import Rows
from tests.trackers import Trackers, served

__all__ = ["quick_time"]
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick_time")]
PASSING: dict[str, dict[str, Any]] = {
    "500": {},
    "502": {},
    "503": {},
    "429": {"retry_after": 2},
    "403-secondary": {"retry_after": 2},
    "reset": {},
    "cut-body": {},
    "garbage": {},
    "timeout": {"seconds": 2},
}
"""Faults that pass: one more request, and all is well."""
ATTEMPTS = 5
AT_ONCE = 8
LASTING = ("500", "garbage", "503", "cut-body", "502")
"""Faults that come one after the other: five attempts, then the stream is given up."""
MUCH: dict[str, dict[str, int]] = {
    "github": {"changed": 4, "created": 2, "deleted": 1, "moved": 1, "comments": 5, "events": 9},
    "jira": {"changed": 4, "created": 2, "deleted": 1, "comments": 5},
}
"""What happens between two pulls."""
LIMITS: dict[str, dict[str, Any]] = {
    "429": {"retry_after": None},
    "403-secondary": {"retry_after": None},
}
"""Limits that nobody says the end of."""
ON_BOTH = pytest.mark.parametrize("tracker", ["github", "jira"])
AT_ANY_PACE = pytest.mark.parametrize("at_once", [1, AT_ONCE])
EVERYWHERE = pytest.mark.parametrize("place", places(), ids=str)
Undisturbed = Callable[[Place], tuple[Ended, dict[str, Rows]]]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """Return what a pull without any fault asks for and leaves, by tracker."""
    known: dict[str, tuple[Ended, dict[str, Rows]]] = {}

    def look(place: Place) -> tuple[Ended, dict[str, Rows]]:
        if place.tracker not in known:
            world, extras = world_and_extras()
            with served(world, extra=extras) as trackers:
                scene = place.scene(trackers, tmp_path_factory.mktemp(place.tracker))
                ended = pulled(scene, trackers)
                assert ended.outcome is Outcome.PRESENT, ended.reason
                unread = {name: age for name, age in ended.streams.items() if age.outcome is Outcome.UNAVAILABLE}
                assert unread == {}
                known[place.tracker] = ended, scene.tables()
        return known[place.tracker]

    return look


@ON_BOTH
@pytest.mark.parametrize("kind", PASSING)
def test_a_fault_that_passes_costs_each_stream_one_request_and_nothing_else(
    tracker: str, kind: str, tmp_path: Path, undisturbed: Undisturbed
) -> None:
    streams = places(tracker)
    calm, tables = undisturbed(streams[0])
    world, extras = world_and_extras()
    with served(world, extra=extras) as trackers:
        patience = 1.5 if kind == "timeout" else 30.0  # on a busy machine others take their time
        scene = streams[0].scene(trackers, tmp_path, timeout=patience)
        ended = pulled(scene, trackers, lambda: each(trackers, streams, kind, **PASSING[kind]))
        assert unmet(trackers) == []
        assert (ended.outcome, ended.requests) == (Outcome.PRESENT, calm.requests + len(streams))
        assert trackers.violations == {}
        assert scene.tables() == tables


@EVERYWHERE
def test_faults_that_last_end_their_stream_only_and_the_next_pull_makes_it_good(
    place: Place, tmp_path: Path, undisturbed: Undisturbed
) -> None:
    _, tables = undisturbed(place)
    world, extras = world_and_extras()
    with served(world, extra=extras) as trackers:
        scene = place.scene(trackers, tmp_path, concurrency=1)
        ended = pulled(scene, trackers, lambda: lasting(trackers, place))
        assert unmet(trackers) == [], "it was given up before five attempts"
        unread = {name for name, age in ended.streams.items() if age.outcome is Outcome.UNAVAILABLE}
        assert unread or ended.outcome is Outcome.UNAVAILABLE
        assert pulled(scene, trackers).outcome is Outcome.PRESENT
        assert trackers.violations == {}
        assert scene.tables() == tables


@EVERYWHERE
def test_what_a_later_pull_could_not_read_is_read_by_the_next(place: Place, tmp_path: Path) -> None:
    world, extras = world_and_extras()
    with served(world, extra=extras) as trackers:
        scene = place.scene(trackers, tmp_path, concurrency=1)
        assert pulled(scene, trackers).outcome is Outcome.PRESENT
        trackers.advance(**{place.tracker: MUCH[place.tracker]})
        pulled(scene, trackers, lambda: lasting(trackers, place))
        trackers.forget()
        assert pulled(scene, trackers).outcome is Outcome.PRESENT
        assert trackers.violations == {}
        fresh = scene.again("fresh")
        assert not fresh.pull().partial
        assert scene.tables() == fresh.tables()


@ON_BOTH
@AT_ANY_PACE
@pytest.mark.parametrize("kind", LIMITS)
def test_a_limit_is_waited_for_by_everybody(  # noqa: PLR0913, PLR0917 - fixtures
    tracker: str, kind: str, at_once: int, tmp_path: Path, quick_time: Clock, undisturbed: Undisturbed
) -> None:
    streams = places(tracker)
    _, tables = undisturbed(streams[0])
    world, extras = world_and_extras()
    with served(world, extra=extras) as trackers:
        scene = streams[0].scene(trackers, tmp_path, concurrency=at_once, patience=3600)
        ended = pulled(scene, trackers, lambda: each(trackers, streams, kind, **LIMITS[kind]))
        assert unmet(trackers) == []
        assert ended.outcome is Outcome.PRESENT, ended.reason
        waits = len(streams) if at_once == 1 else 1  # who meets a limit together waits together
        assert sum(quick_time.slept) >= 40 * waits
        assert trackers.violations == {}
        assert scene.tables() == tables


@ON_BOTH
@pytest.mark.parametrize("after", [0, 1, 2])  # what a source needs is more: each of two lists, and the repository
def test_a_server_that_goes_down_midway_is_told_once_and_left_alone(
    tracker: str, after: int, tmp_path: Path, quick_time: Clock, undisturbed: Undisturbed
) -> None:
    place = places(tracker)[0]
    _, tables = undisturbed(place)
    world, extras = world_and_extras()
    with served(world, extra=extras) as trackers:
        scene = place.scene(trackers, tmp_path)
        trackers.before = down(trackers, after)
        ended = pulled(scene, trackers)
        assert ended.outcome is Outcome.UNAVAILABLE
        assert ended.reason.count(trackers.host) == 1, ended.reason
        asked = len(trackers.sent)
        assert asked <= after + ATTEMPTS * (EXHAUSTED + AT_ONCE)
        trackers.before = None
        quick_time.sleep(LONGEST)
        assert pulled(scene, trackers).outcome is Outcome.PRESENT
        assert scene.tables() == tables


@AT_ANY_PACE
@pytest.mark.parametrize("place", places("github"), ids=str)
def test_the_end_of_the_hour_is_waited_for(
    place: Place, at_once: int, tmp_path: Path, quick_time: Clock, undisturbed: Undisturbed
) -> None:
    _, tables = undisturbed(place)
    world, extras = world_and_extras()
    with served(world, extra=extras) as trackers:
        scene = place.scene(trackers, tmp_path, concurrency=at_once)
        ended = pulled(scene, trackers, lambda: trackers.fault("403-primary", place.path, seconds=50))
        assert unmet(trackers) == []
        assert ended.outcome is Outcome.PRESENT, ended.reason
        assert 50 <= max(quick_time.slept) < 55
        violations = trackers.violations
        assert violations.pop("primary limit exceeded", 0) < at_once, "only what was on its way when the limit closed"
        assert violations == {}
        assert scene.tables() == tables


@EVERYWHERE
def test_a_limit_longer_than_our_patience_is_left_to_the_next_pull(
    place: Place, tmp_path: Path, quick_time: Clock, undisturbed: Undisturbed
) -> None:
    _, tables = undisturbed(place)
    world, extras = world_and_extras()
    with served(world, extra=extras) as trackers:
        scene = place.scene(trackers, tmp_path, patience=5)
        ended = pulled(scene, trackers, lambda: trackers.fault("429", place.path, retry_after=900))
        assert unmet(trackers) == []
        assert ended.until is not None
        quick_time.sleep(901)
        assert pulled(scene, trackers).outcome is Outcome.PRESENT
        assert trackers.violations == {}
        assert scene.tables() == tables


def each(trackers: Trackers, streams: Sequence[Place], kind: str, **more: Any) -> None:
    """Let one request of each stream meet a fault."""
    for place in streams:
        trackers.fault(kind, place.path, **more)


def down(trackers: Trackers, after: int) -> Callable[[Sent], web.Response | None]:
    """Return a `before` under which nothing is answered after some requests."""

    def answer(sent: Sent) -> web.Response | None:
        del sent
        return web.Response(status=500) if len(trackers.sent) > after else None

    return answer


def lasting(trackers: Trackers, place: Place) -> None:
    """Let five attempts of one request of a stream meet five faults."""
    for kind in LASTING:
        trackers.fault(kind, place.path)


def unmet(trackers: Trackers) -> list[str]:
    """Return the patterns of requests that were never made."""
    return [fault.path for fault in trackers.traffic.faults]
