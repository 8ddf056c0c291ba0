"""What people change after the fact is counted against the rule that guessed, and the rule's change is proposed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout import clock
from scout.lifecycle.taxonomy import built_in, load
from scout.service.catalogue import explain
from scout.service.classify_drift import drift, proposed
from scout.service.classify_explain import why
from scout.service.classify_plan import Wishes
from scout.service.classify_run import classify
from scout.service.classify_settle import settle, unsettled
from scout.service.wiring import Workspace, open_workspace

COUNT = 8


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "home"))
    place = tmp_path / "meadow"
    (place / ".git").mkdir(parents=True)
    (place / "tickets").mkdir()
    for number in range(COUNT):
        text = f"---\ntitle: Should we keep chapter {number}?\n---\nThe editors meet on the 3rd.\n"
        (place / "tickets" / f"t-{number}.md").write_text(text, "utf-8")
    opened = open_workspace(place, clock.now("2026-03-02"))
    classify(opened, Wishes())
    yield opened
    opened.close()


def test_a_rule_that_people_overrule_is_named_with_a_lower_weight(work: Workspace):
    assert drift(work).rules == ()
    (batch,) = unsettled(work).batches
    settle(work, None, [str(one.number) for one in batch.tickets[:6]], "waiting")
    settle(work, None, [str(batch.tickets[6].number)])
    found = drift(work)
    assert (found.classed, found.doubtful, found.runs) == (COUNT, 1, 1)
    assert [(one.was, one.now, one.count) for one in found.moved] == [("someday", "waiting", 6)]
    (rule,) = found.rules
    assert (rule.rule, rule.meaning, rule.overruled, rule.became) == ("open-question", "someday", 6, {"waiting": 6})
    assert rule.weight is not None
    assert rule.proposed is not None
    assert rule.proposed < rule.weight
    assert "unless" in rule.remedy


def test_a_rule_that_was_overruled_once_is_left_alone(work: Workspace):
    settle(work, None, [str(unsettled(work).batches[0].tickets[0].number)], "waiting")
    (rule,) = drift(work).rules
    assert (rule.proposed, rule.remedy.partition(":")[0]) == (None, "nothing yet")


@given(weight=st.floats(-6, 6), decided=st.integers(1, 500), share=st.floats(0, 1), confidence=st.floats(0.5, 1))
def test_what_is_proposed_never_strengthens_a_rule_that_people_overrule(
    weight: float, decided: int, share: float, confidence: float
):
    overruled = round(share * decided)
    found = proposed(weight, decided, overruled, confidence)
    assert -6 <= found <= round(weight, 1) + 0.1
    assert proposed(weight, decided, decided, confidence) <= found + 0.1


def test_why_tells_the_rules_that_hold_with_what_they_rest_on(work: Workspace):
    found = why(work, work.project(), "t-3")
    assert (found.meaning, found.stands, found.by, found.doubt) == (
        "someday",
        "someday",
        "open-question",
        "low confidence",
    )
    assert [(one.rule, one.quotation) for one in found.rules] == [("open-question", "Should we keep chapter 3?")]
    assert sum(found.chances.values()) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("name", built_in())
def test_every_taxonomy_and_every_rule_is_explained_line_by_line(name: str):
    page = explain(name)
    assert page.kind == "taxonomy"
    for one in load(name).classes:
        assert one.definition in page.page
        for rule in one.rules:
            told = explain(f"rule of {name} {rule.id}")
            assert rule.reason in page.page
            assert rule.reason.casefold() in told.page.casefold()
            assert one.id in told.facts["speaks"]
            patterns = (*rule.labels, *rule.states, *rule.kinds, *rule.phrases, *rule.unless, *rule.fields.values())
            assert all(pattern in told.page for pattern in patterns)
