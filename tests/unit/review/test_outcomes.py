from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.model import TicketState
from scout.review.outcomes import Course, Judged, Lesson, Outcome, judged, lesson

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
COURSES = st.builds(
    Course,
    filed_at=st.just(NOW - 90 * DAY),
    state=st.sampled_from(TicketState),
    claimed=st.booleans(),
    started=st.booleans(),
    merged=st.integers(0, 2),
    opened=st.integers(0, 2),
    reopened=st.booleans(),
    went_back=st.booleans(),
    closed_by_bot=st.booleans(),
    closed_beside=st.integers(0, 20),
    touched_at=st.none() | st.integers(0, 200).map(lambda days: NOW - days * DAY),
)


def course(state: TicketState, days: int = 1, **more: Any) -> Course:
    return Course(filed_at=NOW - days * DAY, state=state, **more)


@pytest.mark.parametrize(
    ("known", "outcome", "rejected"),
    [
        (None, Outcome.UNKNOWN, False),
        (course(TicketState.UNSTARTED), Outcome.PENDING, False),
        (course(TicketState.UNSTARTED, 61), Outcome.IGNORED, False),
        (course(TicketState.UNSTARTED, 61, touched_at=NOW - DAY), Outcome.PENDING, False),
        (course(TicketState.UNSTARTED, claimed=True), Outcome.PICKED_UP, False),
        (course(TicketState.STARTED), Outcome.PICKED_UP, False),
        (course(TicketState.UNSTARTED, opened=1), Outcome.PICKED_UP, False),
        (course(TicketState.UNSTARTED, reopened=True), Outcome.REOPENED, False),
        (course(TicketState.BACKLOG, went_back=True, started=True), Outcome.SENT_BACK, False),
        (course(TicketState.COMPLETED, merged=1), Outcome.DONE, False),
        (course(TicketState.COMPLETED), Outcome.DONE, False),
        (course(TicketState.COMPLETED, closed_beside=30), Outcome.DISMISSED, False),
        (course(TicketState.CANCELED, resolution="not_planned"), Outcome.DISMISSED, True),
        (course(TicketState.CANCELED, closed_beside=5), Outcome.DISMISSED, False),
        (course(TicketState.CANCELED, closed_by_bot=True), Outcome.DISMISSED, False),
    ],
)
def test_each_course_has_its_outcome_and_tidying_up_rejects_nothing(
    known: Course | None, outcome: Outcome, *, rejected: bool
):
    told = judged(known, NOW)
    assert (told.outcome, told.rejected) == (outcome, rejected)


@given(COURSES)
def test_every_course_is_judged_with_a_reason_and_only_what_was_closed_without_work_is_rejected(known: Course):
    told = judged(known, NOW)
    assert 0 < told.sure <= 1
    assert told.because
    assert not told.rejected or (known.state is TicketState.CANCELED and told.outcome is Outcome.DISMISSED)
    assert told.outcome is not Outcome.UNKNOWN


@given(COURSES, st.integers(1, 900))
def test_the_longer_nothing_happens_the_surer_it_is_ignored(known: Course, days: int):
    one, later = judged(known, NOW), judged(known, NOW + days * DAY)
    if one.outcome is Outcome.IGNORED:
        assert later.outcome is Outcome.IGNORED
        assert later.sure >= one.sure


def said(outcome: Outcome, *, sure: float = 0.9, rejected: bool = False) -> Judged:
    return Judged(outcome=outcome, sure=sure, because="so", rejected=rejected)


@pytest.mark.parametrize(
    ("end", "taught"),
    [
        (said(Outcome.DONE), Lesson(wanted=True, ready=True, done=True)),
        (said(Outcome.PICKED_UP), Lesson(wanted=True, ready=True)),
        (said(Outcome.REOPENED), Lesson(wanted=True, ready=True, done=False)),
        (said(Outcome.SENT_BACK, sure=0.5), Lesson(wanted=True, ready=False, done=False)),
        (said(Outcome.DISMISSED, rejected=True), Lesson(wanted=False, ready=False)),
        (said(Outcome.DISMISSED), Lesson()),
        (said(Outcome.PENDING), Lesson()),
        (said(Outcome.IGNORED), Lesson()),
        (said(Outcome.UNKNOWN, sure=0), Lesson()),
        (said(Outcome.DONE, sure=0.4), Lesson()),
    ],
)
def test_what_an_end_teaches(end: Judged, taught: Lesson) -> None:
    assert lesson(end) == taught


def test_closed_but_not_gone_was_not_done_though_it_was_wanted_and_ready() -> None:
    assert lesson(said(Outcome.DONE), still_there=True) == Lesson(wanted=True, ready=True, done=False)
    assert lesson(said(Outcome.PENDING), still_there=True) == Lesson()
