from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.ledger import Attempt, AttemptOutcome, Intent, Receipt
from scout.publish.outbox import SKEW, Step, due, idempotency_key, in_doubt, next_step, to_watch

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LAG = timedelta(minutes=2)
OUTCOMES = st.lists(st.sampled_from(AttemptOutcome), max_size=6)


def _intent(*outcomes: AttemptOutcome, candidate: str = "c-1", revision: int = 1, minutes: int = 0) -> Intent:
    attempts = tuple(Attempt(number=n, at=NOW, outcome=outcome) for n, outcome in enumerate(outcomes, 1))
    return Intent(
        key=f"{candidate}-{revision}", project="p", candidate=candidate, revision=revision, publisher="files",
        target="tickets", at=NOW + timedelta(minutes=minutes), attempts=attempts,
    )  # fmt: skip


@given(OUTCOMES)
def test_what_has_a_receipt_is_done(outcomes: list[AttemptOutcome]):
    receipt = Receipt(key="k", ticket="t", url="", at=NOW)
    assert next_step(_intent(*outcomes), receipt, NOW) is Step.DONE


@given(OUTCOMES)
def test_the_marker_is_looked_up_before_the_first_attempt_and_after_every_unknown_outcome(
    outcomes: list[AttemptOutcome],
):
    sure = bool(outcomes) and outcomes[-1] is AttemptOutcome.FAILED
    assert next_step(_intent(*outcomes), None, NOW) is (Step.FILE if sure else Step.LOOK)


@pytest.mark.parametrize("outcome", [AttemptOutcome.STARTED, AttemptOutcome.UNKNOWN])
def test_a_tracker_gets_time_to_list_what_was_filed(outcome: AttemptOutcome):
    intent = _intent(AttemptOutcome.FAILED, outcome)
    assert next_step(intent, None, NOW + LAG / 2, LAG) is Step.WAIT
    assert next_step(intent, None, NOW + LAG, LAG) is Step.LOOK


def test_a_clock_that_went_back_does_not_make_it_wait_for_ever():
    assert next_step(_intent(AttemptOutcome.UNKNOWN), None, NOW - timedelta(days=9), LAG) is Step.LOOK


def test_only_the_revision_that_is_accepted_now_is_filed():
    intents = [_intent(candidate="b", minutes=2), _intent(candidate="a", revision=2, minutes=1), _intent(candidate="c")]
    assert [one.candidate for one in due(intents, {"a": 2, "b": 1})] == ["a", "b"]
    assert due(intents, {"a": 1, "c": 3}) == ()


def test_a_key_stands_for_tracker_project_finding_and_revision():
    keys = {
        idempotency_key("files", "p", "f", 1), idempotency_key("github", "p", "f", 1),
        idempotency_key("files", "q", "f", 1), idempotency_key("files", "p", "g", 1),
        idempotency_key("files", "p", "f", 2),
    }  # fmt: skip
    assert len(keys) == 5
    assert idempotency_key("files", "p", "f", 1) == idempotency_key("files", "p", "f", 1)
    assert {len(key) for key in keys} == {32}


@pytest.mark.parametrize("minutes", [-5, 0, 5])
@pytest.mark.parametrize("outcome", [AttemptOutcome.STARTED, AttemptOutcome.UNKNOWN])
def test_an_attempt_in_doubt_is_watched_by_our_own_clock_whatever_the_others_said(
    minutes: int, outcome: AttemptOutcome
):
    intent, now = _intent(AttemptOutcome.FAILED, outcome), NOW + timedelta(minutes=minutes)
    assert in_doubt(intent)
    assert to_watch(intent, now, LAG, timedelta()) == LAG
    assert to_watch(intent, now, LAG, LAG / 2) == LAG / 2
    assert to_watch(intent, now, LAG, LAG) == timedelta()


def test_what_no_clock_can_be_wrong_about_is_not_watched():
    assert to_watch(_intent(AttemptOutcome.STARTED), NOW + LAG + SKEW, LAG, timedelta()) == timedelta()
    assert to_watch(_intent(AttemptOutcome.FAILED), NOW, LAG, timedelta()) == timedelta()
    assert to_watch(_intent(), NOW, LAG, timedelta()) == timedelta()
    assert not in_doubt(_intent(AttemptOutcome.STARTED, AttemptOutcome.FAILED))
