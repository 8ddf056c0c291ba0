"""What every publisher is: a place to look a marker up in, and to file one candidate."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from scout.errors import UsageError
from scout.ledger import Intent, Receipt
from scout.model import Draft, Frozen, Ticket


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a publisher files.

    Attributes:
        checkout: the project's path.
        target: where to, in the publisher's words, as `Intent.target` has it.
        now: the clock (UTC), for receipts.
    """

    checkout: Path
    target: str
    now: datetime


class Filing(Frozen):
    """One accepted revision on its way to a tracker.

    Attributes:
        intent: what the ledger holds since the acceptance; its key marks the ticket.
        draft: the revision that was accepted.
        fingerprint: of the candidate's finding.
        labels: to set beside the size.
    """

    intent: Intent
    draft: Draft
    fingerprint: str
    labels: tuple[str, ...] = ()


class Payload(Frozen):
    """Exactly what would be sent.

    Attributes:
        where: the place, in the publisher's words: a path in the checkout, a URL.
        content: the text.
    """

    where: str
    content: str


class Publisher(ABC):
    """A place to file accepted candidates in. The docstring of a concrete class is its page for users.

    Attributes:
        id: what users type.
        since: the first release that had it.
        needs_checkout: whether it writes into the project's checkout.
    """

    id: ClassVar[str]
    since: ClassVar[str]
    needs_checkout: ClassVar[bool] = False

    def __init__(self, to: Destination) -> None:
        self.to = to

    @abstractmethod
    def find(self, key: str) -> Receipt | None:
        """Return the receipt of what bears the marker `key`, or None.

        Looked up before every first attempt (another ledger, a restored backup) and after every unknown outcome.

        Raises:
            UnavailableError: the tracker cannot be read now.
        """

    @abstractmethod
    def preview(self, filing: Filing) -> Payload:
        """Return exactly what `file` would send now; nothing is written."""

    @abstractmethod
    def file(self, filing: Filing) -> Receipt:
        """File a candidate, marked with its key, and return the receipt; what is there already is found instead.

        Raises:
            UnavailableError: it could not be filed, and nothing was: it may be tried again.
        """

    def rewrite(self, filing: Filing, ticket: Ticket, *, live: bool) -> Payload:
        """Put a refinement's text in place of a ticket's, if that is still as it was given; return what is written.

        Args:
            filing: the accepted refinement.
            ticket: the ticket as it was read; what has another text by now is left alone.
            live: write; without it nothing is.

        Raises:
            UsageError: this publisher writes new tickets only.
            ConflictError: the ticket has another text, or is gone.
            UnavailableError: it could not be written, and nothing was.
        """
        del filing, live
        message = f"The publisher '{self.id}' does not rewrite tickets."
        raise UsageError(message, f"Change {ticket.key} by hand as the refinement says, then reject it.")
