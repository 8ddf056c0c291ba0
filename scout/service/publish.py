"""File what reviewers accepted, each exactly once; without `live`, show exactly what would be filed."""

import logging
from contextlib import nullcontext
from enum import StrEnum
from typing import ClassVar, assert_never

from scout.errors import ScoutError, UnavailableError, UsageError
from scout.ledger import AttemptOutcome, Intent, Receipt
from scout.model import Candidate, Frozen, Report
from scout.publish import Destination, Filing, Publisher
from scout.publish.outbox import Step, due, next_step
from scout.registry import pick, plugins
from scout.review.transitions import accepted_revision
from scout.service.refinements import overtaken
from scout.service.tickets import current_tickets, target_of
from scout.service.verify import Presence, verify
from scout.service.wiring import Project, Workspace

log = logging.getLogger(__name__)


class Filed(StrEnum):
    """What became of an accepted candidate."""

    WOULD_FILE = "would file"
    FILED = "filed"
    FOUND = "found"
    HELD = "held"
    FAILED = "failed"


class PublishEntry(Frozen):
    """One accepted candidate on its way.

    Attributes:
        target: where it goes or went.
        ticket: the tracker's key for it; empty before it is filed.
        payload: exactly what would be written; empty once it is.
        reason: why it is held or failed.
    """

    candidate: str
    title: str
    outcome: Filed
    target: str
    ticket: str = ""
    payload: str = ""
    reason: str = ""


class PublishReport(Report):
    """What was filed, or would be.

    Attributes:
        failed: entries that could not be filed; their intent stays and is tried again.
        swept: whether the ledger had been restored: every marker was looked up before anything was filed.
    """

    schema_id: ClassVar[str] = "scout.publication/1"

    project: str
    live: bool
    entries: tuple[PublishEntry, ...]
    filed: int
    failed: int
    swept: bool = False


def publish(work: Workspace, project: Project, *, live: bool) -> PublishReport:
    """Go through the outbox of a project, oldest first; one process at a time.

    Before a candidate is filed for the first time its marker is looked up and its finding looked for again: what is
    there already is taken as filed, what is gone, or stands in another open ticket, is held and told.

    Raises:
        UnavailableError: another process is filing and does not end.
        UsageError: something is to be filed in the checkout of a project that has none.
    """
    with work.ledger.publishing() if live else nullcontext():
        lives = {one.id: one for one in work.ledger.candidates(project=project.id)}
        accepted = {
            one.id: revision
            for one in lives.values()
            if (revision := accepted_revision(one.decisions, work.now)) is not None
        }
        waiting = due(work.ledger.intents(project.id), accepted)
        courier = _Courier(work, project, live=live) if waiting else None
        entries = tuple(courier.carry(lives[intent.candidate], intent) for intent in waiting) if courier else ()
        swept = live and work.ledger.restored_at() is not None
        if swept:
            work.ledger.swept(work.now)
    return PublishReport(
        project=project.id,
        live=live,
        entries=entries,
        filed=sum(one.outcome in {Filed.FILED, Filed.FOUND} for one in entries),
        failed=sum(one.outcome is Filed.FAILED for one in entries),
        swept=swept,
    )


def publisher_of(project: Project) -> type[Publisher]:
    """Return the publisher that files for a project.

    Raises:
        UsageError: there is no such publisher, or it writes into a checkout and the project has none.
    """
    known: dict[str, type[Publisher]] = plugins(Publisher, "scout.publish", "scout.publishers")
    kind = pick(known, project.publisher, "publisher")
    if kind.needs_checkout and not project.has_checkout:
        message = f"The publisher '{kind.id}' writes into a checkout, and the project {project.id} has none."
        raise UsageError(message, "Give the project's `path` in the settings, or another publisher.")
    return kind


