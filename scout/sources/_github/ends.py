"""All issues, from both ends at once.

GitHub lists issues by cursor: a page names the next one, and page numbers are refused from the 10,000th record on. So
numbered pages are read from the oldest and from the newest issue, as far as that goes, and what lies between two pages
is found by the first one's cursor, which cannot skip anything. Where the last issue of a page and the first one of the
next have neighbouring numbers, there is nothing between them.
"""

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from scout.sources._github.door import BY_BIRTH, LATEST_BIRTH, Door, Params
from scout.sources._github.listings import Read, Reading
from scout.sources._github.place import Place, floor_of
from scout.sources._github.sheet import Sheet, joined
from scout.sources._github.stream import Stream
from scout.sources._github.together import abreast
from scout.sources._github.walk import CURSOR, Asks, Patience, Spot, Way, onward

REFUSED = 10_000
"""GitHub refuses pages from this many records on."""
_AT_ONCE = 32
"""Pages to ask for before counting again, where numbers have gaps and nobody knows how many issues there are."""


def ends(door: Door, stream: Stream) -> Reading:
    """Read all issues. What changed meanwhile is left to a look at the newest changes afterwards."""
    (head,) = yield [door.page(stream, 1, LATEST_BIRTH)]
    found = _Found([], [head], door.size)
    if head.next is not None:
        yield from _pages(door, stream, found)
        yield from _fill(door, stream, found)
    top = max(head.keys, default=0)
    place = Place(floor=floor_of(head.newest), top=top)
    newest = max(sheet.newest for sheet in found.sheets)
    return Read(
        place,
        joined(sheet.keys for sheet in found.sheets),
        joined(sheet.changes for sheet in found.sheets),
        began=head.newest,
        newest=newest,
    )


@dataclass(slots=True)
class _Found:
    """Pages read so far.

    Attributes:
        up: from the oldest issue on.
        down: from the newest one on.
        between: what was found between pages.
    """

    up: list[Sheet]
    down: list[Sheet]
    size: int
    between: list[Sheet] = field(default_factory=list[Sheet])

    @property
    def sheets(self) -> list[Sheet]:
        """All of them."""
        return [*self.up, *self.down, *self.between]

    def wanted(self) -> int:
        """Return how many pages to ask for next, by the numbers between both ends and the gaps seen so far."""
        last, first = self.down[-1], self.down[0]
        if self.up and (not self.up[-1].is_inside or not set(self.up[-1].keys).isdisjoint(last.keys)):
            return 0
        newest, oldest = max(first.keys, default=0), min(last.keys, default=0)
        reached = max(self.up[-1].keys, default=0) if self.up else 0
        covered = max(newest - oldest + 1 + reached, 1)
        rows = sum(sheet.rows for sheet in (*self.up, *self.down))
        pages = math.ceil((oldest - reached - 1) * min(rows / covered, 1.0) / self.size)
        return max(pages if rows >= covered else min(pages, _AT_ONCE), 0)

    def gaps(self) -> Iterator["_Gap"]:
        """Return the places between two pages where something may have slipped through."""
        for place, (page, after) in enumerate(pairwise(self.up)):
            yield _Gap(page, after, place * self.size, BY_BIRTH)
        if self.up:
            yield _Gap(self.up[-1], self.down[-1], (len(self.up) - 1) * self.size, BY_BIRTH, facing=True)
        for place, (page, after) in enumerate(pairwise(self.down)):
            yield _Gap(page, after, place * self.size, LATEST_BIRTH)
        if not self.up:
            yield _Gap(self.down[-1], Sheet(), (len(self.down) - 1) * self.size, LATEST_BIRTH)


@dataclass(frozen=True, slots=True)
class _Gap:
    """Two pages that should follow each other.

    Attributes:
        start: how many issues lie before the first one, in its order.
        facing: whether the second one is in the opposite order.
    """

    page: Sheet
    after: Sheet
    start: int
    order: Params
    facing: bool = False

    @property
    def is_none(self) -> bool:
        """Whether nothing can lie between them."""
        here, there = self.page.keys, self.after.keys
        if self.page.next is None or not set(here).isdisjoint(there):
            return True
        return bool(here and there) and abs(here[-1] - there[-1 if self.facing else 0]) == 1


def _pages(door: Door, stream: Stream, found: _Found) -> Generator[Asks, list[Sheet], None]:
    """Read numbered pages from both ends until they meet, or as far as GitHub lets us."""
    following = found.down[0].next or {}
    most = (REFUSED - 1) // door.size if CURSOR in following else found.down[0].last
    while wanted := found.wanted():
        up = range(len(found.up) + 1, min(len(found.up) + wanted, most) + 1)
        down = range(len(found.down) + 1, min(len(found.down) + wanted - len(up), most) + 1)
        asks = [door.page(stream, number, BY_BIRTH) for number in up]
        asks += [door.page(stream, number, LATEST_BIRTH) for number in down]
        if not asks:
            return
        sheets = yield asks
        found.up += sheets[: len(up)]
        found.down += sheets[len(up) :]


def _fill(door: Door, stream: Stream, found: _Found) -> Generator[Asks, list[Sheet], None]:
    """Read what lies between pages that may not follow each other."""
    gaps = [gap for gap in found.gaps() if not gap.is_none]
    yield from abreast([_filled(Way(door, stream, gap.order), gap, found.between) for gap in gaps])


def _filled(way: Way, gap: _Gap, between: list[Sheet]) -> Generator[Asks, list[Sheet], None]:
    spot, beyond, patience = Spot(gap.page, gap.start), set(gap.after.keys), Patience(way.stream)
    while spot.sheet.next is not None and beyond.isdisjoint(spot.sheet.keys):
        before = spot.sheet
        spot = yield from onward(way, spot)
        patience.test(before, spot.sheet)
        between.append(spot.sheet)
