"""What tickets and comments say is read as people mean it."""

from datetime import UTC, datetime

import pytest

from scout.signals._base import View
from scout.signals._core import Core
from scout.signals.backlog._board import Board, natural, quantile
from scout.signals.backlog._rows import done, moved, said, ticket
from scout.signals.backlog._waiting import named_blockers, says_on_what, until
from scout.signals.backlog._words import first_date, headed, is_blocked, name, references, sentences, some, spoken

URL = "https://example.org/acme/rocket/issues/9"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see #7 and APP-12, again #7", ("7", "APP-12")),
        ("other/one#7, &#39; and a#8", ()),
        ("https://example.org/acme/rocket/pull/8#top", ("8",)),
        ("https://example.org/acme/other/issues/8", ()),
        ("https://example.org/page#7", ()),
    ],
)
def test_references_are_those_of_this_project(text: str, found: tuple[str, ...]):
    assert references(text, URL) == found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-05", "2024-03-05"),
        ("5th of March 2024", "2024-03-05"),
        ("March 5, 2024", "2024-03-05"),
        ("Feb 2024", "2024-02-29"),
        ("Q2 2024", "2024-06-30"),
        ("the end of 2024", "2024-12-31"),
        ("2024-13-41", ""),
        ("31 February 2024", ""),
        ("version 20.24", ""),
    ],
)
def test_dates_count_to_their_end(text: str, day: str):
    found = first_date(text)

    assert (f"{found:%Y-%m-%d}" if found else "") == day


def test_what_others_said_and_code_are_not_ones_own_words():
    text = "> blocked by #1\nMine.\n```\nblocked by #2\n```\n<!-- blocked by #3 -->\n{quote}no{quote} Yours!"

    assert " ".join(spoken(text).split()) == "Mine. Yours!"
    assert list(sentences("One. Two?\nThree")) == ["One.", "Two?", "Three"]


@pytest.mark.parametrize(
    ("label", "blocked"),
    [
        ("blocked", True),
        ("Status: Blocked", True),
        ("on-hold", True),
        ("blocker", False),
        ("blocked by design", False),
        ("waiting for author", False),
    ],
)
def test_only_a_bare_mark_means_blocked(label: str, blocked: bool):  # noqa: FBT001 a parameter of the table
    assert bool(is_blocked(ticket("1", "One", labels=[label]))) is blocked


def test_titles_name_nobody_and_fit():
    row = ticket("1", "Ask @somebody-else about `printing` in @acme/print " + "x" * 90)

    assert name(row).startswith("Ask somebody about 'printing' in @acme/print ")
    assert len(name(row)) <= 70
    assert len(headed("Close #1, which is done: ", row)) <= 90
    assert len(headed("x" * 95, row)) <= 90


def test_long_lists_are_cut_with_their_number():
    assert some(["a", "b", "c"], 2) == "a; b and 1 more"


def test_keys_are_sorted_as_people_count():
    assert sorted(["APP-10", "APP-9", "ZOO-1", "APP-1"], key=natural) == ["APP-1", "APP-9", "APP-10", "ZOO-1"]


def test_a_quantile_of_nothing_is_nothing():
    assert quantile((), 0.9) == 0
    assert quantile((1.0, 2.0, 3.0), 1.0) == 3


def board(*rows: object, now: str = "2024-06-01") -> Board:
    core = Core(lambda kind: [row for row in rows if isinstance(row, kind)])
    return Board(View(None, datetime.fromisoformat(now).replace(tzinfo=UTC), core=core))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Blocked by #7.", ("7",)),
        ("This is blocked on #7 and #8", ("7", "8")),
        ("It depends on APP-7", ("APP-7",)),
        ("We talked about what #7 depends on", ()),
        ("#8 was blocked by #7", ()),
        ("Not blocked by #7", ()),
    ],
)
def test_a_sentence_names_what_this_ticket_waits_for(text: str, keys: tuple[str, ...]):
    row = ticket("1", "One", body=text)

    assert named_blockers(board(row), row) == keys


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Let's hold off until March 2025", "2025-03-31"),
        ("Postponed to 2025-03-01.", "2025-03-01"),
        ("revisit in Q1 2025", "2025-03-31"),
        ("It failed in March 2025", ""),
        ("waiting for the printer", ""),
        ("on hold until 2019-01-01", ""),
    ],
)
def test_an_intention_with_a_day_is_found(text: str, day: str):
    row = ticket("1", "One", body=text)
    found = until(board(row), row)

    assert (f"{found.day:%Y-%m-%d}" if found else "") == day


def test_anything_that_says_on_what_is_enough():
    vague = ticket("1", "One", body="Print bills.")

    assert not says_on_what(board(vague), vague)
    for words in ("Waiting for paper", "see #2", "https://example.org", "needs ink"):
        assert says_on_what(board(vague, said("1", "2024-02-01", words)), vague)


def test_what_comes_after_the_clock_does_not_count():
    late = ticket("2", "Two", created_at="2024-07-01")
    one = ticket("1", "One")
    seen = board(one, late, said("1", "2024-07-01", "Later."), moved("1", "2024-07-01", "state", "started"))

    assert list(seen.tickets) == ["1"]
    assert seen.comments("1") == ()
    assert seen.silent_days(one) == 152


def test_without_known_starts_the_whole_life_of_a_ticket_counts():
    rows = [done(str(key), "One", "2024-01-11") for key in range(3)]

    assert board(*rows).cycle_days == (10.0, 10.0, 10.0)
