"""What every publisher is: a place to look a marker up in, and to file one candidate."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from scout.errors import UsageError
from scout.ledger import Intent, Receipt
from scout.model import Draft, Frozen, Ticket, Visibility
from scout.settings import Section


def _silent(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a publisher files.

    Attributes:
        checkout: the project's path.
        target: where to, in the publisher's words, as `Intent.target` has it.
        now: the clock (UTC), for receipts.
        home: the state folder, where limits of servers are remembered.
        settings: what `scout.toml` says for it, as the publisher's own class; None where it has none.
        step: takes a short phrase when a longer wait begins.
    """

    checkout: Path
    target: str
    now: datetime
    home: Path = Path()
    settings: Section | None = None
    step: Callable[[str], None] = _silent


class Filing(Frozen):
    """One accepted revision on its way to a tracker.

    Attributes:
        intent: what the ledger holds since the acceptance; its key marks the ticket.
        draft: the revision that was accepted.
        fingerprint: of the candidate's finding.
        labels: to set beside the size.
        whole: where the whole text stands, should a tracker take only its beginning.
    """

    intent: Intent
    draft: Draft
    fingerprint: str
    labels: tuple[str, ...] = ()
    whole: str = ""


class Payload(Frozen):
    """Exactly what would be sent.

    Attributes:
        where: the place, in the publisher's words: a path in the checkout, a URL.
        content: the text.
    """

    where: str
    content: str


class Relative(Frozen):
    """The ticket of the same cause in another project, where it was seen first.

    Attributes:
        target: where it was filed, in the words of the publisher that both have.
    """

    target: str
    ticket: str
    url: str


class Publisher(ABC):
    """A place to file accepted candidates in. The docstring of a concrete class is its page for users.

    Attributes:
        id: what users type.
        since: the first release that had it.
        needs_checkout: whether it writes into the project's checkout.
        settings: the class of its table in `scout.toml`; None where it has no keys of its own.
    """

    id: ClassVar[str]
    since: ClassVar[str]
    needs_checkout: ClassVar[bool] = False
    settings: ClassVar[type[Section] | None] = None

    def __init__(self, to: Destination) -> None:
        self.to = to

    @classmethod
    def shared(cls, source: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the settings of the source of the same name say for the publisher, too."""
        known = cls.settings.model_fields if cls.settings else {}
        return {name: value for name, value in source.items() if name in known}

    @classmethod
    def place(cls, settings: Section) -> str:
        """Return where it files, as the outbox names it."""
        return str(getattr(settings, "repository", ""))

    @classmethod
    def tracker(cls, settings: Section) -> str:
        """Return what one process at a time writes to: the server, whatever is filed there; empty for a folder."""
        return str(getattr(settings, "server", ""))

    @property
    def lag(self) -> timedelta:
        """How long it may take until `find` sees what was filed."""
        return timedelta()

    def readers(self) -> Visibility | None:
        """Return who may read what is filed, after all that can be checked beforehand; None: whoever sees the project.

        Raises:
            UnavailableError: nothing could be filed there: no such place, not with this account, closed.
            SettingsError: the settings lack what the tracker wants.
        """
        return None

    def keys(self) -> Mapping[str, Receipt]:
        """Return what bears any marker of ours, by key, as far as it can be listed.

        Raises:
            UnavailableError: the tracker cannot be read now.
        """
        return {}

    def close(self) -> None:  # noqa: B027 - most hold nothing
        """Let go of connections."""

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
            UnclearError: whether it was filed is unknown: it has to be looked for.
            UnavailableError: it could not be filed, and nothing was: it may be tried again.
        """

    def relates(self) -> bool:
        """Whether it can make one ticket part of another."""
        return False

    def relate(self, ticket: str, parent: Relative, *, live: bool) -> Payload | None:
        """Make a ticket of ours part of another; return what is written, or None when it is that already.

        Looking comes first, so that it is safe to do again when nobody knows how it ended.

        Args:
            ticket: its key.
            parent: the other.
            live: write; without it nothing is.

        Raises:
            UnavailableError: the tracker cannot be asked, or refuses.
        """
        del ticket, parent, live
        return None

    def rewritten(self, filing: Filing, ticket: Ticket) -> Receipt | None:
        """Return the receipt of a refinement that its ticket has already, or None."""
        if ticket.body.strip() != filing.draft.body.strip():
            return None
        return Receipt(key=filing.intent.key, ticket=ticket.key, url=ticket.url, at=self.to.now)

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
