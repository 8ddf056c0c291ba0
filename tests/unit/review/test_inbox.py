from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.model import Candidate, Draft, Readiness, WorkKind
from scout.review.inbox import ordered, portion

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
READY = Readiness(total=1, ready=True, verdicts=(), failed_gates=(), digest="d", rubric="r")
DRAFT = Draft(
    number=1, drafter="offline", title="t", body="b", kind=WorkKind.BUG, size="S", evidence=(), evidence_digest="e",
    sha="s", readiness=READY, at=NOW,
)  # fmt: skip


def _candidate(name: str, severity: int = 2, score: float = 0.5, age: int = 0, project: str = "p") -> Candidate:
    return Candidate(
        id=name, project=project, signal="s", subject=name, fingerprint=name, severity=severity, score=score,
        created_at=NOW - timedelta(days=age), draft=DRAFT,
    )  # fmt: skip


def _names(candidates: tuple[Candidate, ...]) -> list[str]:
    return [one.id for one in candidates]


def test_what_breaks_comes_first_then_what_is_sure_then_what_is_needed_then_what_is_old():
    given_ones = [
        _candidate("new"),
        _candidate("old", age=9),
        _candidate("needed", project="starving"),
        _candidate("sure", score=0.9),
        _candidate("breaks", severity=3, score=0.1),
    ]
    assert _names(ordered(given_ones, {"starving": 4.0})) == ["breaks", "sure", "needed", "old", "new"]


def test_a_hair_of_score_does_not_outweigh_need():
    pair = [_candidate("a", score=0.52), _candidate("b", score=0.51, project="starving")]
    assert _names(ordered(pair, {"starving": 1.0})) == ["b", "a"]


@given(st.permutations("abcdef"))
def test_the_order_of_the_rows_does_not_matter(names: list[str]):
    assert _names(ordered(_candidate(name) for name in names)) == list("abcdef")


@pytest.mark.parametrize(
    ("per_day", "decided", "shown"), [(5, 0, 5), (5, 3, 2), (5, 9, 0), (0.2, 0, 1), (0, 0, 0), (99, 0, 7)]
)
def test_no_more_is_shown_than_is_decided_in_a_day(per_day: float, decided: int, shown: int):
    waiting = ordered(_candidate(name) for name in "abcdefg")
    found = portion(waiting, per_day, decided)
    assert (len(found.shown), found.rest) == (shown, 7 - shown)
    assert found.shown == waiting[:shown]
