"""What a stream is: one declaration says where it is, how it is read and what follows from it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from scout.sources._github.shape import Json, key, moment, part
from scout.sources._github.words import Vocabulary
from scout.warehouse.records import CoreRow

Rows = Callable[[Json, Vocabulary], Iterable[CoreRow]]


class Paged(StrEnum):
    """How the records of a stream are listed, and so how a pull reads them (see `plans`)."""

    ONE = "one"
    """A single record."""
    ENDS = "ends"
    """By cursor, with page numbers from both ends as far as GitHub lets us: issues."""
    AGE = "age"
    """By page number, oldest first, in an order that never changes; newest change first for increments."""
    NEWEST = "newest"
    """By page number, newest first and in no other order."""
    CHANGED = "changed"
    """By page number, newest change first; which ones there must be is known from the issues."""
    RECENT = "recent"
    """By page number, newest first, only those of the last days."""
    WHOLE = "whole"
    """A short list, read as a whole every time it changes."""
    GRAPH = "graph"
    """By GraphQL."""
    DETAIL = "detail"
    """A list that hangs on one record of another stream; one record holds all of it."""


def same(value: Json) -> Json:
    """Return what was given."""
    return value


def nothing(value: Json) -> str:
    """Return no text."""
    del value
    return ""


def by(name: str) -> Callable[[Json], str]:
    """Return a function that takes an identity out of a record."""
    return lambda value: key(value.get(name))


def when(name: str) -> Callable[[Json], datetime | None]:
    """Return a function that takes a time out of a record."""
    return lambda value: moment(value.get(name))


ID, UPDATED = by("id"), when("updated_at")


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of thing that a repository has.

    Attributes:
        name: as in the settings.
        path: from the repository's root; of a detail with `{key}`.
        paged: how it is listed.
        rows: makes core rows of a record's payload.
        key: takes the record's key out of it.
        parent: takes out the record it hangs on, as `stream/key`.
        of: for a detail, the stream of the record it goes with.
        changed: takes out the time of its last change.
        mark: the field that listings by newest are sorted by.
        trim: leaves out what is another record, is no fact about this one, or names people in texts.
        settled: whether a record will not change any more; where that matters.
        details: names the streams that hold more about a record; unknown ones and those that are off are left out.
        params: of the listing.
        wrap: the name under which the listing's rows stand; empty where they stand alone.
        each: path of one record, to see what became of it; empty where nobody has to know.
        inside: path of what the listing leaves out of each record; empty where it leaves out nothing.
        joined: puts together a record of the listing and what stands inside.
        required: whether the source counts as unavailable without it.
        extra: needs requests beyond plain listings, like a detail: not asked where the settings allow no details.
        default: whether it is read where the settings name no streams.
    """

    name: str
    path: str
    paged: Paged
    rows: Rows
    key: Callable[[Json], str] = ID
    parent: Callable[[Json], str] = nothing
    of: str = "issue"
    changed: Callable[[Json], datetime | None] = UPDATED
    mark: str = "updated_at"
    trim: Callable[[Json], Json] = same
    settled: Callable[[Json], bool] = lambda _: True
    details: Callable[[Json], Iterable[str]] = lambda _: ()
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    wrap: str = ""
    each: str = ""
    inside: str = ""
    joined: Callable[[Json, Json], Json] = lambda row, inside: {**row, **inside}
    required: bool = False
    extra: bool = False
    default: bool = True

    def fits(self, body: Any) -> bool:
        """Return whether a JSON value has the shape of this stream's listing."""
        return self.listed(body) is not None

    def listed(self, body: Any) -> list[Any] | None:
        """Return the rows of a listing; None where it is none."""
        if self.paged is Paged.ONE:
            return [body] if self.key(part(body)) else None
        rows = part(body).get(self.wrap) if self.wrap else body
        return cast("list[Any]", rows) if isinstance(rows, list) else None
