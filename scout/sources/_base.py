"""What every source is: one pull, as streams of Arrow batches, from where the last one ended."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Protocol

from scout.model import Outcome
from scout.repository import Repository


class Rows(Protocol):
    """A record batch of Arrow."""

    @property
    def num_rows(self) -> int:
        """How many rows it has."""
        ...

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the rows as a stream of Arrow's C interface."""
        ...


@dataclass(frozen=True, slots=True)
class SourceContext:
    """Where and when a pull happens.

    Attributes:
        path: the project's checkout, or the folder its settings name.
        now: the moment of the run (UTC).
        salt: secret key of the pseudonyms, made once for a state folder; at most 64 bytes.
        repository: the checkout's repository, opened and closed by the caller; None where there is none.
        sha: the commit that is looked at; empty for a repository without commits.
        settings: what `scout.toml` says for this source.
    """

    path: Path
    now: datetime
    salt: bytes
    repository: Repository | None = None
    sha: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Pull:
    """What a pull brought, or why it brought nothing.

    Attributes:
        outcome: present; absent (looked, and there is nothing); not_applicable; unavailable.
        reason: why, unless present.
        batches: pairs of a stream's name and rows of it, in bounded memory; to be read once. Reading may raise
            `UnavailableError`: then nothing of this pull may be kept.
        replaced: streams whose rows of this project are replaced as a whole; rows of the others are merged by key.
        cursor: the position to hand to the next pull, a JSON object.
        unchanged: nothing is to be written, not even the cursor.
        notes: what a reader of the run's report should know; complete once `batches` has been read.
    """

    outcome: Outcome
    reason: str = ""
    batches: Iterable[tuple[str, Rows]] = ()
    replaced: frozenset[str] = frozenset()
    cursor: Mapping[str, Any] = field(default_factory=dict[str, Any])
    unchanged: bool = False
    notes: list[str] = field(default_factory=list[str])


class Source(ABC):
    """A system that is pulled. The docstring of a concrete class is its page for users.

    Attributes:
        id: what users type.
        since: the first release that had it.
        streams: names of its streams; the warehouse says which columns they have.
    """

    id: ClassVar[str]
    since: ClassVar[str]
    streams: ClassVar[tuple[str, ...]]

    @abstractmethod
    def pull(self, project: str, at: SourceContext, cursor: Mapping[str, Any] | None) -> Pull:
        """Return what is new since `cursor` (None: everything). What cannot be read is an outcome, not an error."""
