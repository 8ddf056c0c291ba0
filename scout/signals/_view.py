"""What a scout is given to look at."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypeVar, cast

from pydantic import BaseModel

from scout.errors import UnavailableError
from scout.model import Visibility
from scout.repository import History, Repository, Tag, Tree
from scout.signals._core import Core
from scout.signals._flow import FlowFacts
from scout.warehouse.records import CHANGE_TABLES, RUN_TABLES, TICKET_TABLES, CoreRow, ReleaseRow

_T = TypeVar("_T")
_Shape = TypeVar("_Shape", bound=BaseModel)


class Reads(StrEnum):
    """What a scout needs to see. What of it cannot be had ends its look as `unavailable` or `not_applicable`."""

    TREE = "tree"
    HISTORY = "history"
    TICKETS = "tickets"
    CHANGES = "changes"
    RUNS = "runs"
    RELEASES = "releases"
    PORTFOLIO = "portfolio"
    MODEL = "model"
    FLOW = "flow"


_TABLES: Mapping[Reads, frozenset[type[CoreRow]]] = {
    Reads.TICKETS: TICKET_TABLES,
    Reads.CHANGES: CHANGE_TABLES,
    Reads.RUNS: RUN_TABLES,
    Reads.RELEASES: frozenset({ReleaseRow}),
    Reads.FLOW: TICKET_TABLES | CHANGE_TABLES | RUN_TABLES | {ReleaseRow},
}


def tables_of(reads: Iterable[Reads]) -> tuple[type[CoreRow], ...]:
    """Return the core tables behind what is read of trackers, by name."""
    found = {kind for one in reads for kind in _TABLES.get(one, ())}
    return tuple(sorted(found, key=lambda kind: kind.__name__))


class ShallowError(UnavailableError):
    """The clone's older history is cut off, so no age can be told."""

    def __init__(self) -> None:
        super().__init__("The clone is shallow, so ages are unknown.", "Run `git fetch --unshallow` there.")


class NotApplicable(Exception):  # noqa: N818 an answer, not a fault
    """The signal has no meaning for this repository; the text says why, in a clause."""


class Ask(Protocol):
    """A model that answers in a closed shape."""

    def __call__(self, instruction: str, brief: str, shape: type[_Shape]) -> _Shape:
        """Return an answer; the same question about the same brief is asked once, and its answer kept.

        Args:
            instruction: what is wanted, in the scout's words.
            brief: what it is about, in the words of others.
            shape: a closed model of the answer.

        Raises:
            UnavailableError: there is no answer now: the endpoint, its limits, the budget or its words forbid it.
        """
        ...


@dataclass(frozen=True)
class View:
    """One project at one commit, as scouts see it. Scouts read; they run nothing.

    Attributes:
        now: the clock of this look (UTC); ages are counted up to it.
        tags: tags that were there by then, oldest first.
        core: what trackers say, as it was last pulled.
        visibility: who may see the project.
        siblings: the other projects of the portfolio that have a checkout, by id.
        project: its own id there; empty where it has none.
        model: answers questions about the project, where its settings allow one.
        lacking: why something cannot be read, by what it is.
        measured: measures the project's flow; what a sibling's gives is what its own last look measured.
    """

    checkout: "Checkout | None" = field(repr=False)
    now: datetime
    tags: tuple[Tag, ...] = ()
    core: Core = field(default=Core(), repr=False)
    visibility: Visibility = Visibility.PRIVATE
    siblings: "Mapping[str, View]" = field(default_factory=dict[str, "View"], repr=False)
    project: str = ""
    model: "Ask | None" = field(default=None, repr=False)
    lacking: Mapping[Reads, UnavailableError | NotApplicable] = field(
        default_factory=dict[Reads, UnavailableError | NotApplicable]
    )
    measured: Callable[[], FlowFacts] = field(default=FlowFacts, repr=False)

    @classmethod
    def of(cls, repository: Repository, sha: str, now: datetime) -> "View":
        """Return the view of a commit at a moment (UTC)."""
        tags = tuple(tag for tag in repository.tags() if tag.at <= now or tag.sha == sha)
        objects = repository.objects
        checkout = Checkout(
            repository.root, repository.tree(sha), repository.history(sha), objects.commits, objects.read
        )
        return cls(checkout, now, tags)

    @property
    def tree(self) -> Tree:
        """The files of the commit.

        Raises:
            NotApplicable: the project has no checkout.
        """
        return self._checked_out.tree

    @property
    def history(self) -> History:
        """The history that leads to the commit.

        Raises:
            NotApplicable: the project has no checkout.
        """
        return self._checked_out.history

    def commits(self, names: Iterable[str]) -> Mapping[str, str]:
        """Return which of some commit names are commits of this copy, each with its full name."""
        return self.checkout.commits(names) if self.checkout else {}

    def blob(self, name: str) -> bytes | None:
        """Return a content by its name, such as one of `FileChange`; None when it is not in this copy."""
        return self.checkout.blob(name) if self.checkout else None

    def needs(self, reads: Iterable[Reads]) -> None:
        """Make sure that all of these can be read.

        Raises:
            UnavailableError: one of them cannot be had.
            NotApplicable: one of them has no meaning for this project.
        """
        for one in sorted(reads):
            if one in self.lacking:
                raise self.lacking[one]
            if one in {Reads.TREE, Reads.HISTORY}:
                _ = self._checked_out
            if one is Reads.MODEL and self.model is None:
                message = "no model is set for this project"
                raise NotApplicable(message)

    def once(self, ask: "Callable[[View], _T]") -> _T:
        """Return what a function of a view says of this one; it is asked once for all scouts, and its answer kept."""
        if ask not in self._answers:
            self._answers[ask] = ask(self)
        return cast("_T", self._answers[ask])

    def sharing(self, answers: "dict[Callable[[View], object], object]") -> "View":
        """Return this view with what was answered of the same commit before (see `once`); its own answers join it."""
        shared = replace(self)
        vars(shared)["_answers"] = answers
        return shared

    @cached_property
    def flow(self) -> FlowFacts:
        """What measuring the project's flow found; it is measured at the first question."""
        return self.measured()

    @cached_property
    def _answers(self) -> "dict[Callable[[View], object], object]":
        return {}

    def needs_ages(self) -> None:
        """Make sure that ages can be told.

        Raises:
            ShallowError: the clone's older history is cut off.
        """
        if self.history.shallow:
            raise ShallowError

    @property
    def _checked_out(self) -> "Checkout":
        if self.checkout is None:
            message = "the project has no checkout"
            raise NotApplicable(message)
        return self.checkout


@dataclass(frozen=True)
class Checkout:
    """One commit of a repository.

    Attributes:
        place: the repository's folder.
        commits: tells which of some commit names are commits of this copy.
        blob: gives a content by its name, or None where it is not in this copy.
    """

    place: Path
    tree: Tree
    history: History
    commits: Callable[[Iterable[str]], Mapping[str, str]] = field(repr=False)
    blob: Callable[[str], bytes | None] = field(repr=False)
