"""What the ledger records beside candidates and decisions: frozen values, as rows hold them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from scout.model import Frozen


class AttemptOutcome(StrEnum):
    """How an attempt to file something went.

    `started` is written before anything is sent: without a later row it means as much as `unknown`.
    """

    STARTED = "started"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Attempt(Frozen):
    """One step of publishing: `number` counts from 1 within the intent."""

    number: int
    at: datetime
    outcome: AttemptOutcome
    detail: str = ""


class Intent(Frozen):
    """The wish to file one revision, written together with the acceptance that allows it.

    Attributes:
        key: idempotency key; unique in the ledger.
        publisher: id of the publisher that is to file it.
        target: where to, in the publisher's words (a repository, a project key, a folder).
        attempts: what was tried so far, oldest first; filled in by the ledger.
    """

    key: Annotated[str, Field(min_length=1)]
    project: str
    candidate: str
    revision: int
    publisher: str
    target: str
    at: datetime
    attempts: tuple[Attempt, ...] = ()


class Receipt(Frozen):
    """A tracker's answer: the ticket that an intent has become."""

    key: str
    ticket: str
    url: str
    at: datetime


class Purpose(StrEnum):
    """For whom ready work was asked."""

    AGENT = "agent"
    PERSON = "person"


class Request(Frozen):
    """Somebody asked for `asked` pieces of ready work when `available` were there."""

    project: str
    at: datetime
    asked: Annotated[int, Field(ge=0)]
    available: Annotated[int, Field(ge=0)]
    purpose: Purpose


class Claim(Frozen):
    """A lease on a ticket.

    Attributes:
        holder: a label that the claimer chose; two claimers with the same label are still two.
        until: when the lease ends (UTC, exclusive).
    """

    project: str
    ticket: str
    holder: str
    at: datetime
    until: datetime


class VerdictChange(Frozen):
    """What a ticket's readiness became: `digest` is of what was judged, `total` is 0..1."""

    project: str
    ticket: str
    digest: str
    ready: bool
    total: float
    at: datetime


class Reservation(Frozen):
    """The most that one question to a language model may cost, written down before it is sent.

    Attributes:
        number: given by the ledger.
        run: the call of Scout that asks; random.
        project: whose texts the question is about.
        day: ISO date (UTC).
        tokens: of question and answer.
        money: millionths of the unit that prices are given in.
    """

    number: int = 0
    run: str
    project: str
    day: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
    tokens: Annotated[int, Field(ge=0)]
    money: Annotated[int, Field(ge=0)]
    at: datetime


class Entry(Frozen):
    """One line of the audit trail: who (a role or chosen label) did what to which subject."""

    at: datetime
    actor: str
    verb: str
    project: str
    subject: str
    details: dict[str, Any] = Field(default_factory=dict)
