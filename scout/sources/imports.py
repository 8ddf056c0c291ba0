"""The source `imports`: files that were given to `scout import`."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from pydantic import Field

from scout.errors import ScoutError, UnavailableError
from scout.model import Outcome, TicketState, WorkKind, digest
from scout.remote.reading import GarbageError
from scout.settings import SourceSettings, TrackerSettings
from scout.sources._base import Pull, Sink, Source, SourceContext, StreamState
from scout.sources._github import recorder as github
from scout.sources._github.words import Vocabulary as GitHubVocabulary
from scout.sources._imports import rows
from scout.sources._imports.archive import Archive, Skipped, Survey, recognised, survey
from scout.sources._imports.making import Maker
from scout.sources._imports.shelf import Shelf
from scout.sources._jira import core as jira
from scout.sources._jira.shape import read
from scout.sources._jira.words import Vocabulary as JiraVocabulary
from scout.sources._people import People
from scout.sources._records import RecordSink
from scout.warehouse.records import CHANGE_TABLES, TICKET_TABLES, CoreRow

__all__ = ["Archive", "ImportsSettings", "ImportsSource", "Shelf", "Survey", "recognised", "survey"]

_VERSION = 1
_MOST_NOTES = 20
_EVERY = 5_000
_OF_JIRA = frozenset({"project", "status", "sprint"})


class ImportsSettings(SourceSettings):
    """What states and kinds mean in what was imported."""

    states: dict[str, TicketState] = Field(
        default={}, description="Scout's state by the tracker's: {'In review' = 'started', 'label:wip' = 'started'}"
    )
    kinds: dict[str, WorkKind] = Field(default={}, description="kind of work by label or issue type")


class ImportsSource(Source):
    """Reads the files that were given to `scout import`: tickets and changes without a server.

    The files are kept in the state folder as they came, so that a warehouse that was deleted is made anew from them.
    Where several say something about the same ticket, the state that was changed last counts.

    ## Fields
    What GitHub and Jira say is read as the sources `github` and `jira` read it; `states` and `kinds` say what words
    mean. Of a sheet the columns that are known or mapped are read, the others are left in the file: nobody knows
    whether they name people.

    ## What it does when something is broken
    A line that cannot be read is skipped and named, the others are read. Files that cannot be read any more make the
    source unavailable; what they brought before stays.
    """

    id: ClassVar[str] = "imports"
    since: ClassVar[str] = "0.2"
    streams: ClassVar[tuple[str, ...]] = (
        *("repository", "issue", "comment", "event", "pull", "review", "review_comment", "change_commit"),
        *("change_file", "label", "project", "status", "sprint", rows.STREAM),
    )
    brings: ClassVar[frozenset[type[CoreRow]]] = TICKET_TABLES | CHANGE_TABLES
    settings: ClassVar[type[SourceSettings]] = ImportsSettings

    def pull(self, project: str, at: SourceContext, cursor: Mapping[str, Any] | None, sink: Sink) -> Pull:
        """Write all that the files hold, unless they are those that the cursor knows."""
        shelf = Shelf(at.home, project)
        try:
            position = {"version": _VERSION, "files": shelf.position()}
            if position.items() <= (cursor or {}).items():
                return Pull(Outcome.PRESENT if position["files"] else Outcome.ABSENT, cursor=position, unchanged=True)
            if not position["files"] and not cursor:
                reason = "nothing was imported"
                return Pull(Outcome.UNAVAILABLE if at.named else Outcome.NOT_APPLICABLE, reason, unchanged=True)
            notes = self._read(shelf, project, at, sink)
        except (ScoutError, OSError) as error:
            raise _unreadable(error) from error
        return Pull(
            Outcome.PRESENT,
            cursor=position,
            replaced=frozenset(self.streams),
            streams={stream: StreamState(Outcome.PRESENT) for stream in self.streams},
            notes=notes,
        )

    def basis(self, at: SourceContext) -> str:
        """Return a digest of the vocabulary and of the version of what makes rows."""
        return digest(_VERSION, github.VERSION, jira.VERSION, at.settings.model_dump(mode="json"), length=32)

    def core(self, stream: str, payload: bytes, at: SourceContext) -> Iterable[CoreRow]:
        """Return the core rows that follow from one raw record, by whichever tracker it came from."""
        said = _vocabulary(at)
        if stream == rows.STREAM:
            return tuple(rows.core_rows(payload, JiraVocabulary.of(said, {})))
        try:
            of_jira = stream in _OF_JIRA or (stream == "issue" and "fields" in read(payload))
        except GarbageError:
            return ()
        if of_jira:
            return jira.core_rows(stream, payload, JiraVocabulary.of(said, {}))
        return github.core_rows(stream, payload, GitHubVocabulary.of(said))

    def _read(self, shelf: Shelf, project: str, at: SourceContext, sink: Sink) -> list[str]:
        """Write the records of all files, and return notes about what had to be skipped."""
        maker = Maker(People(at.salt), _vocabulary(at))
        records = RecordSink(project, self.id, at.now, sink)
        notes, faults = list[str](), 0
        for card in shelf.cards():
            for count, bundle in enumerate(shelf.archive(card).bundles()):
                if count % _EVERY == 0:
                    at.step(f"Reading {card.name}" + (f", after {count:,} of its parts" if count else ""))
                if isinstance(bundle, Skipped):
                    faults += 1
                    notes += [f"{bundle.file}, line {bundle.line}: {bundle.reason}, skipped."][
                        : _MOST_NOTES - len(notes)
                    ]
                    continue
                for record in maker.records(bundle):
                    records.add(record)
        records.flush()
        return [*notes, f"{faults - len(notes)} more lines of imports were skipped."] if faults > len(notes) else notes


def _vocabulary(at: SourceContext) -> TrackerSettings:
    settings = at.settings
    if not isinstance(settings, ImportsSettings):
        return TrackerSettings()
    return TrackerSettings(states=settings.states, kinds=settings.kinds)


def _unreadable(error: ScoutError | OSError) -> UnavailableError:
    if isinstance(error, ScoutError):
        return UnavailableError(error.what, error.remedy)
    message = f"An imported file cannot be read: {error.strerror or error}."
    return UnavailableError(message, "Import it again.")
