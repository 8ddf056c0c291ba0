"""Queries that nothing can break out of, minutes that no clock can shift, ranges that leave nothing out."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.sources._jira.jql import none_of, one_of, query, quoted, restriction
from scout.sources._jira.moments import BEHIND_ALL, floor, known_zone, local_minute, moment
from scout.sources._jira.ranges import WIDEST, Range, between, ranges, width

ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
ZONES = ("Etc/UTC", "America/St_Johns", "Europe/Berlin", "Pacific/Auckland", "Asia/Kathmandu", "Australia/Lord_Howe")


def unquoted(text: str) -> tuple[str, str]:
    """Read a string of JQL by its grammar; return it and what stands after it."""
    assert text[0] == '"'
    read, at = "", 1
    while text[at] != '"':
        if text[at] != "\\":
            read, at = read + text[at], at + 1
        elif text[at + 1] == "u":
            read, at = read + chr(int(text[at + 2 : at + 6], 16)), at + 6
        else:
            read, at = read + ESCAPES.get(text[at + 1], text[at + 1]), at + 2
    return read, text[at + 1 :]


@given(st.text())
def test_a_quoted_text_is_read_as_itself_and_ends_where_it_should(text: str):
    assert unquoted(quoted(text)) == (text, "")


@given(st.text())
def test_a_quoted_text_has_no_control_characters(text: str):
    assert not any(ord(character) < 32 or ord(character) == 127 for character in quoted(text))


def test_clauses_are_joined_and_empty_ones_left_out():
    assert query(one_of("project", ["SCT"]), "", order="key ASC") == 'project = "SCT" ORDER BY key ASC'
    assert query(one_of("project", ["A", "B"]), "x = 1", order="key") == 'project in ("A", "B") AND x = 1 ORDER BY key'
    assert none_of("project", []) == ""
    assert none_of("project", ["A", "B"]) == 'project not in ("A", "B")'


@pytest.mark.parametrize(
    "text", ["labels = backend", "a = 1 AND b in (x, 'or')", 'summary ~ "a OR b"', "status changed during (a, b)", ""]
)
def test_what_holds_together_needs_no_brackets(text: str):
    assert restriction(text) == text


@pytest.mark.parametrize("text", ["a = 1 OR b = 2", "a = 1 or b = 2", "a=1||b=2", "a = 1 | b = 2", "(a = 1) OR (b)"])
def test_an_alternative_stays_inside_of_brackets(text: str):
    assert restriction(f"  {text} ") == f"({text})"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a = 1) OR (b = 2", "closes"),
        ("(a = 1", "not closed"),
        ('a = "1', "quote"),
        ("a = 'it", "quote"),
        ("a = 1 ORDER BY key", "ORDER BY"),
        ("a = 1 order\n by key", "ORDER BY"),
        ("a = 1\\", "quote"),
    ],
)
def test_what_would_end_our_query_early_is_refused(text: str, why: str):
    with pytest.raises(ValueError, match=why):
        restriction(text)


@given(st.text("ab()\"'\\ |orORDEby=1", max_size=30))
def test_no_restriction_reaches_what_stands_beside_it(text: str):
    try:
        clause = restriction(text)
    except ValueError:
        return
    depth, at, said = 0, 0, ""
    while at < len(clause):
        if clause[at] in "\"'":
            end = at + 1
            while clause[end] != clause[at]:
                end += 2 if clause[end] == "\\" else 1
            at = end + 1
            continue
        if clause[at] == "\\":  # what is escaped belongs to its word
            said += "_" if depth == 0 else ""
            at += 2
            continue
        depth += {"(": 1, ")": -1}.get(clause[at], 0)
        said += clause[at] if depth == 0 else ""
        assert depth >= 0
        at += 1
    assert depth == 0
    assert "|" not in said
    assert " or " not in f" {said.lower()} "


@given(st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1)), st.sampled_from(ZONES))  # noqa: DTZ001 - UTC is added
def test_a_minute_is_never_after_the_moment_whichever_reading_the_server_takes(at: datetime, zone: str):
    at = at.replace(tzinfo=UTC)
    local = datetime.strptime(local_minute(at, zone), "%Y-%m-%d %H:%M")  # noqa: DTZ007 - the zone is added
    for fold in (0, 1):
        read = local.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
        assert at - timedelta(hours=3) < read <= at


def test_a_guest_asks_from_a_zone_that_is_behind_all():
    at = datetime(2026, 6, 30, 12, tzinfo=UTC)
    assert known_zone("Mars/Olympus") == known_zone(None) == known_zone("") == BEHIND_ALL
    asked = local_minute(at, BEHIND_ALL)
    assert all(asked <= local_minute(at, zone) for zone in ZONES)


def test_the_next_question_begins_a_minute_early():
    assert floor(datetime(2026, 6, 30, 12, 5, 59, 999, tzinfo=UTC)) == datetime(2026, 6, 30, 12, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2024-01-02T03:04:05.678+0100", datetime(2024, 1, 2, 2, 4, 5, 678000, tzinfo=UTC)),
        ("2024-01-02T03:04:05.678Z", datetime(2024, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)),
        ("2024-01-02", datetime(2024, 1, 2, tzinfo=UTC)),
        ("soon", None),
        ("0001-01-01T00:00:00.000+1400", None),
        (7, None),
        (None, None),
    ],
)
def test_times_are_read_in_utc(text: object, read: datetime | None):
    assert moment(text) == read


@given(st.integers(1, 5000), st.integers(-1, 30_000), st.integers(0, 100), st.integers(1, 9000), st.integers(1, 100))
def test_ranges_cover_their_span_exactly_and_ask_no_more_than_there_are_pages(
    low: int, more: int, issues: int, keys: int, size: int
):
    wide = width(issues, keys, size=size)
    made = sorted(ranges(Range("A", low, low + more), wide))
    assert sum(one.high - one.low + 1 for one in made) == max(more + 1, 0)
    assert all(one.high + 1 == other.low for one, other in pairwise(made))
    assert not made or (made[0].low, made[-1].high) == (low, low + more)
    assert sum(-(-(one.high - one.low + 1) // size) for one in made) == -(-max(more + 1, 0) // size)
    assert all(one.high - one.low < WIDEST * size for one in made)


def test_ranges_are_a_page_wide_unless_keys_are_missing():
    assert width(100, 100, size=100) == width(100, 199, size=100) == 100
    assert width(100, 1000, size=100) == width(10, 10_000, size=100) == 1000


@given(st.lists(st.integers(1, 10_000), max_size=300), st.integers(1, 100))
def test_ranges_between_issues_that_exist_hold_a_page_each(numbers: list[int], size: int):
    made = between("A", numbers, size=size)
    assert all({one.low, one.high} <= set(numbers) for one in made)
    assert [sum(one.low <= number <= one.high for number in set(numbers)) for one in made] == [
        min(size, len(set(numbers)) - at) for at in range(0, len(set(numbers)), size)
    ]
