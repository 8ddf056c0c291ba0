"""Details of single records: the newest first, as many as a run may ask, and none forgotten."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from scout.sources._base import Wanted as Stored
from scout.sources._github.details import TIMELINE, Wanted, Wishes
from scout.sources._github.streams import STREAMS
from scout.warehouse.records import Record

NOW = datetime(2026, 6, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Kept:
    """A warehouse in which some records lack timelines, or have old ones."""

    def __init__(self, *wanting: Stored) -> None:
        self._wanting = wanting

    def wanting(self, detail: str, limit: int) -> Sequence[Stored]:
        return self._wanting[:limit] if detail == TIMELINE else ()

    def absent(self, stream: str, present: object) -> Sequence[str]:
        raise AssertionError((stream, present))


def issue(number: int, at: datetime) -> Record:
    return Record("issue", str(number), b"{}", "", at, (TIMELINE,), ())


def chosen(wishes: Wishes, *stored: Stored) -> list[tuple[str, datetime]]:
    return [(one.key, one.changed_at) for one in wishes.chosen([STREAMS[TIMELINE]], Kept(*stored))]


def test_the_newest_are_chosen_of_what_came_by_and_of_what_is_missing():
    wishes = Wishes(2)
    wishes.note(issue(1, NOW))
    wishes.note(issue(2, NOW + 2 * HOUR))
    assert chosen(wishes, Stored("3", NOW + HOUR)) == [("2", NOW + 2 * HOUR), ("3", NOW + HOUR)]
    assert wishes.dropped


def test_what_is_wanted_twice_is_asked_once_by_its_newest_change():
    wishes = Wishes(9)
    wishes.stir("1", NOW)
    wishes.stir("1", NOW + HOUR)
    assert chosen(wishes, Stored("1", NOW + 2 * HOUR)) == [("1", NOW + 2 * HOUR)]


@pytest.mark.parametrize("most", [0, 1, 9])
def test_what_happened_to_an_issue_is_remembered_until_its_timeline_came(most: int):
    wishes = Wishes(most)
    for number in ("1", "2"):
        wishes.stir(number, NOW)
    for number, _ in chosen(wishes)[:1]:
        wishes.answered(Wanted(NOW, number, TIMELINE))
        wishes.answered(Wanted(NOW, "1", "review"))
    assert len(wishes.stirred) == (2 if most == 0 else 1)
