from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.signals._conditions import conditions, expiries, is_hinted, may_hold
from scout.signals._days import last_day

MEANT = [
    "remove after 2023-06-01 to give people time",
    "TODO: remove after Fresco 2.8 with support for signatures",
    "Resort to the slow way until this has been resolved.",
    "TODO(ada): drop this when consumers have moved away to the new one.",
    "This branch can be removed once all cached responses are migrated.",
    "TODO: Remove backward compatibility logic once this is deployed.",
    "Workaround until https://example.org/ticket/16920 gets fixed.",
    "After https://example.org/issues/442 is fixed, we should be able to clean up this a bit.",
    "Temporary exclusion\nRemove this when the context is implemented",
    "probably safe to delete after 2026-06",
    "TODO: use the binary icon once it's available",
    "pinned until #1234 is released",
    "TODO polymorph: remove optional after data is safely migrated",
    "remove type: ignore when released\nhttps://example.org/watch/pull/1096",
    "We can drop this by March 2024",
    "Delete after deploy",
    "TODO: always set it once #10787 is fixed",
    "The cast is due to issue #1563. It should be fixed in v4: when we upgrade, this cast should be removed",
    "Once the issue is resolved, this query can be removed and the filter can be changed",
    "This can be removed once support for Python 3.9 is dropped",
    "Should be removed once we move to Python 3.",
    "temporary - until https://example.org/pull/8 gets merged",
    "FIXME This is a temporary hack, to be replaced by 04/2025 with real downloads.",
    "This shouldn't be needed anymore once we upgrade to Fresco 7",
    "TODO: Remove .dup when upgrading to Fresco 6.x.",
    "TODO: old walls ask for this. Remove this page once most walls are updated",
    "Noon of March 12, 2025. We can remove this setting once 30 days have passed since this date.",
    "TODO: remove once all walls are painted from the plan",
    "This alias will be removed by March 2024",
]
NOT_MEANT = [
    "wait until the job is released",
    "Delete the key after the saving process is complete",
    "until later, for now",
    "for now",
    "after writing, remove any caches with old title slugs",
    "When the widget is removed, the list needs to be reset",
    "TODO: Update this mapping when new minor versions are released",
    "TODO: is this necessary if we're updating them as soon as they're updated?",
    "this may go out of sync once the value is updated",
    "Ensure that once this cache reaches its size the oldest are removed",
    "Must remove the cache after installing. See https://example.org/x/commit/abc",
    "Temporary file; removed after the test has finished",
    "A generic exception that we'll raise when the database isn't available, we use it",
    "go through and use that as our hint for when this limit might be released",
    "The size to use when the preview is not available.",
    "scout: ignore[temporary-old] remove after 2020-01-01",
    "This check can be removed when we introduce several walls",
    "The file is read twice (once to build, once to dry) which makes it hard to use paint that has #12",
    "If a copy made a second file, remove it after migration",
    "When we migrate the branch, it is replaced by the column of this code.",
    "We can remove this setting once 30 days have passed since this date.",
    "Remove it once all walls are painted from the plan",
    "Remove these when this view is refactored to a generic one",
    "This can be simplified once the deprecated syntax is removed",
    "Make links of `<http://example.com/>`\nMust come after Anchors(), because you can use < in [this](<url>)",
]


@pytest.mark.parametrize("text", MEANT)
def test_a_named_end_of_something_temporary_counts(text: str):
    assert len(list(conditions(text))) == 1


@pytest.mark.parametrize("text", NOT_MEANT)
def test_what_programs_do_and_vague_promises_do_not_count(text: str):
    assert list(conditions(text)) == []


def test_a_condition_knows_what_it_names():
    (first,) = conditions("TODO: drop once support for Python 3.9 ends, see #1234 is resolved by 2024-02")

    assert first.versions == (("python", "3.9"),)
    assert first.references == ("#1234",)
    assert first.by == date(2024, 2, 29)
    assert first.is_hard


@pytest.mark.parametrize(
    ("text", "references"),
    [
        (
            "TODO: drop this after it's addressed upstream:\n<https://example.org/issues/143>",
            ("https://example.org/issues/143",),
        ),
        ("TODO: drop this once released. See #1434", ("#1434",)),
        (
            "Cast because of\nhttps://example.org/ticket/16\nOnce the issue is resolved, we can remove this function",
            ("https://example.org/ticket/16",),
        ),
        ("Taken from https://example.org/lib/behavior.js\nThis can be removed once it is released", ()),
        ("Fixes #1434. This branch can be removed once all cached responses are migrated", ()),
    ],
)
def test_a_condition_knows_the_issue_that_stands_beside_it(text: str, references: tuple[str, ...]):
    (first,) = conditions(text)

    assert first.references == references


def test_words_to_linters_are_no_part_of_a_sentence():
    (first,) = conditions(
        "TODO: use it again once https://example.org/issues/12 is fixed\neslint-disable-next-line no-use"
    )

    assert first.sentence == "TODO: use it again once https://example.org/issues/12 is fixed"


def test_rulers_are_no_words():
    (first,) = conditions("=======\ntemporary - until https://example.org/pull/8 gets merged\n=======")

    assert first.sentence == "temporary - until https://example.org/pull/8 gets merged"


def test_names_that_look_like_tickets_are_none():
    (first,) = conditions("TODO: remove this once UTF-16 and sha-256 are supported")

    assert first.references == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023-06-01", date(2023, 6, 1)),
        ("June 2023", date(2023, 6, 30)),
        ("Jun 5, 2023", date(2023, 6, 5)),
        ("5 June 2023", date(2023, 6, 5)),
        ("8/1/2025", date(2025, 8, 1)),
        ("to be gone by 04/2025", date(2025, 4, 30)),
        ("Q4 2024", date(2024, 12, 31)),
        ("2024-02-31", date(2024, 2, 29)),
        ("version 3.12", None),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, day: date | None):
    assert last_day(text) == day


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_every_iso_date_is_read(day: date):
    assert last_day(f"remove after {day.isoformat()}, please") == day


@given(st.text(max_size=400))
def test_offsets_stand_within_the_text(text: str):
    assert all(0 <= condition.offset < len(text) for condition in conditions(text))


@pytest.mark.parametrize(
    "unit", ["9", "9;", "#12 ", "when ", "until it ", "keep until 1/", "expires on ", " ", "\n", "* "]
)
def test_long_lines_take_time_by_their_length(unit: str):
    text = "expires on " + unit * (40_000 // len(unit))
    began = process_time()
    found = [*conditions(text), *expiries(text)]
    assert not found
    assert not may_hold(text.split("\n"))
    assert not is_hinted(text)
    assert process_time() - began < 5
