"""Time is asked in one place and is UTC."""

from datetime import UTC, datetime

import pytest

from scout.clock import age, ago, now
from scout.errors import UsageError


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T09:30:00Z", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00+02:00", datetime(2026, 3, 1, 7, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00.75", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
    ],
)
def test_a_fixed_moment_is_utc_to_the_second(given: str, meant: datetime):
    assert now(given) == meant


def test_the_present_is_utc():
    assert now().tzinfo is UTC


@pytest.mark.parametrize("given", ["tomorrow", "0001-01-01", "9999-12-31T23:59:59-12:00"])
def test_what_is_no_moment_is_refused(given: str):
    with pytest.raises(UsageError, match=given):
        now(given)


def test_ages_are_told_in_words():
    today = datetime(2026, 3, 4, 12, tzinfo=UTC)
    moments = {(4, 11, 59): "1 minute ago", (4, 9, 0): "3 hours ago", (2, 12, 0): "2 days ago", (5, 0, 0): "just now"}
    for (day, hour, minute), words in moments.items():
        assert ago(datetime(2026, 3, day, hour, minute, tzinfo=UTC), today) == words
    assert (age(None, today), age(today, today), ago(None, today)) == ("never", "now", "never")
