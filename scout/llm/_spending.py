"""Who pays for questions: a purse that reserves before one is sent and settles after it, and what tokens cost."""

import math
from dataclasses import dataclass
from typing import Protocol

from scout.model import Spend

_MOST = 10**12


class SpentError(Exception):
    """There is no budget left for a question; the text says whose."""


class Purse(Protocol):
    """What pays for questions. It is one for all processes: what it lets through is within every budget."""

    def reserve(self, project: str, most: Spend) -> int:
        """Set aside the most that a question about a project may cost, and return the number of that.

        Raises:
            SpentError: that is beyond a budget.
            StoreError: it cannot be written down.
        """
        ...

    def settle(self, reservation: int, used: Spend) -> None:
        """Say what a question has cost; a reservation that nobody settles counts whole.

        Raises:
            StoreError: it cannot be written down.
        """
        ...


@dataclass(frozen=True)
class Usage:
    """Tokens that the endpoint counted."""

    question: int
    answer: int

    @classmethod
    def told(cls, question: int, answer: int, total: int) -> "Usage | None":
        """Return what an endpoint says, or None where that cannot be; what only the total knows is the answer's."""
        if min(question, answer, total) < 0 or question + answer + total == 0:
            return None
        return cls(min(question, _MOST), min(max(answer, total - question), _MOST))


@dataclass(frozen=True)
class Prices:
    """What a million tokens cost, of questions and of answers, in a unit that the settings choose."""

    question: float = 0
    answer: float = 0

    def of(self, used: Usage) -> Spend:
        """Return the spend of one question; a price per million is one of millionths per token."""
        money = math.ceil(round(used.question * self.question + used.answer * self.answer, 6))
        return Spend(requests=1, tokens=used.question + used.answer, money=money)
