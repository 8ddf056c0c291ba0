"""The constraint is named from the days where they can tell it, else from the position."""

from datetime import date, timedelta
from typing import Any

from scout.buffer.calendar import Calendar
from scout.buffer.chronicle import Dated
from scout.buffer.constraint import Cause, Circumstances, Constraint
from scout.buffer.days import Day, OnOrder, Today
from scout.buffer.naming import named
from scout.model import Position

FIRST = date(2026, 1, 5)
CALENDAR = Calendar()
USUAL = Day(8, OnOrder(0, 2, 1), Today(starts=2, decided=4, accepted=2, readied=2, ordered=4, queued=2))


def told(days: list[Day], *, on_hand: int = 0, decisions: float = 5.0, **here: int) -> Cause:
    worked = CALENDAR.days(FIRST, FIRST + timedelta(days=2 * len(days) + 10))
    dated = [Dated(day, one) for day, one in zip(worked, days, strict=False)]
    seen = Circumstances(
        position=Position.model_validate({"on_hand": on_hand, "on_order": 0.0, **here}),
        wanted=5,
        per_day=2.0,
        usual=2.0,
        decisions=decisions,
        yield_rate=0.5,
        known=True,
        load=0.9,
    )
    return named(seen, dated, worked[len(days)], CALENDAR)


def short(**today: int) -> Day:
    facts: dict[str, Any] = {
        "starts": 1,
        "starved": 1,
        "decided": 4,
        "accepted": 2,
        "readied": 2,
        "ordered": 4,
        "queued": 2,
        **today,
    }
    return Day(0, OnOrder(0, facts["queued"], 1), Today(**facts))


def test_a_few_days_tell_nothing_and_the_position_is_asked():
    assert told([USUAL] * 20 + [short()] * 2, undecided=20).name is Constraint.REVIEWERS


def test_enough_on_hand_is_healthy_whatever_the_days_say():
    assert told([USUAL] * 40 + [short()] * 5, on_hand=6).name is Constraint.HEALTHY


def test_the_days_are_believed_where_the_position_would_say_something_else():
    """Twenty candidates wait: the position alone would name the reviewers, who decide as they always did."""
    found = told([USUAL] * 40 + [short(accepted=0, decided=4, readied=0)] * 10, undecided=20)
    assert found.name is Constraint.YIELD
    assert "before" in found.evidence
    assert found.remedy


def test_a_stock_that_was_always_low_is_read_from_the_position():
    low = Day(1, OnOrder(), Today(starts=1, decided=4, accepted=2, readied=2, ordered=4))
    assert told([low] * 60, undecided=20).name is Constraint.REVIEWERS


def test_a_gap_that_has_just_opened_is_no_shortage_yet():
    found = told([USUAL] * 60, on_hand=3)
    assert found.name is Constraint.HEALTHY
    assert "3 on hand, 5 wanted; no shortage yet: 8.0 is usual" in found.evidence


def test_a_shortage_that_chance_explains_has_no_name_of_its_own():
    found = told([USUAL] * 60 + [short()] * 4)
    assert found.name is Constraint.UNTOLD
    assert not found.name.is_shortage
    assert "short since 2026-03-" in found.evidence


def test_a_surge_says_until_which_day_it_is_one():
    found = told([USUAL] * 60 + [short(starved=7)] * 5, decisions=5)
    assert found.name is Constraint.SURGE
    days = CALENDAR.days(FIRST, FIRST + timedelta(days=150))
    last = days[60 + 5 - 1 + (15 - 5)]
    assert f"; a surge so far, an overload if it lasts past {last:%Y-%m-%d}" in found.evidence
    assert found.remedy == "13 more decisions a day would keep up"
    on_time = told([USUAL] * 60 + [short(starved=7)] * 15, decisions=5)
    assert on_time.name is Constraint.OVERLOAD, "the last of these days is that day"


def test_a_surge_that_reviewers_can_serve_has_no_such_day():
    found = told([USUAL] * 60 + [short(starved=7)] * 5, decisions=40)
    assert (found.name, found.patience) == (Constraint.SURGE, 0)
    assert "overload" not in str(found)


def test_the_sensible_name_of_each_cause_from_its_days():
    blocked = [short(blocked=8)] * 10
    reviewers = [short(decided=1, accepted=1, queued=20)] * 10
    spoiled = [short(readied=0, spoiled=2)] * 15
    sources = [short(ordered=20, decided=1, accepted=1, queued=0)] * 10
    found = [told([USUAL] * 60 + days).name for days in (blocked, reviewers, spoiled, sources)]
    assert found == [Constraint.BLOCKED, Constraint.REVIEWERS, Constraint.DRAFTS, Constraint.SOURCES]
