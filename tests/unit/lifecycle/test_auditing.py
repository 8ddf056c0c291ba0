"""An audit looks where it is due, corrects what a brief lacked, and stops a run that does not agree with itself."""

from collections import Counter

from scout.lifecycle.auditing import Finding, Ruling, Why, agreed, odd_rules, patterns, reason_to_audit, ruled
from scout.lifecycle.brief import Case
from scout.lifecycle.sheet import Row
from scout.lifecycle.taxonomy import Rule

CASE = Case(meaning="waiting", rule=Rule(id="vendor", weight=4, reason="the vendor has it", phrases=("vendor",)))


def a_row(meaning: str, confidence: float = 0.9, rule: str = "x", rules: dict[str, float] | None = None) -> Row:
    return Row("7", meaning, confidence, "because", "", rule, "someday", rules or {rule: 1.0})


def test_low_confidence_and_odd_rules_are_always_audited_and_a_tenth_of_the_rest():
    assert reason_to_audit("7", a_row("waiting", 0.3), 0.5, frozenset(), "r") is Why.LOW
    assert reason_to_audit("7", a_row("waiting", rule="default"), 0.5, frozenset({"default"}), "r") is Why.ODD
    drawn = sum(reason_to_audit(str(n), a_row("waiting"), 0.5, frozenset(), "r") is Why.BLIND for n in range(5000))
    assert 400 < drawn < 600


def test_a_worker_that_falls_back_on_a_default_far_more_often_than_others_is_odd():
    counts = {name: Counter(default=10, other=70) for name in "abcdefgh"} | {"z": Counter(default=45, other=35)}
    found = odd_rules(counts)
    assert found["z"] == {"default"}
    assert found["a"] == frozenset()


def test_the_auditor_is_right_where_the_first_brief_lacked_a_case_and_else_the_first_stands_in_doubt():
    lacking = ruled(a_row("next_action"), a_row("waiting", rules={"vendor": 4.0}), "w", Why.LOW, (CASE,))
    assert (lacking.ruling, lacking.case) == (Ruling.CORRECTED, "vendor")
    assert ruled(a_row("next_action"), a_row("waiting"), "w", Why.LOW, (CASE,)).ruling is Ruling.DISPUTED
    assert ruled(a_row("waiting"), a_row("waiting"), "w", Why.LOW, ()).ruling is Ruling.AGREED
    assert [(one.case, one.count, one.workers) for one in patterns([lacking, lacking])] == [("vendor", 2, ("w",))]


def test_below_the_floor_of_agreement_nothing_is_offered():
    def found(number: int, first: str, second: str) -> Finding:
        return Finding(str(number), "w", Ruling.DISPUTED, first, second, Why.BLIND)

    mixed = [found(n, "waiting" if n % 2 else "someday", "waiting" if n % 3 else "someday") for n in range(60)]
    assert "kappa" in agreed(mixed, ("waiting", "someday")).stops
    same = [found(n, "waiting" if n % 2 else "someday", "waiting" if n % 2 else "someday") for n in range(60)]
    assert agreed(same, ("waiting", "someday")).stops == ""
