"""An order is made of the kinds that are started and not there already."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scout.buffer.kinds import by_kind, started_kinds
from scout.model import Ticket, TicketState, WorkKind

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BUG, DOCS, TESTS = WorkKind.BUG, WorkKind.DOCS, WorkKind.TESTS
COUNTS = st.dictionaries(st.sampled_from(list(WorkKind)), st.integers(0, 50))


def counts(order: int, started: dict[WorkKind, int], here: dict[WorkKind, float]) -> dict[WorkKind, int]:
    return {one.kind: one.count for one in by_kind(order, 10, started, here)}


def test_what_is_there_is_taken_off():
    assert counts(6, {BUG: 10, DOCS: 10}, {BUG: 0.0, DOCS: 5.0}) == {BUG: 6, DOCS: 0}
    assert counts(6, {BUG: 10, DOCS: 10}, {BUG: 1.0, DOCS: 3.0}) == {BUG: 4, DOCS: 2}


def test_a_shelf_that_has_enough_of_all_is_filled_as_work_is_started():
    assert counts(4, {BUG: 15, DOCS: 5}, {BUG: 20.0, DOCS: 20.0}) == {BUG: 3, DOCS: 1}


def test_a_few_starts_say_nothing():
    assert by_kind(6, 10, {BUG: 9}, {}) == ()
    assert by_kind(0, 10, {BUG: 90}, {}) == ()


def test_what_it_is_made_of_is_told_in_words():
    (one,) = by_kind(3, 10, {BUG: 20}, {BUG: 1.5})
    assert str(one) == "3 bug (100% of starts, 1.5 there)"


@given(
    st.integers(0, 60), st.integers(1, 60), COUNTS, st.dictionaries(st.sampled_from(list(WorkKind)), st.floats(0, 90))
)
def test_the_parts_are_the_order(order: int, level: int, started: dict[WorkKind, int], here: dict[WorkKind, float]):
    kinds = by_kind(order, level, started, here)
    assert not kinds or sum(one.count for one in kinds) == order
    assert all(one.count >= 0 and started[one.kind] > 0 for one in kinds)
    assert kinds == by_kind(order, level, dict(reversed(started.items())), here), "whatever the order of rows"


def ticket(kind: WorkKind | None, state: TicketState, days: int | None = 1) -> Ticket:
    at = NOW - timedelta(days=days) if days is not None else None
    return Ticket(project="p", key="k", source="files", title="t", kind=kind, state=state, updated_at=at)


def test_begun_and_finished_tickets_of_late_show_what_is_wanted():
    begun = [
        ticket(BUG, TicketState.STARTED),
        ticket(BUG, TicketState.COMPLETED),
        ticket(TESTS, TicketState.COMPLETED, None),
    ]
    others = [
        ticket(None, TicketState.STARTED),
        ticket(DOCS, TicketState.UNSTARTED),
        ticket(DOCS, TicketState.CANCELED),
        ticket(DOCS, TicketState.COMPLETED, 400),
        ticket(DOCS, TicketState.COMPLETED, -3),
    ]
    assert started_kinds([*begun, *others], NOW) == {BUG: 2, TESTS: 1}
