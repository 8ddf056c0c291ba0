"""One page, read: what of it is new, as records, and what the next question depends on."""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit
from zlib import crc32

from scout.remote.call import Page
from scout.remote.failure import RefusedError
from scout.sources._github.place import EDGE
from scout.sources._github.recorder import Recorder
from scout.sources._github.shape import Json, parts, text
from scout.sources._github.stream import Stream
from scout.warehouse.records import Record, Tombstone

_DIGITS = 18
_SHORT = 6  # bytes of a digest that tells a record from its earlier states
if TYPE_CHECKING:
    Keys = array[int]
else:
    Keys = array  # takes no type before Python 3.12
"""Numbers of records, eight bytes each: a million of them are no burden."""


@dataclass(frozen=True, slots=True)
class Known:
    """What need not be written again.

    Attributes:
        floor: records that changed before are known.
        edge: digests of those known that changed since, by key.
    """

    floor: str = ""
    edge: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class Sheet:
    """A page of a listing.

    Attributes:
        keys: of all its records, in their order.
        changes: of those that are pull requests, where the listing is that of issues.
        first: mark of the first record; empty for an empty page.
        final: mark of the last one.
        newest: the highest mark.
        seen: mark and digest of the records that are not older than what is known, by key; for watched pages only.
        rows: how many records it has, with those that are left out because they have no key.
        next: parameters of the page after it; None for the last one.
        last: number of the last page; 0 where the server does not say.
        etag: of the page.
        unchanged: the server had nothing newer: nothing else is known of this page.
        unsettled: the lowest mark of a record that will still change; empty without one.
        records: what is to be written; taken out on the way to the sink.
        held: what came, where it is not for this page alone to say what is to be written.
        refused: why there is nothing, where that does not concern the whole stream.
        gone: what became of a single record that is not there any more.
    """

    keys: Keys = field(default_factory=lambda: Keys("q"))
    changes: Keys = field(default_factory=lambda: Keys("q"))
    first: str = ""
    final: str = ""
    newest: str = ""
    seen: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    rows: int = 0
    next: Mapping[str, str] | None = None
    last: int = 0
    etag: str = ""
    unchanged: bool = False
    unsettled: str = ""
    records: list[Record] = field(default_factory=list[Record])
    held: list[Json] = field(default_factory=list[Json])
    refused: RefusedError | None = None
    gone: Tombstone | None = None

    @property
    def is_inside(self) -> bool:
        """Whether there are records on it, and after it."""
        return self.rows > 0 and self.next is not None

    def edge(self, floor: str) -> dict[str, str]:
        """Return the digests of records that changed since `floor`; none if they are too many to remember."""
        found = {key: digest for key, (mark, digest) in self.seen.items() if mark >= floor}
        return found if len(found) <= EDGE else {}


def read_sheet(page: Page, stream: Stream, recorder: Recorder, known: Known, *, watch: bool = False) -> Sheet:
    """Return what a page says.

    Args:
        page: as it came.
        stream: what is listed.
        recorder: makes the records.
        known: what need not be written again.
        watch: whether to remember the digests of what is written.
    """
    sheet = read_links(page)
    if page.unchanged:
        return sheet
    rows = parts(stream.listed(page.body))
    sheet.rows = len(rows)
    marks = [text(row.get(stream.mark)) for row in rows]
    if marks:
        sheet.first, sheet.final, sheet.newest = marks[0], marks[-1], max(marks)
    for row, mark in zip(rows, marks, strict=True):
        key = stream.key(row)
        if not (key.isdecimal() and len(key) <= _DIGITS):
            continue
        number = int(key)
        sheet.keys.append(number)
        if "pull_request" in row:
            sheet.changes.append(number)
        if not stream.settled(row):
            sheet.unsettled = min(sheet.unsettled or mark, mark)
        if mark >= known.floor:
            for record in recorder.records(stream, row):
                _take(sheet, record, mark, known, watch=watch)
    return sheet


def held_sheet(page: Page, stream: Stream) -> Sheet:
    """Return what a page says, with its rows as they came, whatever their keys look like."""
    sheet = read_links(page)
    sheet.held = parts(stream.listed(page.body))
    sheet.rows = len(sheet.held)
    sheet.keys.extend(crc32(stream.key(row).encode("utf-8", "replace")) for row in sheet.held)
    return sheet


def read_links(page: Page) -> Sheet:
    """Return a sheet with nothing on it but where to go from here."""
    following = _asked(page.links.get("next"))
    number = _asked(page.links.get("last")).get("page", "")
    last = int(number) if number.isdecimal() and len(number) <= _DIGITS else 0
    return Sheet(etag=page.etag, unchanged=page.unchanged, next=following or None, last=last)


def joined(several: Iterable[Keys]) -> Keys:
    """Return several rows of keys as one."""
    keys = Keys("q")
    for one in several:
        keys.extend(one)
    return keys


def digest_of(record: Record) -> str:
    """Return a short digest that tells a record from its earlier states."""
    return blake2b(record.payload, digest_size=_SHORT).hexdigest()


def _take(sheet: Sheet, record: Record, mark: str, known: Known, *, watch: bool) -> None:
    if watch or known.edge:
        digest = digest_of(record)
        sheet.seen[record.key] = mark, digest
        if known.edge.get(record.key) == digest:
            return
    sheet.records.append(record)


def _asked(address: str | None) -> Mapping[str, str]:
    """Return the parameters in the address of another page, which may name the repository otherwise than we do."""
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True)) if address else {}
