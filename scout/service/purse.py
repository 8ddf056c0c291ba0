"""The purse of a language model: budgets of the settings, kept in the ledger."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from scout import clock
from scout.llm import SpentError
from scout.model import Ceiling, Scope, Spend
from scout.settings import Llm

if TYPE_CHECKING:
    from scout.service.wiring import Workspace

_WHOSE = {Scope.RUN: "This run's", Scope.DAY: "The day's", Scope.PROJECT: "The project's"}
_MILLION = 1_000_000


class LedgerPurse:
    """What one call of Scout may spend; the ledger is opened when the first question is paid.

    Args:
        work: whose ledger.
        settings: `[llm]`, with the budgets.
        now: the clock. Budgets go by the real one: what is spent today is spent, whatever day is looked at.
    """

    def __init__(self, work: "Workspace", settings: Llm, now: Callable[[], datetime] = clock.now) -> None:
        self._work, self._now = work, now
        self._ceilings = ceilings(settings)
        self._run = secrets.token_hex(8)

    def reserve(self, project: str, most: Spend) -> int:
        """Set aside the most that a question about a project may cost.

        Raises:
            SpentError: that is beyond a budget.
            StoreError: the ledger cannot be written.
        """
        from scout.ledger import Reservation

        at = self._now()
        wanted = Reservation(
            run=self._run, project=project, day=at.date().isoformat(), tokens=most.tokens, money=most.money, at=at
        )
        answer = self._work.ledger.reserve(wanted, self._ceilings)
        if isinstance(answer, Ceiling):
            message = f"{_WHOSE[answer.scope]} budget for the model is spent"
            raise SpentError(message)
        return answer

    def settle(self, reservation: int, used: Spend) -> None:
        """Say what a question has cost.

        Raises:
            StoreError: the ledger cannot be written; the reservation then counts whole.
        """
        self._work.ledger.settle(reservation, used, self._now())


def ceilings(settings: Llm) -> tuple[Ceiling, ...]:
    """Return the budgets of the settings, the narrowest first."""
    return (
        Ceiling(
            scope=Scope.RUN,
            requests=settings.requests_per_run,
            tokens=settings.tokens_per_run,
            money=_millionths(settings.money_per_run),
        ),
        Ceiling(scope=Scope.PROJECT, tokens=settings.tokens_per_project, money=_millionths(settings.money_per_project)),
        Ceiling(
            scope=Scope.DAY,
            requests=settings.requests_per_day,
            tokens=settings.tokens_per_day,
            money=_millionths(settings.money_per_day),
        ),
    )


def _millionths(units: float | None) -> int | None:
    return None if units is None else int(round(units * _MILLION, 3))
