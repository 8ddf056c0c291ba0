"""What hangs on single records, at one request each: newest first, as many as a run may ask."""

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote

from scout.remote.call import Call
from scout.remote.failure import RefusedError
from scout.sources._base import Known
from scout.sources._github.door import FORBIDDEN, HIDDEN, MOVED, Door, numbered
from scout.sources._github.listings import Read, Reading
from scout.sources._github.place import Place
from scout.sources._github.shape import Json, moment, parts
from scout.sources._github.sheet import Sheet, read_links
from scout.sources._github.stream import Stream
from scout.sources._github.streams import STREAMS
from scout.warehouse.records import Record

TIMELINE = "timeline"
"""The detail that tells what happened to an issue."""
_FIRST = 5
"""If so many of the first are refused, though what they hang on is shown, all would be."""
_PAGES = 50
"""Pages of one list of details, at most: GitHub stops at 3,000 files and 250 commits."""
_NEVER = datetime.min.replace(tzinfo=UTC)


class Wanted(NamedTuple):
    """Details that are to be fetched; the newest compares highest."""

    changed_at: datetime
    key: str
    stream: str


@dataclass(slots=True)
class Wishes:
    """Which details records warrant, as they come by: the newest ones only.

    Attributes:
        most: how many to remember.
        dropped: whether there were more.
        stirred: when something happened to issues that do not count as changed by it, so that the warehouse cannot tell
            that their timelines are old; by number, without those that were answered.
    """

    most: int
    dropped: bool = False
    stirred: dict[str, datetime] = field(default_factory=dict[str, datetime])
    _newest: list[Wanted] = field(default_factory=list[Wanted])

    def note(self, record: Record) -> None:
        """Remember what a record warrants."""
        for name in record.details:
            self._keep(Wanted(record.changed_at or _NEVER, record.key, name))

    def stir(self, number: str, at: datetime) -> None:
        """Remember that something happened to an issue, though it does not count as changed by it."""
        self.stirred[number] = max(at, self.stirred.get(number, at))
        self._keep(Wanted(at, number, TIMELINE))

    def chosen(self, streams: Iterable[Stream], known: Known) -> list[Wanted]:
        """Return what to fetch, newest first, of what came by and of what the warehouse misses."""
        for stream in streams:
            for key, changed_at in known.wanting(stream.name, self.most + 1):
                self._keep(Wanted(changed_at or _NEVER, key, stream.name))
        newest: dict[tuple[str, str], Wanted] = {}
        for one in sorted(self._newest, reverse=True):
            newest.setdefault((one.stream, one.key), one)
        return list(newest.values())

    def answered(self, one: Wanted) -> None:
        """Note that the details of a record came, or that the record is gone."""
        if one.stream == TIMELINE:
            self.stirred.pop(one.key, None)

    def _keep(self, one: Wanted) -> None:
        if len(self._newest) < self.most:
            heapq.heappush(self._newest, one)
        else:
            self.dropped = True
            if self._newest and one > self._newest[0]:
                heapq.heapreplace(self._newest, one)


def detailed(door: Door, streams: Sequence[Stream], wishes: Wishes, known: Known) -> dict[str, Reading]:
    """Return plans that read details, by stream; each raises RefusedError if none of the first is shown to us.

    Args:
        door: the repository.
        streams: of details.
        wishes: what came by.
        known: what the warehouse has.
    """
    wanted = wishes.chosen(streams, known)
    return {
        stream.name: _read(door, stream, [one for one in wanted if one.stream == stream.name], wishes.answered)
        for stream in streams
    }


def _read(door: Door, stream: Stream, wanted: Sequence[Wanted], answered: Callable[[Wanted], None]) -> Reading:
    asks = [_list(door, stream, one, answered) for one in wanted]
    first = yield asks[:_FIRST]
    if first and all(sheet.refused for sheet in first):
        of = STREAMS[stream.of]
        there = yield [door.one(of, one.key) for one in wanted[:_FIRST]]
        refused = next((sheet.refused for sheet, parent in zip(first, there, strict=True) if parent.rows), None)
        if refused:  # and not because what it hangs on is gone
            raise refused
    yield asks[_FIRST:]
    return Read(Place())


def _list(door: Door, stream: Stream, wanted: Wanted, answered: Callable[[Wanted], None]) -> Callable[[], Sheet]:
    path = f"{door.root}{stream.path.replace('{key}', quote(wanted.key, safe=''))}"

    def ask() -> Sheet:
        rows: list[Json] = []
        try:
            for number in range(1, _PAGES + 1):
                page = door.kept(Call(path, {**stream.params, **numbered(number, door.size)}), stream.fits)
                rows += parts(stream.listed(page.body))
                if read_links(page).next is None:
                    break
        except RefusedError as error:
            if error.status not in HIDDEN | MOVED:
                raise
            if error.status != FORBIDDEN:
                answered(wanted)
            return Sheet(refused=error)
        answered(wanted)
        newest = max(filter(None, (moment(row.get("created_at")) for row in rows)), default=_NEVER)
        changed_at = max(wanted.changed_at, newest)  # whatever it was that told us to look
        known_at = None if changed_at == _NEVER else changed_at
        return Sheet(records=[door.recorder.detail(stream, wanted.key, door.root, rows, known_at)])

    return ask
