"""Figures against people: what they mean, computed another way."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.readiness.baselines import headings, length
from scout.readiness.figures import Scored, agreement, area, bins

ROWS = st.lists(
    st.builds(Scored, st.sampled_from(["a", "b", "c"]), st.integers(0, 6).map(lambda n: n / 6), st.booleans()),
    max_size=40,
)


def by_pairs(rows: list[Scored], *, within: bool) -> float | None:
    """Return the area as the definition says: pair by pair."""
    pairs = [
        (one.score > other.score) + (one.score == other.score) / 2
        for one in rows
        for other in rows
        if one.ready and not other.ready and (not within or one.group == other.group)
    ]
    return sum(pairs) / len(pairs) if pairs else None


@given(rows=ROWS, within=st.booleans())
def test_the_area_is_the_chance_that_a_ready_text_scores_higher(rows: list[Scored], *, within: bool):
    found = area(rows, within=within, interval=False)
    expected = by_pairs(rows, within=within)
    assert (found.value is None) == (expected is None)
    if expected is not None:
        assert found.value == pytest.approx(expected)


def test_the_interval_holds_the_value_and_is_the_same_each_time():
    chance = random.Random(4)  # noqa: S311 - made-up scores, no secret
    rows = [Scored("a", chance.random() + ready / 3, bool(ready)) for ready in (0, 1) for _ in range(60)]
    found = area(rows)
    assert found == area(reversed(rows)) == area(rows)
    assert found.low is not None
    assert found.value is not None
    assert found.high is not None
    assert 0.5 < found.low < found.value < found.high < 1
    assert found.pairs == 3_600


def test_within_groups_it_does_not_help_to_know_the_group():
    rows = [Scored(group, score, score > 0) for group, score in (("long", 1.0), ("short", 0.0)) for _ in range(5)]
    assert area(rows, interval=False).value == 1
    assert area(rows, within=True).value is None


@given(ROWS)
def test_the_reliability_curve_counts_every_text_once(rows: list[Scored]):
    curve = bins(rows)
    assert sum(one.rows for one in curve) == len(rows)
    for one in curve:
        assert one.low <= one.score <= one.high
        assert 0 <= one.ready <= 1


def test_agreement_beyond_chance():
    found = agreement([(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15)
    assert (found.rows, found.ours, found.theirs, found.both) == (50, 25, 30, 20)
    assert found.kappa == 0.4  # Cohen's own example
    assert (found.precision, found.recall) == (0.8, pytest.approx(2 / 3))
    assert agreement([(True, True), (True, False)]).kappa is None
    assert agreement([]).precision is None


def test_the_baselines_are_as_simple_as_they_say():
    assert length("ab", "cde") == 5
    assert (
        headings("Expected", "h3. Steps\nx\n\n**Expected behaviour:**\nx\n\nVersion: 3\n\nwe expected nothing of it")
        == 3
    )
