"""What archives look like, and how each is taken apart into things that a tracker would have served."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple

from scout.sources._imports.pieces import Piece


class Kind(StrEnum):
    """What a thing is; where no tracker is named, as GitHub's REST API shows it."""

    ISSUE = "issue"
    PULL = "pull"
    COMMENT = "comment"
    REVIEW_COMMENT = "review comment"
    EVENT = "event"
    REVIEW = "review"
    COMMIT = "commit"
    FILE = "file"
    LABEL = "label"
    JIRA = "jira issue"
    JIRA_PROJECT = "jira project"
    ROW = "row"


class Thing(NamedTuple):
    """One thing of a tracker.

    Attributes:
        value: as the tracker's API shows it; a `Row` for a row of a sheet.
        parent: number of the issue or pull request it hangs on; 0 for what stands for itself.
    """

    kind: Kind
    value: Any
    parent: int = 0


class UnfitError(Exception):
    """A piece that is not what its file's shape says; the message is a clause about it."""


class Shape(ABC):
    """A way archives are written.

    Attributes:
        id: what users type.
        about: what it looks like, in a clause.
        tracker: whose things they are: `github` or `jira`.
    """

    id: str
    about: str
    tracker: str

    @abstractmethod
    def fits(self, piece: Piece) -> bool:
        """Whether a piece is one of this shape and of no other."""

    def of_envelope(self, value: Any) -> Iterable[Thing]:
        """Return the things in what an envelope says beside its arrays; nothing where that does not matter."""
        del value
        return ()

    @abstractmethod
    def things(self, piece: Piece) -> Iterable[Thing]:
        """Return the things in a piece, an issue before what hangs on it.

        Raises:
            UnfitError: it is not of this shape.
        """
