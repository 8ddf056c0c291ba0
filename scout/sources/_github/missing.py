"""Records that no listing showed, though they must be there."""

from collections.abc import Iterable

from scout.sources._github.door import Door
from scout.sources._github.listings import Read, Reading
from scout.sources._github.place import Place
from scout.sources._github.sheet import Keys, joined
from scout.sources._github.stream import Stream

MOST = 50
"""Records that are asked for alone; where more are missing, reading the listing again is cheaper."""


def singles(door: Door, stream: Stream, numbers: Iterable[int]) -> Reading:
    """Ask for single records; those that are not there any more are left out."""
    sheets = yield [door.one(stream, str(number)) for number in numbers]
    return Read(Place(), joined(sheet.keys for sheet in sheets))


def between(top: int, seen: Keys) -> list[int]:
    """Return the numbers of issues that were given out since, and did not come by: listings may lag behind.

    Args:
        top: the highest number that was known before.
        seen: numbers that came by.
    """
    came = set(seen)
    missing = [number for number in range(top + 1, max(came, default=top)) if number not in came]
    return missing if len(missing) <= MOST else []
