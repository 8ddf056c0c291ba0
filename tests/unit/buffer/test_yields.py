"""Yield by scout and kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.buffer.yields import Decided, yields

DECIDED = st.lists(
    st.builds(Decided, st.sampled_from(["todo-old", "dead-flag"]), st.sampled_from(["bug", "chore"]), st.booleans())
)


def test_nothing_decided_is_what_the_settings_say():
    found = yields([], 0.6)
    assert found.of("todo-old", "bug") == found.overall
    assert found.overall.expected == pytest.approx(0.6)
    assert found.by_scout == found.by_kind == ()


def test_one_decision_says_little_and_a_hundred_say_nearly_all():
    one = yields([Decided("todo-old", "bug", ready=False)], 0.6)
    many = yields([Decided("todo-old", "bug", ready=False)] * 100, 0.6)
    assert one.of("todo-old", "bug").expected > 0.4
    assert many.of("todo-old", "bug").expected < 0.02


def test_a_kind_leans_on_its_scout_and_a_scout_on_the_project():
    decided = [Decided("todo-old", "bug", ready=True)] * 30 + [Decided("dead-flag", "chore", ready=False)] * 30
    found = yields([*decided, Decided("todo-old", "chore", ready=False)], 0.6)
    assert found.of("todo-old", "chore").expected > found.of("dead-flag", "chore").expected
    assert found.of("todo-old", "feature") == found.of("todo-old", "")
    assert found.of("unheard-of", "bug") == found.overall
    assert found.of("dead-flag", "chore").expected < found.overall.expected < found.of("todo-old", "bug").expected


@given(DECIDED, st.floats(0, 1))
def test_a_yield_is_a_share_also_of_none_and_all(decided: list[Decided], prior: float):
    found = yields(decided, prior)
    for one in (found.overall, *found.by_scout, *found.by_kind):
        assert 0 <= one.expected <= 1
        assert 0 <= one.deviation <= 0.5
    assert sum(one.decided for one in found.by_kind) == found.overall.decided == len(decided)
