from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from scout.repository import Repository
from tests.making import Made


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "made")


class Opener:
    """Opens repositories and closes them after the test."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def __call__(self, made: Made | Path) -> Repository:
        return self._stack.enter_context(Repository.open(made.path if isinstance(made, Made) else made))


@pytest.fixture
def opened() -> Iterator[Opener]:
    with ExitStack() as stack:
        yield Opener(stack)
