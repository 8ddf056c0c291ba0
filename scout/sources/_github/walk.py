"""From the newest record on until what is known: the way increments go, and what finds what was missed.

A listing moves while it is read: new and changed records push the others back, deleted ones pull them forward, and
what is pulled over the edge between two pages is never shown. So two pages that follow each other must have a record
in common; if they have none, the walk goes back a step. Cursors, where GitHub has them, need none of this.
"""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from scout.remote.failure import BrokenError
from scout.sources._github.door import ALL, Door, Params, numbered
from scout.sources._github.shape import Json
from scout.sources._github.sheet import Keys, Known, Sheet
from scout.sources._github.stream import Stream
from scout.sources._github.window import window

Asks = Sequence[Callable[[], Sheet]]
CURSOR = "after"
_PATIENCE = 8
"""Pages in a row that bring nothing new, until a listing counts as endless."""
_LONGEST = 100_000
"""Pages of one listing, at most."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a listing is read.

    Attributes:
        order: parameters that order it.
        known: what need not be written again; with a floor, the order is newest first.
        again: whether its pages were asked for before in this pull, so that what was kept may be old.
        hold: whether rows are kept as they came, instead of being written page by page.
    """

    door: Door
    stream: Stream
    order: Params
    known: Known = ALL
    again: bool = False
    hold: bool = False

    def page(self, params: Params, *, etag: str = "", again: bool = False) -> Callable[[], Sheet]:
        """Return the question for a page."""
        again = again or self.again
        if self.hold:
            return self.door.held(self.stream, params, etag=etag, again=again)
        return self.door.sheet(self.stream, params, known=self.known, etag=etag, again=again, watch=True)


@dataclass(frozen=True, slots=True)
class Spot:
    """A page and where it is.

    Attributes:
        start: how many records of the listing lie before it; where there are cursors, nobody needs to know.
    """

    sheet: Sheet
    start: int = 0


@dataclass(slots=True)
class Walked:
    """What a walk came by.

    Attributes:
        head: the first page.
        keys: of all records on the way, some of them twice.
        changes: of the pull requests among them.
        held: all rows as they came, where they are held.
        unsettled: the lowest mark of a record that will still change; empty without one.
    """

    head: Sheet
    keys: Keys = field(default_factory=lambda: Keys("q"))
    changes: Keys = field(default_factory=lambda: Keys("q"))
    held: list[Json] = field(default_factory=list[Json])
    unsettled: str = ""

    def passed(self, sheet: Sheet) -> None:
        """Note a page."""
        self.keys.extend(sheet.keys)
        self.changes.extend(sheet.changes)
        self.held.extend(sheet.held)
        if sheet.unsettled:
            self.unsettled = min(self.unsettled or sheet.unsettled, sheet.unsettled)


@dataclass(slots=True)
class Patience:
    """Tells a listing that has no end from a long one."""

    stream: Stream
    _lately: deque[Keys] = field(default_factory=lambda: deque(maxlen=_PATIENCE))
    _idle: int = 0
    _pages: int = 0

    def test(self, before: Sheet, after: Sheet) -> None:
        """Note a step from one page to the next.

        Raises:
            BrokenError: page after page brings nothing new.
        """
        self._lately.append(before.keys)
        self._pages += 1
        self._idle = self._idle + 1 if set(after.keys).issubset(chain.from_iterable(self._lately)) else 0
        if self._idle > _PATIENCE or self._pages > _LONGEST:
            raise endless(self.stream)


def walk(way: Way, etag: str = "") -> Generator[Asks, list[Sheet], Walked]:
    """Read a listing from its first page until a record that is older than what is known, or to its end.

    Args:
        way: what to read.
        etag: of the first page, as it was.
    """
    (head,) = yield [way.page({**way.order, **numbered(1, way.door.size)}, etag=etag)]
    walked, spot, patience = Walked(head), Spot(head), Patience(way.stream)
    while True:
        sheet = spot.sheet
        walked.passed(sheet)
        if sheet.next is None or (way.known.floor and sheet.final < way.known.floor):
            return walked
        spot = yield from onward(way, spot)
        patience.test(sheet, spot.sheet)


def onward(way: Way, spot: Spot) -> Generator[Asks, list[Sheet], Spot]:
    """Return the page after another one, so that no record can lie between them."""
    sheet, size_of_page = spot.sheet, way.door.size
    if sheet.next is not None and CURSOR in sheet.next:
        (after,) = yield [way.page(sheet.next)]
        return Spot(after)
    before, position = set(sheet.keys), spot.start + sheet.rows
    back = position
    for _ in range(_PATIENCE + position // size_of_page):
        page, size = window(back, size_of_page)
        (after,) = yield [way.page({**way.order, **numbered(page, size)}, again=back != position)]
        if back == 0 or not before.isdisjoint(after.keys):
            return Spot(after, (page - 1) * size)
        back = max(back - size_of_page, 0)
    raise endless(way.stream)


def endless(stream: Stream) -> BrokenError:
    """Return the error for a listing that has no end."""
    what = f"The listing of {stream.path} has no end: page after page brings nothing new."
    return BrokenError(what, "Run again later; if it stays so, leave the stream out of `streams`.")
