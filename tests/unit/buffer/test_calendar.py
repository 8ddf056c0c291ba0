from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.buffer.calendar import Calendar

DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
HOLIDAYS = st.frozensets(st.dates(date(2020, 1, 1), date(2030, 1, 1)), max_size=20)


def test_a_week_has_five_working_days_and_a_holiday_takes_one():
    monday = date(2026, 12, 21)
    assert Calendar().count(monday, monday + timedelta(7)) == 5
    assert Calendar(holidays=frozenset({date(2026, 12, 25), date(2026, 12, 26)})).count(
        monday, monday + timedelta(7)
    ) == 4  # fmt: skip


@given(DAYS, DAYS, HOLIDAYS)
def test_counting_agrees_with_listing(first: date, last: date, holidays: frozenset[date]):
    calendar = Calendar(holidays=holidays)
    last = min(last, first + timedelta(900))
    assert calendar.count(first, last) == len(calendar.days(first, last))


@given(MOMENTS, MOMENTS, MOMENTS, HOLIDAYS)
def test_spans_add_up(one: datetime, two: datetime, three: datetime, holidays: frozenset[date]):
    calendar = Calendar(holidays=holidays)
    one, two, three = sorted((one, two, three))
    assert calendar.between(one, two) + calendar.between(two, three) == pytest.approx(calendar.between(one, three))


@given(MOMENTS, st.floats(0, 300), HOLIDAYS)
def test_after_is_the_inverse_of_between(start: datetime, days: float, holidays: frozenset[date]):
    calendar = Calendar(holidays=holidays)
    assert calendar.between(start, calendar.after(start, days)) == pytest.approx(days, abs=2e-5)


def test_a_friday_evening_plus_half_a_day_is_monday():
    friday = datetime(2026, 3, 6, 18, tzinfo=UTC)
    assert Calendar().after(friday, 0.5) == datetime(2026, 3, 9, 6, tzinfo=UTC)


def test_a_clock_that_goes_back_gives_no_negative_span():
    now = datetime(2026, 3, 6, 18, tzinfo=UTC)
    assert Calendar().between(now, now - timedelta(days=9)) == 0
    assert Calendar().count(now.date(), date(2025, 1, 1)) == 0


def test_a_saturday_belongs_to_the_friday_before_it():
    assert Calendar().latest(date(2026, 3, 7)) == date(2026, 3, 6)
    assert Calendar(holidays=frozenset({date(2026, 3, 6)})).latest(date(2026, 3, 7)) == date(2026, 3, 5)
