"""Records from what came: without people, without what is another record, with the core rows that follow."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from scout.remote.reading import GarbageError, dumped
from scout.sources._github.shape import Json, read
from scout.sources._github.stream import Stream
from scout.sources._github.streams import STREAMS
from scout.sources._github.words import Vocabulary
from scout.sources._people import People
from scout.warehouse.records import CoreRow, Record

VERSION = "2"
"""Raised with every change of what follows from a record."""

_OF_GIT = frozenset({"head", "base", "_links", "additions", "deletions", "changed_files"})
"""What an issue does not show of the pull request that it is; sizes come only where one is asked for alone."""


class Recorder:
    """Makes records; shared by threads.

    Args:
        people: makes pseudonyms.
        said: what the settings say about words.
        details: names of the detail streams that are read.
        issues: whether the repository has issues; without them, pull requests stand for the issues they also are.
    """

    def __init__(
        self, people: People, said: Vocabulary, details: frozenset[str] = frozenset(), *, issues: bool = True
    ) -> None:
        self._issues = issues
        self._people = people
        self._said = said
        self._details = details

    def record(self, stream: Stream, value: Json) -> Record | None:
        """Return the record of something as a listing shows it; None where it has no identity."""
        kept = self._people.without(stream.trim(value))
        key = stream.key(kept)
        if not key:
            return None
        details = tuple(name for name in stream.details(kept) if name in self._details) if self._details else ()
        core = tuple(stream.rows(kept, self._said))
        return Record(stream.name, key, dumped(kept), stream.parent(kept), stream.changed(kept), details, core)

    def records(self, stream: Stream, value: Json) -> Iterable[Record]:
        """Return the record of something, and of the issue that a pull request is where nobody else shows it."""
        record = self.record(stream, value)
        if self._issues or stream.name != "pull":
            return (record,) if record else ()
        shared = {name: one for name, one in value.items() if name not in _OF_GIT}
        pull_request = {"merged_at": value.get("merged_at")}
        issue = self.record(STREAMS["issue"], {**shared, "pull_request": pull_request})
        return [one for one in (record, issue) if one]

    def detail(self, stream: Stream, of: str, at: str, rows: Sequence[Json], changed_at: datetime | None) -> Record:
        """Return the record that holds a whole list of details.

        Args:
            stream: of the details.
            of: key of the record they hang on.
            at: the repository's path in the API.
            rows: as they came.
            changed_at: when the record they hang on changed.
        """
        kept: dict[str, Any] = {"of": of, "at": at, "rows": [self._people.without(stream.trim(row)) for row in rows]}
        core = tuple(stream.rows(kept, self._said))
        return Record(stream.name, of, dumped(kept), f"{stream.of}/{of}", changed_at, (), core)


def core_rows(stream: str, payload: bytes, said: Vocabulary) -> tuple[CoreRow, ...]:
    """Return the core rows of a record as it is stored."""
    if stream not in STREAMS:
        return ()
    try:
        return tuple(STREAMS[stream].rows(read(payload), said))
    except GarbageError:
        return ()
