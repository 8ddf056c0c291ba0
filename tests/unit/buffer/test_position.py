import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.buffer.position import Pending, blindness, on_hand, position
from scout.model import CandidateState, Outcome, Ticket, TicketState


def _ticket(key: str, state: TicketState = TicketState.UNSTARTED, **more: object) -> Ticket:
    return Ticket.model_validate({"project": "p", "key": key, "source": "files", "title": key, "state": state, **more})


TICKETS = st.lists(
    st.builds(
        _ticket,
        st.sampled_from("abcdefgh"),
        st.sampled_from(TicketState),
        claimed=st.booleans(),
        blocked_by=st.lists(st.sampled_from("abcdefghx"), max_size=2).map(tuple),
    ),
    unique_by=lambda ticket: ticket.key,
)
PENDING = st.lists(st.builds(Pending, state=st.sampled_from(CandidateState), ticket=st.sampled_from(["", "a", "z"])))


@pytest.mark.parametrize(
    "ticket",
    [
        _ticket("a", TicketState.STARTED),
        _ticket("a", TicketState.COMPLETED),
        _ticket("a", TicketState.TRIAGE),
        _ticket("a", claimed=True),
        _ticket("a", blocked_by=("b",)),
        _ticket("a", blocked_by=("nobody-knows",)),
    ],
)
def test_what_cannot_be_started_now_is_not_on_hand(ticket: Ticket):
    assert [one.key for one in on_hand([ticket, _ticket("b")], {"a", "b"})] == ["b"]


def test_a_ticket_whose_blocker_is_done_is_on_hand():
    tickets = [
        _ticket("a", blocked_by=("b", "c")),
        _ticket("b", TicketState.COMPLETED),
        _ticket("c", TicketState.CANCELED),
    ]
    assert [one.key for one in on_hand(tickets, {"a"})] == ["a"]


def test_a_position_counts_each_thing_once():
    tickets = [_ticket("a"), _ticket("b", blocked_by=("c",)), _ticket("c"), _ticket("d", TicketState.STARTED)]
    pending = [
        Pending(state=CandidateState.OFFERED),
        Pending(state=CandidateState.OFFERED),
        Pending(state=CandidateState.ACCEPTED),
        Pending(state=CandidateState.PUBLISHED, ticket="a"),
        Pending(state=CandidateState.PUBLISHED, ticket="not-read-yet"),
        Pending(state=CandidateState.REJECTED),
        Pending(state=CandidateState.DEFERRED),
    ]
    found = position(tickets, {"a", "b"}, pending, 0.6)
    assert (found.on_hand, found.blocked, found.not_ready) == (1, 1, 1)
    assert (found.undecided, found.accepted, found.on_order) == (2, 1, pytest.approx(3.2))


@given(TICKETS, PENDING, st.floats(0.01, 1), st.randoms(use_true_random=False))
def test_nothing_is_negative_and_the_order_of_rows_does_not_matter(
    tickets: list[Ticket], pending: list[Pending], rate: float, seed: random.Random
):
    ready = {"a", "b", "c"}
    found = position(tickets, ready, pending, rate)
    assert min(found.on_hand, found.on_order, found.undecided, found.accepted, found.not_ready, found.blocked) >= 0
    for rows in (tickets, pending):
        shuffle: Callable[..., None] = seed.shuffle
        shuffle(rows)
    assert position(tickets, ready, pending, rate) == found


def test_a_source_that_the_settings_name_must_have_been_read():
    outcomes = {"git": Outcome.PRESENT, "files": Outcome.UNAVAILABLE, "jira": Outcome.ERROR}
    assert blindness(outcomes, ["git"]) == ""
    assert blindness(outcomes, ["files", "git"]) == "files was not read"
    assert blindness(outcomes, ["jira", "github"]) == "github, jira were not read"
    assert blindness({"git": Outcome.ABSENT}, ["git"]) == ""
    assert blindness({}, []) == ""
