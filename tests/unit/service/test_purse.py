"""Budgets of the settings become ceilings in the ledger."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from scout.llm import SpentError
from scout.model import Ceiling, Scope, Spend
from scout.service.purse import LedgerPurse, ceilings
from scout.service.wiring import Workspace, open_workspace
from scout.settings import Llm

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def work(own: Path) -> Workspace:
    return open_workspace(own, NOON)


def test_each_budget_is_a_ceiling_of_its_scope():
    settings = Llm(
        requests_per_run=1,
        tokens_per_run=2,
        requests_per_day=3,
        tokens_per_day=4,
        tokens_per_project=5,
        money_per_run=0.1,
        money_per_day=2.5,
        money_per_project=0,
        price_of_answers=1,
    )
    assert ceilings(settings) == (
        Ceiling(scope=Scope.RUN, requests=1, tokens=2, money=100_000),
        Ceiling(scope=Scope.PROJECT, tokens=5, money=0),
        Ceiling(scope=Scope.DAY, requests=3, tokens=4, money=2_500_000),
    )


def test_a_limit_of_money_without_prices_is_told():
    with pytest.raises(ValidationError, match="needs `price_of_questions`"):
        Llm(money_per_day=1)


@pytest.mark.parametrize(
    ("settings", "whose"),
    [
        (Llm(requests_per_run=1), "This run's budget"),
        (Llm(tokens_per_project=150), "The project's budget"),
        (Llm(requests_per_day=1), "The day's budget"),
        (Llm(money_per_day=0.00015, price_of_questions=1), "The day's budget"),
    ],
)
def test_it_says_whose_budget_is_spent(settings: Llm, whose: str, work: Workspace):
    purse = LedgerPurse(work, settings, lambda: NOON)
    purse.reserve("rocket", Spend(requests=1, tokens=100, money=100))
    with pytest.raises(SpentError, match=whose):
        purse.reserve("rocket", Spend(requests=1, tokens=100, money=100))


def test_what_is_settled_is_free_again_and_a_new_day_or_run_begins_at_nothing(work: Workspace):
    clock = [NOON]
    settings = Llm(tokens_per_run=150, tokens_per_day=200)
    purse = LedgerPurse(work, settings, lambda: clock[0])
    purse.settle(purse.reserve("rocket", Spend(tokens=100)), Spend(requests=1, tokens=40))
    purse.reserve("rocket", Spend(tokens=110))
    with pytest.raises(SpentError, match="This run's"):
        purse.reserve("rocket", Spend(tokens=10))
    other = LedgerPurse(work, settings, lambda: clock[0])
    other.reserve("rocket", Spend(tokens=50))
    with pytest.raises(SpentError, match="The day's"):
        other.reserve("rocket", Spend(tokens=10))
    clock[0] += timedelta(days=1)
    other.reserve("rocket", Spend(tokens=100))
    assert work.ledger.spent("2026-03-03") == Spend(requests=1, tokens=100)
