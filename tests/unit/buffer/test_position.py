import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.buffer.position import Condition, Pending, Reading, blindness, on_hand, position
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


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _read(*on_hand: int) -> tuple[Reading, ...]:
    """Return earlier readings, the newest first."""
    return tuple(Reading(at=NOON - timedelta(hours=number), on_hand=count) for number, count in enumerate(on_hand, 1))


def test_where_each_figure_comes_from_is_listed():
    tickets = [
        _ticket("a"),
        _ticket("b", claimed=True),
        _ticket("c", blocked_by=("a",)),
        _ticket("d"),
        _ticket("e"),
        _ticket("f"),
    ]
    pending = [
        Pending(state=CandidateState.OFFERED, id="c-1", days=3),
        Pending(state=CandidateState.ACCEPTED, id="c-2"),
    ]
    known = Condition(stale=frozenset("d"), next_actions=frozenset("abcde"), expiring=frozenset("a"))
    found = position(tickets, set("abcdf"), pending, 0.5, condition=known)
    assert {one.stage: one.keys for one in found.stock} == {
        "on hand": ("a",),
        "committed": ("b",),
        "blocked": ("c",),
        "stale": ("d",),
        "not ready": ("e",),
        "offered": ("c-1",),
        "accepted": ("c-2",),
    }
    assert (found.on_hand, found.committed, found.blocked, found.stale, found.expiring) == (1, 1, 1, 1, 1)
    assert [(one.expected, one.days) for one in found.stock[-2:]] == [(0.5, 3), (1.0, None)]
    assert found.on_order == pytest.approx(sum(one.expected for one in found.stock))


def test_what_arrives_after_the_protection_interval_is_not_on_order():
    def expected(state: CandidateState, days: float | None) -> float:
        pending = [Pending(state=state, days=days, yield_rate=0.4)]
        return position([], (), pending, 0.9, condition=Condition(horizon=5)).on_order

    assert expected(CandidateState.OFFERED, 5) == pytest.approx(0.4)
    assert expected(CandidateState.OFFERED, 5.1) == 0
    assert expected(CandidateState.DEFERRED, 4) == pytest.approx(0.4)
    assert expected(CandidateState.DEFERRED, 20) == 0
    assert expected(CandidateState.DEFERRED, None) == 0


def test_work_is_counted_in_days_when_all_sizes_are_known():
    sized = [_ticket("a", labels=("size:S",)), _ticket("b", labels=("size:L",))]
    assert position(sized, {"a", "b"}, [], 0.5).days == pytest.approx(2.25)
    assert position([*sized, _ticket("c")], {"a", "b", "c"}, [], 0.5).days is None
    assert position([], (), [], 0.5).days is None


@pytest.mark.parametrize(
    ("earlier", "empty"), [((), False), ((0,), True), ((3, 0), False), ((0, 3), True), ((0, 0, 0), True)]
)
def test_empty_is_believed_after_two_readings_in_a_row(earlier: tuple[int, ...], *, empty: bool):
    found = position([], (), [], 0.5, condition=Condition(readings=_read(*earlier)))
    assert found.empty is empty
    assert not position([_ticket("a")], "a", [], 0.5, condition=Condition(readings=_read(*earlier))).empty


def test_stock_that_is_gone_without_a_trace_is_not_believed_at_once():
    gone = frozenset({"x", "y"})
    first = position([], (), [], 0.5, condition=Condition(gone=gone, readings=_read(2)))
    assert first.blind == "2 tickets that were on hand are gone without a trace, which a second reading has to confirm"
    assert first.keys("gone") == ("x", "y")
    assert not first.empty
    second = position([], (), [], 0.5, condition=Condition(gone=gone, readings=_read(0, 2)))
    assert (second.blind, second.keys("gone"), second.empty) == ("", (), True)
    left = position([_ticket("a")], "a", [], 0.5, condition=Condition(gone=gone))
    assert left.blind == "", "a shelf that is not empty was read"


@given(TICKETS, PENDING, st.sets(st.sampled_from("abcdefgh")), st.sets(st.sampled_from("abcdefgh")))
def test_every_ticket_stands_in_one_place_at_most(
    tickets: list[Ticket], pending: list[Pending], ready: set[str], stale: set[str]
):
    found = position(tickets, ready, pending, 0.5, condition=Condition(stale=frozenset(stale), horizon=3))
    keys = [key for one in found.stock for key in one.keys]
    assert len(keys) == len(set(keys))
    assert all(one.count >= 0 and one.expected >= 0 for one in found.stock)
    assert found.expiring <= found.on_hand
