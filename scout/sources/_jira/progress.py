"""What a pull has brought so far, and how it ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scout.model import Outcome
from scout.remote.failure import LimitedError, RemoteError
from scout.sources._base import Pull, StreamState
from scout.sources._jira.lists import EndlessError
from scout.sources._jira.reasons import Failure, reason_for
from scout.sources._jira.settings import STREAMS, JiraSettings
from scout.sources._records import RecordSink
from scout.warehouse.records import Record, Tombstone

REQUIRED = frozenset({"project", "status", "field", "issue"})
"""Streams without which the picture of a project is false."""
_UNREAD = StreamState(Outcome.NOT_APPLICABLE, "`streams` does not name it")
_UNREACHED = StreamState(Outcome.UNAVAILABLE, "what it needs could not be read")


@dataclass(slots=True)
class Progress:
    """Takes what streams bring. One thread only.

    Attributes:
        sink: where records go.
        settings: which streams are wanted.
        states: how each stream ended, so far.
        notes: for the reader of the run's report.
        replaced: streams that were read whole and say something new.
        until: when it is worth trying again.
        misled: whether pages led nowhere, so that those which were fetched are of no use.
    """

    sink: RecordSink
    settings: JiraSettings
    states: dict[str, StreamState] = field(default_factory=dict[str, StreamState])
    notes: list[str] = field(default_factory=list[str])
    replaced: set[str] = field(default_factory=set[str])
    until: datetime | None = None
    misled: bool = False
    _failures: list[Failure] = field(default_factory=list[Failure])
    _wrote: bool = False

    def __post_init__(self) -> None:
        self.states = {name: _UNREACHED if self.settings.wants(name) else _UNREAD for name in STREAMS}

    def add(self, record: Record) -> None:
        """Write a record, if its stream is wanted."""
        if self.settings.wants(record.stream):
            self._wrote = True
            self.sink.add(record)

    def gone(self, tombstone: Tombstone) -> None:
        """Say that a record is not there any more."""
        self._wrote = True
        self.sink.gone(tombstone)

    def ended(self, stream: str, outcome: Outcome, reason: str = "") -> None:
        """Say how a stream ended, if it is wanted."""
        if self.settings.wants(stream):
            self.states[stream] = StreamState(outcome, reason, required=stream in REQUIRED)

    def failed(self, stream: str, *errors: RemoteError, missing: str = "") -> None:
        """Say that a stream could not be read, or not whole; without what others need, that counts wanted or not.

        Args:
            stream: which.
            errors: why; at least one.
            missing: what it lacks, a sentence; all of it where nothing is said.
        """
        failures = [Failure(stream, error, missing) for error in errors]
        self.states[stream] = StreamState(Outcome.UNAVAILABLE, reason_for(failures), required=stream in REQUIRED)
        self._failures += failures
        for error in errors:
            self.misled |= isinstance(error, EndlessError)
            if isinstance(error, LimitedError):
                self.until = max(self.until or error.until, error.until)

    def trying(self, stream: str, read: Callable[[], None]) -> bool:
        """Read a stream, and return whether the server gave all of it."""
        try:
            read()
        except RemoteError as error:
            self.failed(stream, error)
            return False
        return True

    def pull(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> Pull:
        """Return how the pull ended.

        Args:
            before: the cursor it began with.
            after: the cursor it ends with.
        """
        self.sink.flush()
        missing = [failure for failure in self._failures if failure.stream in REQUIRED]
        return Pull(
            Outcome.UNAVAILABLE if missing else Outcome.PRESENT,
            reason_for(missing),
            cursor=after,
            replaced=frozenset(self.replaced),
            unchanged=not (self._wrote or self.replaced) and before == after,
            streams=self.states,
            notes=self.notes,
            until=self.until,
        )
