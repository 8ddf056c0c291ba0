"""What every labeller is: a place where tickets get a label in place of its rivals, and get back what they had.

A labeller keeps nothing. It says in its own shape what a ticket was before and would be after, so that exactly that can
be restored, and it leaves a ticket alone that is neither.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from scout.model import Frozen
from scout.publish._base import Destination
from scout.settings import Section


class Labelled(Frozen):
    """A ticket as it is now.

    Attributes:
        labels: as the tracker has them.
        mark: what it is known again by.
    """

    ticket: str
    labels: tuple[str, ...]
    mark: str


def relabelled(labels: Sequence[str], label: str, rivals: Sequence[str]) -> tuple[str, ...]:
    """Return the labels that a ticket has when it has a label and none of its rivals; the others keep their order."""
    plain = {one.casefold() for one in rivals} - {label.casefold()}
    left = tuple(one for one in labels if one.casefold() not in plain)
    return left if label.casefold() in {one.casefold() for one in left} else (*left, label)


class Labeller(ABC):
    """Writes labels into one kind of tracker. The docstring of a concrete class is its page for users.

    Attributes:
        id: of the source whose tickets it labels.
        since: the first release that had it.
        needs_checkout: whether it writes into the project's checkout.
        settings: the class of what it is told; None where it needs nothing.
        place: keys of the source's settings that say where its tickets are: labels are written there, nowhere else.
    """

    id: ClassVar[str]
    since: ClassVar[str]
    needs_checkout: ClassVar[bool] = False
    settings: ClassVar[type[Section] | None] = None
    place: ClassVar[tuple[str, ...]] = ()

    def __init__(self, to: Destination) -> None:
        self.to = to

    @classmethod
    def shared(cls, source: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the settings of the source of the same name say for the labeller, too."""
        known = cls.settings.model_fields if cls.settings else {}
        return {name: value for name, value in source.items() if name in known}

    @property
    def tracker(self) -> str:
        """What one process at a time writes to, as publishers name it."""
        return str(getattr(self.to.settings, "server", "") or self.to.checkout / self.to.target)

    def check(self) -> None:  # noqa: B027 - a folder needs no questions
        """Make sure that labels can be written there at all.

        Raises:
            UnavailableError: there is no such place, not with this account, or it is closed.
        """

    def close(self) -> None:  # noqa: B027 - most hold nothing
        """Let go of connections."""

    def named(self, label: str) -> str:
        """Return a label as this tracker takes it."""
        return label

    @abstractmethod
    def read(self, tickets: Sequence[str]) -> Mapping[str, Labelled]:
        """Return tickets as they are now; those that are gone or closed are left out.

        Raises:
            UnavailableError: the tracker cannot be read now.
        """

    def missing(self, labels: Sequence[str]) -> tuple[str, ...]:
        """Return which of these labels have to be made before they can be used; by default none."""
        del labels
        return ()

    def make(self, label: str) -> None:  # noqa: B027 - a tracker without a list of labels has nothing to make
        """Make a label that `missing` named."""

    @abstractmethod
    def compose(self, now: Labelled, label: str, rivals: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what a ticket is and what it would be with a label in place of its rivals; nothing is written.

        Both are kept before anything is written, so that whoever is killed leaves enough to go on and to undo.

        Raises:
            ConflictError: it is not any more as it was read, or its labels cannot be set.
        """

    @abstractmethod
    def swap(self, ticket: str, was: Mapping[str, Any], will: Mapping[str, Any]) -> bool:
        """Make a ticket what it is to be; False when it is that already.

        Args:
            ticket: its key.
            was: one of the two that `compose` returned; undoing swaps them.
            will: the other.

        Raises:
            ConflictError: it is neither: somebody has changed it, or it is gone.
            UnavailableError: it could not be written, and nothing was: it may be tried again.
        """
