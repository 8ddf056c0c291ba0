from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.errors import StoreError
from scout.model import CandidateState, Decision, Event, standing
from scout.review.transitions import (
    ACCEPTED,
    FILED,
    FIRST,
    TABLE,
    Role,
    accepted_revision,
    allowed,
    diagram,
    state,
    undoable,
    who,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
S = CandidateState
ATTEMPTS = {Event.START, Event.FAIL}  # these are rows of the outbox, not decisions


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
        possible = [event for before, event in TABLE if before is current and event not in ATTEMPTS]
        if undoable(_life(*events)):
            possible.append(Event.UNDO)
        if not possible:
            break
        events.append(draw(st.sampled_from(possible)))
        current = state(_life(*events), NOW)
    return _life(*events)


@given(lives())
def test_nothing_is_published_without_an_acceptance_of_that_text_just_before(life: tuple[Decision, ...]):
    for number, decision in enumerate(life):
        if decision.event is Event.PUBLISH:
            last = standing(life[:number])[-1]
            assert last.event is Event.ACCEPT
            assert accepted_revision(life[:number], NOW) == last.revision
            assert {one.event for one in life[number + 1 :]} <= {Event.VERIFY, Event.REGRESS}


@given(lives())
def test_only_what_is_accepted_now_may_be_filed(life: tuple[Decision, ...]):
    assert (accepted_revision(life, NOW) is not None) == (state(life, NOW) is S.ACCEPTED)


@given(lives())
def test_the_order_of_the_rows_does_not_matter(life: tuple[Decision, ...]):
    assert state(tuple(reversed(life)), NOW) is state(life, NOW)


@given(st.lists(st.sampled_from(Event), max_size=8))
def test_a_life_is_what_the_table_allows_or_a_damaged_ledger(events: list[Event]):
    path: list[tuple[S, Event | None]] = [(FIRST, None)]
    possible = True
    for event in events:
        if event is Event.UNDO and path[-1][1] is not None and who(path[-1][1]) is Role.REVIEWER:
            path.pop()
        elif (after := TABLE.get((path[-1][0], event))) is not None:
            path.append((after, event))
        else:
            possible = False
            break
    if possible:
        assert state(_life(*events), NOW) is path[-1][0]
    else:
        with pytest.raises(StoreError, match="scout restore"):
            state(_life(*events), NOW)


def test_there_is_no_dead_end_but_the_end():
    assert {one for one in S if not any(before is one for before, _ in TABLE)} == set()
    assert all(after in FILED for (before, _), after in TABLE.items() if before in FILED)
    reached = {FIRST}
    for _ in S:
        reached |= {after for (before, _), after in TABLE.items() if before in reached}
    assert reached == set(S)


def test_published_is_entered_from_accepted_only_and_accepted_by_a_reviewer_only():
    assert {key for key, after in TABLE.items() if after is S.PUBLISHED} == {(one, Event.PUBLISH) for one in ACCEPTED}
    assert {event for (_, event), after in TABLE.items() if after is S.ACCEPTED} == {Event.ACCEPT}
    assert who(Event.ACCEPT) is Role.REVIEWER


def test_decisions_are_a_reviewers_and_the_rest_is_scouts():
    assert {event for event in Event if who(event) is Role.REVIEWER} == {
        Event.ACCEPT, Event.APPROVE, Event.EDIT, Event.REJECT, Event.DEFER, Event.MERGE, Event.UNDO,
    }  # fmt: skip


@given(lives())
def test_an_undoing_leads_back_to_where_it_was(life: tuple[Decision, ...]):
    if (last := undoable(life)) is None:
        return
    undone = (*life, last.having(seq=len(life) + 1, event=Event.UNDO))
    assert state(undone, NOW) is state(standing(life)[:-1], NOW)
    assert accepted_revision(undone, NOW) == accepted_revision(standing(life)[:-1], NOW)


def test_what_is_on_its_way_or_filed_cannot_be_undone():
    accepted = _life(Event.ACCEPT)
    assert undoable(accepted) == accepted[0]
    assert undoable(accepted, Event.FAIL) == accepted[0]
    assert undoable(accepted, Event.START) is None
    assert undoable(_life(Event.ACCEPT, Event.PUBLISH)) is None
    assert undoable(_life(Event.WITHDRAW)) is None


def test_an_attempt_shows_where_an_accepted_candidate_is():
    accepted = _life(Event.ACCEPT)
    assert state(accepted, NOW, Event.START) is S.PUBLISHING
    assert state(accepted, NOW, Event.FAIL) is S.FAILED
    assert state(_life(Event.ACCEPT, Event.REJECT), NOW, Event.FAIL) is S.REJECTED
    assert accepted_revision(accepted, NOW) == 1


def test_a_first_yes_of_two_leaves_it_in_the_inbox():
    assert state(_life(Event.APPROVE), NOW) is S.OFFERED
    assert state(_life(Event.APPROVE, Event.ACCEPT), NOW) is S.ACCEPTED


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
    assert all(f"    {one} --> [*]\n" in shown for one in FILED)
    assert shown.count("```") == 2