class _Courier:
    """Carries one accepted candidate at a time to the tracker."""

    def __init__(self, work: Workspace, project: Project, *, live: bool) -> None:
        self._work, self._project, self._live = work, project, live
        to = Destination(checkout=project.path, target=target_of(project), now=work.now)
        self._publisher = publisher_of(project)(to)
        self._open = [ticket for ticket in current_tickets(work, project) if ticket.state.is_open]

    def carry(self, candidate: Candidate, intent: Intent) -> PublishEntry:
        """File it or say why not; nothing that happens to one stops the others."""
        draft = self._work.ledger.draft(candidate.id, intent.revision)
        filing = Filing(intent=intent, draft=draft, fingerprint=candidate.fingerprint, labels=(candidate.signal,))
        entry = PublishEntry(candidate=candidate.id, title=draft.title, outcome=Filed.WOULD_FILE, target=intent.target)
        try:
            return (self._rewritten if candidate.refines else self._settled)(candidate, filing, entry)
        except UnavailableError as error:
            log.warning("%s could not be filed: %s", candidate.id, error.what)
            return entry.having(outcome=Filed.FAILED, reason=str(error))
        except ScoutError as error:
            return entry.having(outcome=Filed.HELD, reason=str(error))

    def _settled(self, candidate: Candidate, filing: Filing, entry: PublishEntry) -> PublishEntry:
        key = filing.intent.key
        step = next_step(filing.intent, None, self._work.now)
        if step is Step.WAIT:
            return entry.having(outcome=Filed.HELD, reason="An earlier attempt may not show yet; try again later.")
        if (receipt := self._publisher.find(key)) is not None:
            if self._live:
                self._receive(receipt)
            return entry.having(outcome=Filed.FOUND, ticket=receipt.ticket, target=receipt.url)
        if (same := next((one.key for one in self._open if candidate.fingerprint in one.body), None)) is not None:
            reason = (
                f"The open ticket {same} carries it already, perhaps from another state folder: reject the candidate."
            )
            return entry.having(outcome=Filed.HELD, reason=reason)
        if reason := self._unproven(candidate, filing.draft.sha):
            return entry.having(outcome=Filed.HELD, reason=reason)
        if not self._live:
            payload = self._publisher.preview(filing)
            return entry.having(target=payload.where, payload=payload.content)
        return self._sent(filing, entry)

    def _rewritten(self, candidate: Candidate, filing: Filing, entry: PublishEntry) -> PublishEntry:
        """Put a refinement in its ticket's place; one that stands there already was written before."""
        ticket = next((one for one in self._open if one.key == candidate.subject), None)
        if ticket is not None and ticket.body.strip() == filing.draft.body.strip():
            receipt = Receipt(key=filing.intent.key, ticket=ticket.key, url=ticket.url, at=self._work.now)
            if self._live:
                self._receive(receipt)
            return entry.having(outcome=Filed.FOUND, ticket=ticket.key)
        reason = overtaken(self._work, self._project, candidate, filing.draft)
        if reason or ticket is None:
            return entry.having(outcome=Filed.HELD, reason=reason)
        payload = self._publisher.rewrite(filing, ticket, live=False)
        if not self._live:
            return entry.having(target=payload.where, payload=payload.content)
        key, ledger = filing.intent.key, self._work.ledger
        ledger.attempt(key, AttemptOutcome.STARTED, at=self._work.now)
        try:
            self._publisher.rewrite(filing, ticket, live=True)
        except ScoutError as error:
            ledger.attempt(key, AttemptOutcome.FAILED, at=self._work.now, detail=error.what)
            raise
        self._receive(Receipt(key=key, ticket=ticket.key, url=payload.where, at=self._work.now))
        return entry.having(outcome=Filed.FILED, ticket=ticket.key, target=payload.where)

    def _unproven(self, candidate: Candidate, sha: str) -> str:
        """Return why the evidence does not hold now, or nothing."""
        answer = verify(self._work, self._project, candidate.fingerprint, seen=sha)
        match answer.presence:
            case Presence.STILL_THERE:
                return ""
            case Presence.GONE:
                return f"The finding is gone at {answer.looked_at[:12]}: reject the candidate, or undo what hid it."
            case Presence.UNKNOWN:
                return f"The finding cannot be looked for now: {answer.reason}"
            case _:
                assert_never(answer.presence)

    def _sent(self, filing: Filing, entry: PublishEntry) -> PublishEntry:
        key, ledger = filing.intent.key, self._work.ledger
        ledger.attempt(key, AttemptOutcome.STARTED, at=self._work.now)
        try:
            receipt = self._publisher.file(filing)
        except ScoutError as error:
            ledger.attempt(key, AttemptOutcome.FAILED, at=self._work.now, detail=error.what)
            raise
        self._receive(receipt)
        return entry.having(outcome=Filed.FILED, ticket=receipt.ticket, target=receipt.url)

    def _receive(self, receipt: Receipt) -> None:
        self._work.ledger.receive(receipt.key, receipt.ticket, receipt.url, self._work.now)
