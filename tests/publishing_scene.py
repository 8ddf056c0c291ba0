"""A prepared project, trackers on loopback, and a desk between them; fixtures for the tests of publishing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import publishing
from tests.publishing import Desk
from tests.trackers import Trackers, new_world, served

LINKS = 3
Opening = Callable[..., Desk]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publishing.prepared(tmp_path_factory.mktemp("prepared"), LINKS)


@pytest.fixture
def trackers() -> Any:
    world = new_world()
    world.make_github(3, 0, 0, 0, 0)
    world.make_jira(3, 0, ("SCT",))
    with served(world) as running:
        yield running


@pytest.fixture
def opening(prepared: Path, tmp_path: Path, trackers: Trackers) -> Opening:
    def opened(tracker: str, *, most: int = LINKS, **more: Any) -> Desk:
        make = {"github": publishing.github, "jira": publishing.jira}[tracker]
        desk = make(publishing.copied(prepared, tmp_path / "copy"), trackers.base, **more)
        desk.accept(most)
        trackers.forget()
        return desk

    return opened
