"""Whatever happens between any two requests: in the end the copy is what a fresh full pull brings."""

import os
import shutil
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings

from tests import tracker_pulls
from tests.tracker_conformance import Sent
from tests.tracker_histories import GITHUB, JIRA, Happening, History, github_world, happen, histories, jira_world
from tests.tracker_pulls import Scene
from tests.trackers import Trackers, served

RUNS = 3
"""Pulls while things happen; then one in peace."""
SHARDS = 4
"""Parts that run beside each other, of each tracker."""
EXAMPLES = int(os.environ.get("SCOUT_REPLAYS", "40"))
"""Histories in all, half of them of each tracker."""
SEED = int(os.environ.get("SCOUT_REPLAY_SEED", "0"))


@contextmanager
def in_memory() -> Generator[Path]:
    """Yield a folder that no disk ever sees."""
    memory = Path("/dev/shm")  # noqa: S108 - memory, not a place for secrets
    folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def replayed(
    history: History, trackers: Trackers, scene_of: Callable[..., Scene], check: Callable[[Scene, Trackers], None]
) -> None:
    """Pull while the history happens, once more in peace, and compare with a pull that has seen nothing of it."""
    number = count()

    def meanwhile(sent: Sent) -> None:
        del sent
        for event in history.events.get(next(number), ()):
            happen(trackers.world, event)

    with in_memory() as folder:
        scene = scene_of(trackers, folder, page_size=history.page, concurrency=history.at_once)
        trackers.before = meanwhile
        for _ in range(RUNS):
            scene.pull()
        trackers.before = None
        assert not scene.pull().partial
        fresh = scene.again("fresh")
        assert not fresh.pull().partial
        assert scene.tables() == fresh.tables()
        assert scene.orphans() == 0
        check(scene, trackers)
        assert trackers.violations == {}


def as_github_has_it(scene: Scene, trackers: Trackers) -> None:
    truth = trackers.truth()
    assert scene.keys("issue") == set(truth["issues"])
    assert scene.keys("comment") == set(truth["comments"])
    assert scene.keys("event") == set(truth["events"])


def as_jira_has_it(scene: Scene, trackers: Trackers) -> None:
    truth = trackers.truth()
    assert {row["key"] for row in scene.table("core.ticket", "key")} == set(truth["jira"])
    assert len(scene.table("core.comment", "key")) == truth["jira_comments"]


@pytest.mark.slow
@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_repository_that_moves_while_it_is_read(shard: int):
    def replay(history: History) -> None:
        paging = "numbered" if history.older else "cursor"
        with served(github_world(history), issue_paging=paging) as trackers:
            replayed(history, trackers, tracker_pulls.github, as_github_has_it)

    many(replay, GITHUB, shard)


@pytest.mark.slow
@pytest.mark.parametrize("shard", range(SHARDS))
def test_jira_projects_that_move_while_they_are_read(shard: int):
    def replay(history: History) -> None:
        with served(jira_world(history), jira_server=history.older, jira_time_zone=history.zone) as trackers:
            replayed(history, trackers, tracker_pulls.jira, as_jira_has_it)

    many(replay, JIRA, shard)


def many(replay: Callable[[History], None], happens: dict[str, Happening], shard: int) -> None:
    """Replay this shard's part of all histories; every run draws the same ones."""
    drawn = settings(
        max_examples=-(-EXAMPLES // (2 * SHARDS)),
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    seed(SEED + shard)(drawn(given(histories(happens))(replay)))()
