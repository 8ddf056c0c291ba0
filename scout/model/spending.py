"""What questions to a language model cost, and how much of it may be spent."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from scout.model._base import Frozen

Amount = Annotated[int, Field(ge=0)]


class Spend(Frozen):
    """What was, or may be, spent.

    Attributes:
        requests: questions that were sent.
        tokens: of questions and answers together.
        money: millionths of the unit that the prices are given in.
    """

    requests: Amount = 0
    tokens: Amount = 0
    money: Amount = 0

    def plus(self, more: "Spend") -> "Spend":
        """Return the sum."""
        return Spend(
            requests=self.requests + more.requests, tokens=self.tokens + more.tokens, money=self.money + more.money
        )


class Scope(StrEnum):
    """Over what a ceiling counts: one call of Scout, a day (UTC) of all projects, a day of one project."""

    RUN = "run"
    DAY = "day"
    PROJECT = "project"


class Ceiling(Frozen):
    """The most that may be spent within a scope; what is None has no ceiling."""

    scope: Scope
    requests: int | None = None
    tokens: int | None = None
    money: int | None = None

    def holds(self, spent: Spend) -> bool:
        """Whether so much is within it."""
        pairs = ((spent.requests, self.requests), (spent.tokens, self.tokens), (spent.money, self.money))
        return all(most is None or amount <= most for amount, most in pairs)
