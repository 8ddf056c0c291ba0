"""What a scout is, what it is given, and what its examples look like."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NamedTuple

from scout.errors import UnavailableError
from scout.model import Finding, WorkKind
from scout.repository import History, Repository, Tag, Tree


class Reads(StrEnum):
    """What a scout needs to see."""

    TREE = "tree"
    HISTORY = "history"


class ShallowError(UnavailableError):
    """The clone's older history is cut off, so no age can be told."""

    def __init__(self) -> None:
        super().__init__("The clone is shallow, so ages are unknown.", "Run `git fetch --unshallow` there.")


class NotApplicable(Exception):  # noqa: N818 an answer, not a fault
    """The signal has no meaning for this repository; the text says why, in a clause."""


@dataclass(frozen=True)
class View:
    """One repository at one commit, as scouts see it. Scouts read; they run nothing.

    Attributes:
        now: the clock of this look (UTC); ages are counted up to it.
        tags: tags that were there by then, oldest first.
        commits: tells which of some commit names are commits of this copy.
    """

    tree: Tree
    history: History
    now: datetime
    tags: tuple[Tag, ...]
    commits: Callable[[Iterable[str]], Mapping[str, str]] = field(repr=False)

    @classmethod
    def of(cls, repository: Repository, sha: str, now: datetime) -> "View":
        """Return the view of a commit at a moment (UTC)."""
        tags = tuple(tag for tag in repository.tags() if tag.at <= now)
        return cls(repository.tree(sha), repository.history(sha), now, tags, repository.objects.commits)

    def needs_ages(self) -> None:
        """Make sure that ages can be told.

        Raises:
            ShallowError: the clone's older history is cut off.
        """
        if self.history.shallow:
            raise ShallowError


@dataclass(frozen=True)
class Commit:
    """One commit of an example's repository.

    Attributes:
        at: author and committer date, ISO 8601.
        files: content by path (text or bytes), None to delete, `Moved` to rename.
        author: a label; equal labels are the same person.
    """

    at: str
    files: Mapping[str, "str | bytes | Moved | None"]
    message: str = "Change things"
    author: str = "first"


def lines(*rows: str) -> str:
    """Return a file's text from its lines."""
    return "".join(f"{row}\n" for row in rows)


class Moved(NamedTuple):
    """The file comes from another path, unchanged."""

    path: str


class Expected(NamedTuple):
    """A finding that an example must bring: its subject and its first locator."""

    subject: str
    locator: str


@dataclass(frozen=True)
class Example:
    """A small repository and what the scout has to say about it; it runs as a test and stands on the scout's page.

    Attributes:
        name: what the example shows, a short sentence without a full stop.
        now: the clock, ISO 8601.
        finds: expected findings that are offered, in order; none for a quiet example.
    """

    name: str
    commits: tuple[Commit, ...]
    now: str
    finds: tuple[Expected, ...] = ()


class Scout(ABC):
    """A detector: looks at a repository and yields findings of one signal.

    A subclass stands alone in a module named like its id. Its docstring is the user's page: a summary line, then
    `## Why it matters`, `## What to do with it`, `## Severity` and `## Source`.

    Attributes:
        id: the signal, kebab-case.
        since: the version of Scout that brought it.
        reads: what it needs to see.
        cap: how many findings of a repository are offered at most; None is without limit of its own.
        kind: what kind of work its findings ask for.
        examples: at least one that fires and one that stays quiet.
    """

    id: ClassVar[str]
    since: ClassVar[str]
    reads: ClassVar[frozenset[Reads]]
    cap: ClassVar[int | None] = None
    kind: ClassVar[WorkKind]
    examples: ClassVar[tuple[Example, ...]]

    @abstractmethod
    def look(self, view: View) -> Iterator[Finding]:
        """Give what is found; evidence is resolved by the caller.

        Raises:
            UnavailableError: what the scout needs cannot be had: never taken for 'nothing found'.
            NotApplicable: the signal has no meaning for this repository.
        """
