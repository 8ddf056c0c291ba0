"""The days of a project are put together from what plans, reviewers and trackers have left."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scout.buffer.calendar import Calendar
from scout.buffer.chronicle import Dated, Judged, Kept, chronicle, speed, steps
from scout.model import Candidate, Decision, Event
from tests.ledgers import a_draft

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = Calendar()


def made(*events: tuple[Event, int], begun: int = 0, ticket: str = "", until: int | None = None) -> Candidate:
    """Return a candidate drafted on day `begun`, with events on later days; a deferral ends on day `until`."""
    decisions = tuple(
        Decision(
            seq=number,
            event=event,
            reason="",
            actor="reviewer",
            revision=1,
            at=MONDAY + day * DAY,
            until=MONDAY + until * DAY if until is not None and event is Event.DEFER else None,
        )
        for number, (event, day) in enumerate(events, 1)
    )
    fields: dict[str, Any] = {"id": "c", "project": "p", "signal": "s", "subject": "a", "fingerprint": "f"}
    return Candidate(
        **fields,
        severity=1,
        score=0.5,
        created_at=MONDAY + begun * DAY,
        draft=a_draft(),
        decisions=decisions,
        ticket=ticket,
    )


def lived(
    *lives: Candidate, days: int = 5, verdicts: dict[str, Judged] | None = None, unfilled: int = 0
) -> tuple[Dated, ...]:
    """Return the days from the Monday on, each with a plan."""
    now = MONDAY + days * DAY
    kept = [Kept((MONDAY + day * DAY).date(), 4, 1, unfilled) for day in range(days)]
    return chronicle(kept, now.date(), WEEK, moved=steps(lives, verdicts or {}, now))


def of(days: Sequence[Dated], name: str) -> list[int]:
    """Return a figure of each day."""
    return [getattr(one.ended.today, name) for one in days]


def test_a_candidate_waits_is_decided_filed_and_ready():
    days = lived(made((Event.ACCEPT, 2), (Event.START, 3), (Event.PUBLISH, 3), ticket="t1"))
    assert of(days, "queued") == [1, 1, 0, 0, 0]
    assert of(days, "decided") == of(days, "accepted") == [0, 0, 1, 0, 0]
    assert of(days, "readied") == [0, 0, 0, 1, 0]
    assert [one.ended.on_order.accepted for one in days] == [0, 0, 1, 0, 0]
    assert of(days, "ordered") == [1, 0, 0, 0, 0]


def test_a_ticket_that_is_not_ready_was_spoiled_until_it_is():
    filed = made((Event.ACCEPT, 0), (Event.PUBLISH, 1), ticket="t1")
    unready = [(MONDAY + 2 * DAY, False)]
    assert of(lived(filed, verdicts={"t1": unready}), "spoiled") == [0, 0, 1, 0, 0]
    mended = [*unready, (MONDAY + 4 * DAY, True)]
    days = lived(filed, verdicts={"t1": mended})
    assert (of(days, "spoiled"), of(days, "readied")) == ([0] * 5, [0, 0, 0, 0, 1])


def test_what_was_withdrawn_or_deferred_neither_waits_nor_counts_as_lost():
    days = lived(made((Event.WITHDRAW, 1)), made((Event.DEFER, 1), until=3))
    assert of(days, "queued") == [2, 0, 0, 1, 1]
    assert sum(of(days, "decided")) == 0
    assert of(days, "ordered") == [2, 0, 0, 0, 0]


def test_an_undone_decision_never_was():
    days = lived(made((Event.REJECT, 1), (Event.UNDO, 2)))
    assert of(days, "queued") == [1] * 5
    assert sum(of(days, "decided")) == 0


def test_what_was_ordered_and_not_drafted_stands_beside_what_was():
    days = lived(made(), days=2, unfilled=3)
    assert of(days, "ordered") == [4, 3]


def test_stock_stays_what_it_was_where_no_plan_was_made_and_free_days_count_for_the_day_before():
    saturday = (MONDAY + 5 * DAY).date()
    kept = [Kept(MONDAY.date(), 7, 2, 0), Kept(saturday, 3, 0, 0)]
    days = chronicle(kept, date(2026, 3, 11), WEEK, started=[(saturday, 2), (date(2026, 3, 10), 1)])
    assert [one.ended.on_hand for one in days] == [7, 7, 7, 7, 3, 3, 3]
    assert of(days, "blocked") == [2, 2, 2, 2, 0, 0, 0]
    assert of(days, "starts") == [0, 0, 0, 0, 2, 0, 1]


def test_today_and_what_a_clock_dated_later_are_left_out():
    kept = [Kept(date(2026, 3, day), 1, 0, 0) for day in (2, 3, 9)]
    assert [one.day.day for one in chronicle(kept, date(2026, 3, 4), WEEK)] == [2, 3]
    assert chronicle(kept[2:], date(2026, 3, 4), WEEK) == ()


def test_a_year_is_remembered():
    kept = [Kept(date.fromordinal(date(2020, 1, 1).toordinal() + day), 1, 0, 0) for day in range(2000)]
    assert len(chronicle(kept, date(2025, 6, 2), WEEK)) == 260


def test_the_speed_of_reviewers_is_what_they_do_while_more_is_there():
    waiting = [made(begun=0) for _ in range(40)]
    decided = [made((Event.REJECT, day), begun=0) for day in (*range(5), *range(7, 12)) for _ in range(2)]
    days = lived(*waiting, *decided, days=14)
    assert speed(days, 5.0) == 2.0
    assert speed(days[:5], 5.0) == 5.0, "a few days tell nothing"
    assert speed(days, 40.0) == 10.0, "a quarter of what the settings say, at least"
    assert speed(days, 0.0) == 0.0


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from([Event.ACCEPT, Event.REJECT, Event.WITHDRAW]), st.integers(0, 9)),
        max_size=20,
    )
)
def test_nothing_is_made_or_lost_between_the_stages(told: list[tuple[int, Event, int]]):
    lives = [made((event, begun + wait), begun=begun) for begun, event, wait in told]
    days = lived(*lives, days=21)
    totals = {name: sum(of(days, name)) for name in ("ordered", "decided", "accepted")}
    assert totals["decided"] == sum(event is not Event.WITHDRAW for _, event, _ in told)
    assert totals["decided"] <= totals["ordered"] <= len(told)
    assert days[-1].ended.today.queued == 0
    assert all(count >= 0 for one in days for count in (one.ended.today.ordered, one.ended.today.queued))
