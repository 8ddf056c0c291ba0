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
from scout.sources._github.door import HIDDEN, MOVED, Door, numbered
from scout.sources._github.listings import Read, Reading
from scout.sources._github.place import Place
from scout.sources._github.shape import Json, parts
from scout.sources._github.sheet import Sheet, read_links
from scout.sources._github.stream import Stream
from scout.warehouse.records import Record

_FIRST = 5
"""If so many of the first are refused, and no other is answered, all would be."""
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
    """

    most: int
    dropped: bool = False
    _newest: list[Wanted] = field(default_factory=list[Wanted])

    def note(self, record: Record) -> None:
        """Remember what a record warrants."""
        for name in record.details:
            self._keep(Wanted(record.changed_at or _NEVER, record.key, name))

    def stirred(self, name: str, event: Record) -> None:
        """Remember that something happened to an issue, though it does not count as changed by it."""
        number = event.parent.partition("/")[2]
        if number and event.changed_at:
            self._keep(Wanted(event.changed_at, number, name))

    def chosen(self, streams: Iterable[Stream], known: Known) -> list[Wanted]:
        """Return what to fetch, newest first, of what came by and of what the warehouse misses."""
        came = {(one.stream, one.key) for one in self._newest}
        for stream in streams:
            for key, changed_at in known.wanting(stream.name, self.most + 1):
                if (stream.name, key) not in came:
                    self._keep(Wanted(changed_at or _NEVER, key, stream.name))
        newest: dict[tuple[str, str], Wanted] = {}
        for one in sorted(self._newest, reverse=True):
            newest.setdefault((one.stream, one.key), one)
        return list(newest.values())

    def _keep(self, one: Wanted) -> None:
        if len(self._newest) < self.most:
            heapq.heappush(self._newest, one)
        else:
            self.dropped = True
            if self._newest and one > self._newest[0]:
                heapq.heapreplace(self._newest, one)


def detailed(door: Door, stream: Stream, wanted: Sequence[Wanted]) -> Reading:
    """Read details of some records.

    Args:
        door: the repository.
        stream: of the details.
        wanted: of which records.

    Raises:
        RefusedError: none of the first is shown to us.
    """
    asks = [_list(door, stream, one) for one in wanted]
    first = yield asks[:_FIRST]
    refused = [sheet.refused for sheet in first if sheet.refused]
    if refused and len(refused) == len(first):
        raise refused[0]
    yield asks[_FIRST:]
    return Read(Place())


def _list(door: Door, stream: Stream, wanted: Wanted) -> Callable[[], Sheet]:
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
            return Sheet(refused=error)
        changed_at = None if wanted.changed_at == _NEVER else wanted.changed_at
        return Sheet(records=[door.recorder.detail(stream, wanted.key, door.root, rows, changed_at)])

    return ask
