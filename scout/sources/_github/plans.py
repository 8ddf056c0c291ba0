"""Which way a stream is read: by how it is paged, all of it or what is new."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from scout.sources._github.door import NEWEST_CHANGE, Door, Params
from scout.sources._github.ends import ends
from scout.sources._github.graph import in_projects
from scout.sources._github.listings import (
    AS_IT_IS,
    Reading,
    by_age,
    by_change,
    by_newness,
    increment,
    one_by_one,
    recent,
)
from scout.sources._github.lists import whole
from scout.sources._github.place import Place
from scout.sources._github.stream import Paged, Stream


class Question(NamedTuple):
    """What is to be read of a stream.

    Attributes:
        place: where the last pull ended; None reads all.
        since: from when on, for streams that are read for some days only.
        checked: whether issues are read as well, which tell what pull requests there are.
    """

    door: Door
    stream: Stream
    place: Place | None
    since: datetime
    checked: bool


ORDERS: Mapping[Paged, Params] = {
    Paged.ENDS: NEWEST_CHANGE,
    Paged.AGE: NEWEST_CHANGE,
    Paged.CHANGED: NEWEST_CHANGE,
    Paged.NEWEST: AS_IT_IS,
}
"""Newest first, for increments."""

_ALL: Mapping[Paged, Callable[[Question], Reading]] = {
    Paged.ENDS: lambda asked: ends(asked.door, asked.stream),
    Paged.AGE: lambda asked: by_age(asked.door, asked.stream),
    Paged.NEWEST: lambda asked: by_newness(asked.door, asked.stream),
    Paged.CHANGED: lambda asked: (by_change if asked.checked else one_by_one)(asked.door, asked.stream),
}
_EITHER: Mapping[Paged, Callable[[Question], Reading]] = {
    Paged.RECENT: lambda asked: recent(asked.door, asked.stream, asked.place, asked.since),
    Paged.WHOLE: lambda asked: whole(asked.door, asked.stream, asked.place),
    Paged.GRAPH: lambda asked: in_projects(asked.door, asked.stream, asked.place),
}


def plan_of(asked: Question) -> Reading:
    """Return the plan that answers a question."""
    paged = asked.stream.paged
    if paged in _EITHER:
        return _EITHER[paged](asked)
    if asked.place is None:
        return _ALL[paged](asked)
    return increment(asked.door, asked.stream, ORDERS[paged], asked.place)


def closing(door: Door, stream: Stream, place: Place) -> Reading:
    """Read what changed while all was read."""
    return increment(door, stream, ORDERS[stream.paged], place, again=True)
