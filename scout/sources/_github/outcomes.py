"""How a pull ended, from how its streams ended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scout.errors import UnavailableError
from scout.model import Outcome
from scout.remote.failure import LimitedError, RefusedError, RemoteError
from scout.sources._base import Pull, StreamState
from scout.sources._github.place import Place
from scout.sources._github.stream import Stream

_SWITCHED_OFF = 410
_REMEMBERED = frozenset({403, 404, 410, 422, 451})
ISSUES_OFF = "issues are switched off in this repository"
DETAILS_OFF = "the settings allow no details (details_per_run)"


@dataclass(slots=True)
class Endings:
    """What became of each stream.

    Attributes:
        states: by stream.
        before: where this pull began.
        places: where the next pull begins.
        failures: of required streams.
        limit: until when the server wants to be left alone; None where it does not.
        wide: failures that concern the whole server, which are told in place of all of their kind.
    """

    before: Mapping[str, Place]
    places: dict[str, Place] = field(default_factory=dict[str, Place])
    states: dict[str, StreamState] = field(default_factory=dict[str, StreamState])
    failures: dict[str, UnavailableError] = field(default_factory=dict[str, UnavailableError])
    limit: datetime | None = None
    wide: dict[type[UnavailableError], UnavailableError] = field(
        default_factory=dict[type[UnavailableError], UnavailableError]
    )

    def __post_init__(self) -> None:
        self.places = dict(self.before)

    def read(self, stream: Stream, place: Place) -> None:
        """Note a stream that was read."""
        self.places[stream.name] = place
        self.states[stream.name] = StreamState(Outcome.PRESENT, required=stream.required)

    def off(self, stream: Stream, reason: str) -> None:
        """Note a stream that does not apply here."""
        self.states[stream.name] = StreamState(Outcome.NOT_APPLICABLE, reason)

    def rests(self, stream: Stream, place: Place) -> None:
        """Note a stream that was refused lately and is not asked for."""
        applies = place.reason != ISSUES_OFF
        outcome = Outcome.UNAVAILABLE if applies else Outcome.NOT_APPLICABLE
        self.states[stream.name] = StreamState(outcome, place.reason)

    def failed(self, stream: Stream, error: UnavailableError, now: datetime) -> None:
        """Note a stream that could not be read; a refusal of what is not required is remembered for a day."""
        self.places.pop(stream.name, None)
        if stream.name in self.before:
            self.places[stream.name] = self.before[stream.name]
        status = error.status if isinstance(error, RefusedError) else 0
        if isinstance(error, RemoteError) and error.everywhere:
            self.wide.setdefault(type(error), error)
        if isinstance(error, LimitedError):
            self.limit = max(self.limit or error.until, error.until)
        if status == _SWITCHED_OFF and stream.required:
            self._remember(stream, ISSUES_OFF, now)
            self.off(stream, ISSUES_OFF)
            return
        self.states[stream.name] = StreamState(Outcome.UNAVAILABLE, str(error), required=stream.required)
        if stream.required:
            self.failures[stream.name] = error
        elif status in _REMEMBERED:
            self._remember(stream, str(error), now)

    def pull(
        self, cursor: Mapping[str, Any], *, wrote: bool, before: Any, replaced: frozenset[str], notes: Sequence[str]
    ) -> Pull:
        """Return how the pull as a whole ended.

        Args:
            cursor: where the next one begins.
            wrote: whether anything went to the sink.
            before: the cursor this one began with.
            replaced: streams that were written as a whole.
            notes: for readers of the run's report.
        """
        if not self.failures:
            unchanged = not wrote and not replaced and cursor == before
            return Pull(
                Outcome.PRESENT, "", cursor, replaced, unchanged, streams=self.states, notes=notes, until=self.limit
            )
        told = (str(self.wide.get(type(error), error)) for error in self.failures.values())
        reason = "; ".join(dict.fromkeys(told))
        if self.limit:  # nothing is kept but the pages: the next run goes on with them
            return Pull(Outcome.UNAVAILABLE, reason, streams=self.states, notes=notes, until=self.limit)
        return Pull(Outcome.UNAVAILABLE, reason, cursor, replaced, streams=self.states, notes=notes)

    def _remember(self, stream: Stream, reason: str, now: datetime) -> None:
        self.places[stream.name] = Place(refused_at=now.isoformat(), reason=reason)


def unreachable(streams: Iterable[Stream], error: UnavailableError) -> Pull:
    """Return the end of a pull that could not even begin."""
    states = {one.name: StreamState(Outcome.UNAVAILABLE, str(error), required=one.required) for one in streams}
    until = error.until if isinstance(error, LimitedError) else None
    return Pull(Outcome.UNAVAILABLE, str(error), streams=states, until=until)
