"""All of a numbered listing, many pages at once, with proof that none of it slipped through.

The proof: the last page is read before all others, so that the number of records is known at that moment. If as many
different ones of them have been read since, none is missing. If fewer, the listing moved, and a walk finds what was
missed.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from scout.sources._github.door import NEWEST_CHANGE, Door, Params
from scout.sources._github.place import LINGERING, Place, floor_of, stamp
from scout.sources._github.sheet import Keys, Known, Sheet, joined
from scout.sources._github.stream import Stream
from scout.sources._github.walk import Asks, Walked, Way, endless, walk
from scout.warehouse.records import Record

AS_IT_IS: Params = {}


@dataclass(frozen=True, slots=True)
class Read:
    """How the reading of a stream ended.

    Attributes:
        place: where the next pull begins.
        keys: of all records there are; None where not all were read.
        changes: of the pull requests among them, where issues were read.
        sure: whether `keys` are proved to be all.
        records: what to write in place of all there was; None where the stream is not replaced as a whole.
        unchanged: the server had nothing newer.
        seen: keys that came by in an increment.
        began: the newest change when it began.
        newest: the newest change of all that was read.
    """

    place: Place
    keys: Keys | None = None
    changes: Keys | None = None
    sure: bool = True
    records: Sequence[Record] | None = None
    unchanged: bool = False
    seen: Keys = field(default_factory=lambda: Keys("q"))
    began: str = ""
    newest: str = ""


Reading = Generator[Asks, list[Sheet], Read]


def by_age(door: Door, stream: Stream) -> Reading:
    """Read a listing that is in order of age, which never changes, and can be had by newest change as well.

    The newest change is looked at first: what changes after that is the next pull's.
    """
    (head,) = yield [door.page(stream, 1, NEWEST_CHANGE, watch=True, alone=True)]
    if head.next is None:
        return Read(placed(head), head.keys, began=head.newest)
    if head.last:
        tail = yield from _tail(door, stream, head.last)
        rest = yield [door.page(stream, number, AS_IT_IS) for number in range(1, tail.number)]
        highest = max(tail.sheet.keys, default=0)
        if tail.proves([*rest, tail.sheet], lambda key: key <= highest):
            return Read(placed(head), _keys(*rest, tail.sheet), began=head.newest)
    walked = yield from walk(Way(door, stream, AS_IT_IS, again=True))
    return Read(placed(head), walked.keys, began=head.newest)


def by_newness(door: Door, stream: Stream) -> Reading:
    """Read a listing that comes newest first and in no other order; its first page is read once more at the end."""
    (first,) = yield [door.page(stream, 1, AS_IT_IS, watch=True, alone=True)]
    if first.next is None:
        return Read(placed(first), first.keys, began=first.newest)
    if first.last:
        tail = yield from _tail(door, stream, first.last)
        rest = yield [door.page(stream, number, AS_IT_IS) for number in range(2, tail.number)]
        (head,) = yield [door.page(stream, 1, AS_IT_IS, again=True, watch=True)]
        younger = _younger(head, first)
        if younger is not None and tail.proves([head, *rest, tail.sheet], lambda key: key not in younger):
            return Read(placed(head), _keys(head, *rest, tail.sheet), began=first.newest)
    walked = yield from walk(Way(door, stream, AS_IT_IS, again=True))
    return Read(placed(walked.head), walked.keys, began=first.newest)


def by_change(door: Door, stream: Stream) -> Reading:
    """Read a listing by newest change, many pages at once. Who knows which records there are tells what is missing."""
    (head,) = yield [door.page(stream, 1, NEWEST_CHANGE, watch=True)]
    if head.next is None:
        return Read(placed(head), head.keys, began=head.newest)
    rest = yield [door.page(stream, number, NEWEST_CHANGE) for number in range(2, head.last + 1)]
    return Read(placed(head), _keys(head, *rest), sure=False, began=head.newest)


def one_by_one(door: Door, stream: Stream, order: Params = NEWEST_CHANGE, *, again: bool = False) -> Reading:
    """Read a listing page after page: slow, and sure by itself."""
    walked = yield from walk(Way(door, stream, order, again=again))
    return Read(placed(walked.head), walked.keys, began=walked.head.newest)


def recent(door: Door, stream: Stream, place: Place | None, since: datetime) -> Reading:
    """Read the records of the last days, newest first; later on, until the oldest one that was not settled.

    Args:
        door: the repository.
        stream: what to read.
        place: where the last pull ended; None reads all.
        since: from when on.
    """
    limit = stamp(since)
    known = Known(max(place.floor, limit), place.edge) if place else Known(limit)
    walked = yield from walk(Way(door, stream, AS_IT_IS, known), place.etag if place else "")
    head = walked.head
    if head.unchanged and place:
        return Read(place, unchanged=True)
    open_since = max(walked.unsettled, floor_of(head.newest, LINGERING)) if walked.unsettled else ""
    floor = min(filter(None, (open_since, floor_of(head.newest))), default="")
    watched = not walked.unsettled or walked.unsettled >= head.final
    return Read(Place(etag=head.etag if watched else "", floor=floor, edge=head.edge(floor)))


def increment(door: Door, stream: Stream, order: Params, place: Place, *, again: bool = False) -> Reading:
    """Read what is newer than the last pull.

    Args:
        door: the repository.
        stream: what to read.
        order: newest first.
        place: where the last pull ended.
        again: whether it was asked for before in this pull.
    """
    way = Way(door, stream, order, Known(place.floor, place.edge), again=again)
    walked: Walked = yield from walk(way, place.etag)
    if walked.head.unchanged:
        return Read(place, unchanged=True)
    newest = walked.head.newest
    return Read(placed(walked.head, top=place.top), seen=walked.keys, began=newest, newest=newest)


def placed(head: Sheet, *, top: int = 0) -> Place:
    """Return the place after a reading that began with the page of what is newest."""
    floor = floor_of(head.newest)
    return Place(etag=head.etag, floor=floor, edge=head.edge(floor), top=top)


@dataclass(frozen=True, slots=True)
class _Tail:
    """The last page of a listing.

    Attributes:
        count: how many records the listing had when it was read.
    """

    sheet: Sheet
    number: int
    count: int

    def proves(self, sheets: Iterable[Sheet], counts: Callable[[int], bool]) -> bool:
        """Return whether nothing is missing, given all pages, of which this one was read first.

        Args:
            sheets: all of them.
            counts: whether a record was there when this page was read, if it had not been deleted before.
        """
        different, nameless = set[int](), 0
        for sheet in sheets:
            different.update(key for key in sheet.keys if counts(key))
            nameless += sheet.rows - len(sheet.keys)
        return len(different) + nameless == self.count


def _tail(door: Door, stream: Stream, last: int) -> Generator[Asks, list[Sheet], _Tail]:
    """Return the last page with something on it; records may have gone since somebody said how many pages there are."""
    while True:
        (sheet,) = yield [door.page(stream, max(last, 1), AS_IT_IS)]
        if not sheet.rows and sheet.next is not None:
            raise endless(stream)
        if sheet.rows or last <= 1:
            return _Tail(sheet, max(last, 1), (max(last, 1) - 1) * door.size + sheet.rows)
        last -= 1


def _younger(now: Sheet, before: Sheet) -> frozenset[int] | None:
    """Return what has come to the front of a page since it was read before; None where nobody can tell."""
    newest = next(iter(before.keys), 0)
    return frozenset(now.keys[: now.keys.index(newest)]) if newest in now.keys else None


def _keys(*sheets: Sheet) -> Keys:
    return joined(sheet.keys for sheet in sheets)
