"""What every source is: one pull, from where the last one ended, written to staging as it comes."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Protocol

from scout.model import Outcome
from scout.repository import Repository
from scout.settings import SourceSettings
from scout.warehouse.records import CoreRow


class Rows(Protocol):
    """A record batch of Arrow."""

    @property
    def num_rows(self) -> int:
        """How many rows it has."""
        ...

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the rows as a stream of Arrow's C interface."""
        ...


Sink = Callable[[str, Rows], None]
"""Takes rows of a stream (a name of `warehouse.streams.STREAMS`) into staging; called from one thread only."""


class Wanted(NamedTuple):
    """A record that has details nobody has fetched since it changed."""

    key: str
    changed_at: datetime | None


class Known(Protocol):
    """What the warehouse already has of this project and source; each question opens it briefly."""

    def absent(self, stream: str, present: Iterable[str]) -> Sequence[str]:
        """Return the keys of a stream that the warehouse has and `present` has not."""
        ...

    def wanting(self, detail: str, limit: int) -> Sequence[Wanted]:
        """Return records that name `detail` in `details` and have none as new as themselves, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class SourceContext:
    """Where and when a pull happens.

    Attributes:
        path: the project's checkout, or the folder its settings name; may have no repository.
        home: the state folder, for spools of pages and budgets.
        now: the moment of the run (UTC).
        salt: secret key of the pseudonyms, made once for a state folder; at most 64 bytes.
        known: what the warehouse has.
        repository: the checkout's repository, opened and closed by the caller; None where there is none.
        sha: the commit that is looked at; empty for a repository without commits.
        folder: where a publisher of files writes tickets, from `path`.
        named: whether the settings name this source, so that a missing input is a fault.
        settings: what `scout.toml` says for this source: an instance of the source's own `settings` class.
        step: takes a short phrase about progress (pages, waits and when they end).
    """

    path: Path
    home: Path
    now: datetime
    salt: bytes
    known: Known
    repository: Repository | None = None
    sha: str = ""
    folder: str = "tickets"
    named: bool = False
    settings: SourceSettings = field(default_factory=SourceSettings)
    step: Callable[[str], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Access:
    """What it takes to ask a tracker about itself, rather than to pull from it.

    Attributes:
        home: the state folder, for budgets.
        now: the moment of the call (UTC).
        settings: to `examine`, an instance of the source's `settings`; to `discover`, of its `discovery`.
        step: takes a short phrase about progress.
    """

    home: Path
    now: datetime
    settings: SourceSettings
    step: Callable[[str], None] = lambda _: None


class Found(NamedTuple):
    """Something a tracker has that could be a project.

    Attributes:
        name: what it is called there, and what `include` and `exclude` are about: `rocket` of `acme/rocket`, `SCT`.
        keys: what a source's table must say to read it: `{"repository": "acme/rocket"}`.
        archived: whether nobody works on it any more.
        fork: whether it is a copy of another one.
    """

    name: str
    keys: Mapping[str, Any]
    archived: bool = False
    fork: bool = False


@dataclass(frozen=True, slots=True)
class StreamState:
    """How the pull of one stream ended.

    Attributes:
        outcome: present, absent, unavailable or not_applicable.
        reason: why, unless present or absent.
        required: whether the source as a whole counts as unavailable without it.
    """

    outcome: Outcome
    reason: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Pull:
    """How a pull ended. What it brought has gone to the sink.

    Attributes:
        outcome: present; absent (looked, and there is nothing); not_applicable; unavailable, also when only a part
            that is required is missing.
        reason: why, unless present: for a partial answer, what is missing.
        cursor: the position to hand to the next pull, a JSON object, with streams that could not be read where they
            were. None keeps nothing of this pull.
        replaced: streams whose rows of this project are replaced as a whole by what went to the sink. Never one that
            was not read to its end. For sources of records these are their own streams.
        unchanged: nothing is to be written, not even the cursor.
        streams: how each stream ended, for sources that have several; all of them, read or not.
        notes: what a reader of the run's report should know.
        until: when it is worth trying again (UTC), where the server said so.
    """

    outcome: Outcome
    reason: str = ""
    cursor: Mapping[str, Any] | None = None
    replaced: frozenset[str] = frozenset()
    unchanged: bool = False
    streams: Mapping[str, StreamState] = field(default_factory=dict[str, StreamState])
    notes: Sequence[str] = ()
    until: datetime | None = None


class Source(ABC):
    """A system that is pulled. The docstring of a concrete class is its page for users.

    Attributes:
        id: what users type.
        since: the first release that had it.
        streams: names of its streams.
        brings: the core tables that it fills.
        needs_checkout: whether it reads the project's checkout.
        settings: its table in `scout.toml`.
        discovery: its table under `[[discover]]`: its settings with what to search in, and empty defaults for what
            `Found.keys` brings; None where it cannot discover.
    """

    id: ClassVar[str]
    since: ClassVar[str]
    streams: ClassVar[tuple[str, ...]]
    brings: ClassVar[frozenset[type[CoreRow]]] = frozenset()
    needs_checkout: ClassVar[bool] = False
    settings: ClassVar[type[SourceSettings]] = SourceSettings
    discovery: ClassVar[type[SourceSettings] | None] = None

    @abstractmethod
    def pull(self, project: str, at: SourceContext, cursor: Mapping[str, Any] | None, sink: Sink) -> Pull:
        """Write what is new since `cursor` (None: everything) to `sink`. What cannot be read is an outcome.

        Raises:
            UnavailableError: it could not be read; nothing of this pull is kept.
        """

    def basis(self, at: SourceContext) -> str:
        """Return a digest of what core rows rest on besides the record: mappings and this code's version.

        When it changes, `core` is made anew from raw records, without asking the server.
        """
        del at
        return ""

    def core(self, stream: str, payload: bytes, at: SourceContext) -> Iterable[CoreRow]:
        """Return the core rows that follow from one raw record; pure. Sources without records return none."""
        del stream, payload, at
        return ()

    @classmethod
    def offer(cls, remote: str) -> Mapping[str, Any] | None:
        """Return the table that would read the tracker behind a git remote's address, or None where that is not ours.

        `scout init` shows it, commented out: a remote that was merely detected is never asked.
        """
        del remote
        return None

    def examine(self, at: Access) -> tuple[str, ...]:
        """Ask the tracker one cheap thing, and say who we are there, what we may do, and what is left of its limits.

        Nothing for sources that ask nobody.

        Raises:
            UnavailableError: it does not answer, or refuses; with the remedy.
        """
        del at
        return ()

    def discover(self, at: Access) -> Iterable[Found]:
        """Return what the tracker has that could be a project; only for sources with a table of `discovery`.

        Raises:
            UnavailableError: it does not answer, or there is no such owner, or we may not list there.
        """
        del at
        return ()
