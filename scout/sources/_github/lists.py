"""Short lists, read as a whole: written anew when anything in them has changed, left alone when nothing has."""

from collections.abc import Iterable
from hashlib import blake2b

from scout.sources._github.door import Door
from scout.sources._github.listings import AS_IT_IS, Read, Reading
from scout.sources._github.place import Place
from scout.sources._github.shape import Json
from scout.sources._github.sheet import Sheet
from scout.sources._github.stream import Stream
from scout.sources._github.walk import Walked, Way, walk
from scout.warehouse.records import Record

_INSIDE = 100
"""Records whose inside is read, at most: rulesets, protected branches."""


def whole(door: Door, stream: Stream, place: Place | None) -> Reading:
    """Read a list, and what it leaves out of its records.

    Args:
        door: the repository.
        stream: what to read.
        place: where the last pull ended; None reads all.
    """
    walked = yield from walk(Way(door, stream, AS_IT_IS, hold=True), place.etag if place else "")
    if walked.head.unchanged and place:
        return Read(place, unchanged=True)
    listed = {stream.key(row): row for row in walked.held}
    records = _records(door, stream, listed.values())
    after = Place(etag=_trusted(door, walked), digest=digest(records))
    if place and place.digest == after.digest:
        return Read(after)
    if stream.inside and listed:
        keys = list(listed)[:_INSIDE]
        insides: list[Sheet] = yield [door.inside(stream, key) for key in keys]
        for key, inside in zip(keys, insides, strict=True):
            if inside.held:
                listed[key] = stream.joined(listed[key], inside.held[0])
        records = _records(door, stream, listed.values())
    return Read(after, records=records)


def digest(records: Iterable[Record]) -> str:
    """Return a digest of records in whatever order."""
    payloads = sorted(record.payload for record in records)
    return blake2b(b"\n".join(payloads), digest_size=16).hexdigest()


def _records(door: Door, stream: Stream, rows: Iterable[Json]) -> list[Record]:
    made = (door.recorder.record(stream, row) for row in rows)
    return [record for record in made if record]


def _trusted(door: Door, walked: Walked) -> str:
    """Return the tag of the first page where it speaks for the whole list: where that page is not full."""
    return walked.head.etag if walked.head.next is None and walked.head.rows < door.size else ""
