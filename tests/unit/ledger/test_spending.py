"""What a model may cost is written down before it is asked, and no ceiling is ever passed."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.ledger import Ledger, Reservation
from scout.model import Ceiling, Scope, Spend
from tests.ledgers import NOON, raw

DAY = "2026-03-02"


def a_reservation(tokens: int = 10, money: int = 5, *, run: str = "r1", project: str = "meadow") -> Reservation:
    return Reservation(run=run, project=project, day=DAY, tokens=tokens, money=money, at=NOON)


def test_a_reservation_counts_whole_until_it_is_settled(where: str):
    with Ledger.open(where) as ledger:
        first = ledger.reserve(a_reservation(100, 50), ())
        second = ledger.reserve(a_reservation(30, 20), ())
        assert (first, second) == (1, 2)
        assert ledger.spent(DAY) == Spend(requests=2, tokens=130, money=70)
        ledger.settle(1, Spend(tokens=7, money=3), NOON)
        assert ledger.spent(DAY) == Spend(requests=2, tokens=37, money=23)
        ledger.settle(1, Spend(tokens=900, money=900), NOON)
        assert ledger.spent(DAY) == Spend(requests=2, tokens=37, money=23)
    with Ledger.open(where) as ledger:
        assert ledger.spent(DAY, "meadow") == Spend(requests=2, tokens=37, money=23)
        assert ledger.spent(DAY, "field") == ledger.spent("2026-03-03") == Spend()


def test_each_ceiling_counts_over_its_own_scope(where: str):
    run, day, project = (Ceiling(scope=scope, tokens=15) for scope in (Scope.RUN, Scope.DAY, Scope.PROJECT))
    with Ledger.open(where) as ledger:
        ledger.reserve(a_reservation(run="r1", project="meadow"), ())
        assert ledger.reserve(a_reservation(run="r1", project="field"), (project, run)) == run
        assert ledger.reserve(a_reservation(run="r2", project="meadow"), (run, project)) == project
        assert ledger.reserve(a_reservation(run="r2", project="field"), (run, project, day)) == day
        assert ledger.reserve(a_reservation(run="r2", project="field"), (run, project)) == 2
        tomorrow = a_reservation(run="r3").having(day="2026-03-03")
        assert ledger.reserve(tomorrow, (run, day, project)) == 3


def test_requests_tokens_and_money_have_ceilings_of_their_own(where: str):
    with Ledger.open(where) as ledger:
        ledger.reserve(a_reservation(), ())
        for ceiling in (
            Ceiling(scope=Scope.DAY, requests=1),
            Ceiling(scope=Scope.DAY, tokens=19),
            Ceiling(scope=Scope.DAY, money=9),
        ):
            assert ledger.reserve(a_reservation(), (ceiling,)) == ceiling
        assert ledger.reserve(a_reservation(), (Ceiling(scope=Scope.DAY, requests=2, tokens=20, money=10),)) == 2


def test_what_is_refused_leaves_no_trace(where: str):
    with Ledger.open(where) as ledger:
        assert ledger.reserve(a_reservation(), (Ceiling(scope=Scope.RUN, money=0),)) == Ceiling(
            scope=Scope.RUN, money=0
        )
        assert ledger.spent(DAY) == Spend()


@pytest.fixture(name="fresh", scope="module")
def fresh_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fresh") / "fresh.db"
    Ledger.open(path).close()
    return path


@settings(max_examples=40)
@given(steps=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.booleans()), max_size=8))
def test_no_order_of_questions_and_answers_passes_a_ceiling(fresh: Path, steps: Sequence[tuple[int, int, bool]]):
    path = fresh.with_name("one.db")
    shutil.copy(fresh, path)
    ceiling = Ceiling(scope=Scope.DAY, tokens=100)
    with Ledger.open(path) as ledger:
        for most, used, answered in steps:
            number = ledger.reserve(a_reservation(most), (ceiling,))
            if isinstance(number, int) and answered:
                ledger.settle(number, Spend(tokens=min(most, used)), NOON)
            assert ledger.spent(DAY).tokens <= 100


def test_a_ledger_from_before_there_was_spending_is_brought_up_to_date(fresh: Path):
    path = fresh.with_name("old.db")
    shutil.copy(fresh, path)
    for statement in (
        "DROP TABLE settlements",
        "DROP TABLE reservations",
        "DROP TABLE relabel_receipts",
        "DROP TABLE relabel_attempts",
        "DROP TABLE relabellings",
        "ALTER TABLE decisions DROP COLUMN condition",
        'ALTER TABLE decisions DROP COLUMN "into"',
        "UPDATE scout_ledger_version SET version_num = '0001'",
    ):
        raw(str(path), statement)
    with Ledger.open(path) as ledger:
        assert ledger.reserve(a_reservation(), ()) == 1
        assert ledger.spent(DAY) == Spend(requests=1, tokens=10, money=5)
