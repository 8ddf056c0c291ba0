"""What a scout is. What it is given stands in `_view`, what its examples are made of in `_example`."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, WorkKind
from scout.settings import SignalSettings
from scout.signals._example import Commit, Example, Expected, Moved, lines, row
from scout.signals._view import NotApplicable, Reads, ShallowError, View

__all__ = [
    "Commit",
    "Example",
    "Expected",
    "Moved",
    "NotApplicable",
    "Reads",
    "Scout",
    "ShallowError",
    "View",
    "lines",
    "row",
]


class Scout(ABC):
    """A detector: looks at a repository and yields findings of one signal.

    A subclass stands alone in a module named like its id. Its docstring is the user's page: a summary line, then
    `## Why it matters`, `## What to do with it`, `## Severity` and `## Source`.

    Attributes:
        id: the signal, kebab-case.
        since: the version of Scout that brought it.
        reads: what it needs to see.
        welcomes: what it looks at where it is there, and does without where it is not.
        cap: how many findings of a repository are offered at most; None is without limit of its own.
        kind: what kind of work its findings ask for.
        worldly: whether its subjects are names of the world (a version of a runtime, a foreign repository), so that
            equal ones in two projects have one cause.
        settings: its table `[signals.<id>]` in `scout.toml`; a scout with keys of its own derives a class.
        examples: at least one that fires and one that stays quiet.
    """

    id: ClassVar[str]
    since: ClassVar[str]
    reads: ClassVar[frozenset[Reads]]
    welcomes: ClassVar[frozenset[Reads]] = frozenset()
    cap: ClassVar[int | None] = None
    kind: ClassVar[WorkKind]
    worldly: ClassVar[bool] = False
    settings: ClassVar[type[SignalSettings]] = SignalSettings
    examples: ClassVar[tuple[Example, ...]]

    def __init__(self, given: SignalSettings | None = None) -> None:
        self.given = given or self.settings()

    @abstractmethod
    def look(self, view: View) -> Iterator[Finding]:
        """Give what is found; evidence is resolved by the caller.

        Raises:
            UnavailableError: what the scout needs cannot be had: never taken for 'nothing found'.
            NotApplicable: the signal has no meaning for this repository.
        """
