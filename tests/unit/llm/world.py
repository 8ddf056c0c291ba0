"""What tests of a model share: a world that they rule, and a question."""

from pathlib import Path
from typing import Any

import pytest

from scout.llm import Model, SpentError, Surroundings
from scout.model import Frozen, Spend
from scout.settings import Llm
from tests.oracle import Oracle

KEY = "sk-test-0123456789abcdef0123"
GOOD = {"colour": "green", "shades": 3}


class Colour(Frozen):
    colour: str
    shades: int


class World:
    """Time that passes when somebody waits, chance that is chosen, and a purse that remembers.

    Attributes:
        reserved: what was set aside, by number.
        settled: what came of it.
        most: requests that the purse pays.
    """

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.now = 1_772_582_400.0
        self.chance = 0.0
        self.reserved: list[Spend] = []
        self.settled: dict[int, Spend] = {}
        self.projects: list[str] = []
        self.most = 1000

    @property
    def surroundings(self) -> Surroundings:
        return Surroundings(self.waits.append, lambda: self.now, lambda: self.chance)

    def reserve(self, project: str, most: Spend) -> int:
        if len(self.reserved) >= self.most:
            message = "The day's budget for the model is spent"
            raise SpentError(message)
        self.reserved.append(most)
        self.projects.append(project)
        return len(self.reserved) - 1

    def settle(self, reservation: int, used: Spend) -> None:
        assert reservation not in self.settled
        self.settled[reservation] = used


@pytest.fixture(name="world")
def a_world() -> World:
    return World()


def model(there: Oracle, folder: Path, world: World, **settings: Any) -> Model:
    chosen = Llm.model_validate({"base_url": there.url, "model": "m", "timeout": 5, **settings})
    return Model(chosen, KEY, folder, world, world.surroundings)
