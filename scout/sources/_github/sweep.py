"""What is not there any more: asked for alone, so that a listing that lies deletes nothing."""

from collections.abc import Callable, Generator, Sequence
from urllib.parse import urlsplit

from scout.remote.call import Answer, Call
from scout.remote.reading import GarbageError, parsed
from scout.sources._github.door import MOVED, OK, Door
from scout.sources._github.shape import part, text
from scout.sources._github.sheet import Sheet
from scout.sources._github.stream import Stream
from scout.sources._github.walk import Asks
from scout.warehouse.records import Tombstone

PROBES = 200
"""Records that are asked for alone. If all of so many are gone, so are the others that the listing did not show."""
_DELETED, _GONE, _HIDDEN = 410, 404, frozenset({401, 403, 451})

Swept = Generator[Asks, list[Sheet], list[Tombstone]]


def swept(door: Door, stream: Stream, absent: Sequence[str], converted: frozenset[str]) -> Swept:
    """Return what became of records that a complete listing did not show.

    Args:
        door: the repository.
        stream: whose records they are.
        absent: their keys.
        converted: numbers of issues that were seen to become discussions.
    """
    asked = absent[:PROBES]
    sheets = yield [_probe(door, stream, key, converted=key in converted) for key in asked]
    found = [sheet.gone for sheet in sheets if sheet.gone]
    if len(found) == len(asked):
        found += [Tombstone(stream.name, key, "gone") for key in absent[PROBES:]]
    return found


def _probe(door: Door, stream: Stream, key: str, *, converted: bool) -> Callable[[], Sheet]:
    def ask() -> Sheet:
        answer = door.look(stream, key)
        if answer.status in MOVED:
            return Sheet(gone=Tombstone(stream.name, key, "moved", _home(door, answer)))
        reason = "converted" if converted and answer.status in {_DELETED, _GONE} else _reason(answer.status)
        return Sheet(gone=Tombstone(stream.name, key, reason) if reason else None)

    return ask


def _reason(status: int) -> str:
    if status in _HIDDEN:
        return "hidden"
    return {_DELETED: "deleted", _GONE: "gone"}.get(status, "")


def _home(door: Door, answer: Answer) -> str:
    """Return where a transferred issue is now: its page, or its address in the API where we may not see it."""
    location = answer.headers.get("location", "")
    parts = urlsplit(location)
    _, marker, path = parts.path.partition("/repositories/")
    there = f"{marker}{path}" if marker else f"/repos/{parts.path.partition('/repos/')[2]}"
    final = door.fresh.raw(Call(there))
    if final.status != OK:
        return location
    try:
        return text(part(parsed(final.body)).get("html_url")) or location
    except GarbageError:
        return location
