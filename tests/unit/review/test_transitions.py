from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.errors import StoreError
from scout.model import CandidateState, Decision, Event
from scout.review.transitions import FIRST, TABLE, Role, accepted_revision, allowed, diagram, state, who

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
S = CandidateState


def _life(*events: Event, until: datetime | None = None) -> tuple[Decision, ...]:
    return tuple(
        Decision(seq=number, event=event, reason="r", actor="a", revision=number, at=NOW, until=until)
        for number, event in enumerate(events, 1)
    )


@st.composite
def lives(draw: st.DrawFn) -> tuple[Decision, ...]:
    """Any life that the table allows."""
    current, events = FIRST, list[Event]()
    for _ in range(draw(st.integers(0, 12))):
        possible = [event for before, event in TABLE if before is current]
        if not possible:
            break
        events.append(draw(st.sampled_from(possible)))
        current = TABLE[current, events[-1]]
    return _life(*events)


@given(lives())
def test_nothing_is_published_without_an_acceptance_of_that_text_just_before(life: tuple[Decision, ...]):
    for number, decision in enumerate(life):
        if decision.event is Event.PUBLISH:
            assert life[number - 1].event is Event.ACCEPT
            assert accepted_revision(life[:number], NOW) == life[number - 1].revision
            assert decision is life[-1]


@given(lives())
def test_only_what_is_accepted_now_may_be_filed(life: tuple[Decision, ...]):
    assert (accepted_revision(life, NOW) is not None) == (state(life, NOW) is S.ACCEPTED)


@given(lives())
def test_the_order_of_the_rows_does_not_matter(life: tuple[Decision, ...]):
    assert state(tuple(reversed(life)), NOW) is state(life, NOW)


@given(st.lists(st.sampled_from(Event), max_size=8))
def test_a_life_is_what_the_table_allows_or_a_damaged_ledger(events: list[Event]):
    current: S | None = FIRST
    for event in events:
        current = TABLE.get((current, event)) if current else None
    if current is None:
        with pytest.raises(StoreError, match="scout restore"):
            state(_life(*events), NOW)
    else:
        assert state(_life(*events), NOW) is current


def test_there_is_no_dead_end_but_the_end():
    ends = {one for one in S if not any(before is one for before, _ in TABLE)}
    assert ends == {S.PUBLISHED}
    reached = {FIRST}
    for _ in S:
        reached |= {after for (before, _), after in TABLE.items() if before in reached}
    assert reached == set(S)


def test_published_is_entered_from_accepted_only_and_accepted_by_a_reviewer_only():
    assert {key for key, after in TABLE.items() if after is S.PUBLISHED} == {(S.ACCEPTED, Event.PUBLISH)}
    assert {event for (_, event), after in TABLE.items() if after is S.ACCEPTED} == {Event.ACCEPT}
    assert who(Event.ACCEPT) is Role.REVIEWER


def test_decisions_are_a_reviewers_and_the_rest_is_scouts():
    assert {event for event in Event if who(event) is Role.REVIEWER} == {
        Event.ACCEPT, Event.EDIT, Event.REJECT, Event.DEFER,
    }  # fmt: skip


def test_scout_cannot_take_a_rejection_back_as_an_acceptance():
    assert {after for (before, event), after in TABLE.items() if before is S.REJECTED and who(event) is Role.SCOUT} == {
        S.OFFERED
    }


def test_an_edit_after_the_acceptance_has_to_be_accepted_anew():
    assert state(_life(Event.ACCEPT, Event.EDIT), NOW) is S.OFFERED
    assert not allowed(S.ACCEPTED, Event.ACCEPT)


def test_a_deferral_ends_at_its_moment():
    until = NOW + timedelta(days=3)
    life = _life(Event.DEFER, until=until)
    assert state(life, until - timedelta(seconds=1)) is S.DEFERRED
    assert state(life, until) is S.OFFERED
    assert state(_life(Event.DEFER), NOW + timedelta(days=9999)) is S.DEFERRED


def test_the_diagram_shows_the_whole_table():
    shown = diagram()
    for (before, event), after in TABLE.items():
        assert f"| {before} | {event} | {who(event)} | {after} |" in shown
        assert f"    {before} --> {after}: {event}\n" in shown
    assert "    published --> [*]\n" in shown
    assert shown.count("```") == 2
