"""Carries accepted candidates to the tracker, one at a time; nothing is sent that does not hold at that moment."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from enum import StrEnum
from typing import Self

from scout.drafts.permalinks import permalinks
from scout.errors import ScoutError, StoreError, UnavailableError
from scout.ledger import AttemptOutcome, Intent, Receipt
from scout.llm import redacted
from scout.model import Candidate, Decision, Draft, Event, Frozen, Visibility
from scout.publish import Filing
from scout.publish.markers import CUT, begun, cut_note
from scout.publish.outbox import in_doubt, to_watch
from scout.remote.failure import RemoteError, UnclearError
from scout.remote.pausing import pause
from scout.repository import Repository
from scout.service.publishers import publisher_for
from scout.service.refinements import overtaken
from scout.service.relating import Related, relate, waiting
from scout.service.since import Objection, hidden, repeated, unproven
from scout.service.tickets import current_tickets
from scout.service.wiring import Project, Workspace
from scout.text.sanitise import sanitise, sanitise_title

log = logging.getLogger(__name__)


LONGEST = 50_000
"""Characters of a text that are made inert; what is longer is cut first, so that what is said of it stays alive."""


class Filed(StrEnum):
    """What became of an accepted candidate.

    `returned`: the world has changed since the yes; it waits for a decision again, with the reason.
    """

    WOULD_FILE = "would file"
    FILED = "filed"
    FOUND = "found"
    HELD = "held"
    RETURNED = "returned"
    FAILED = "failed"


class PublishEntry(Frozen):
    """One accepted candidate on its way.

    Attributes:
        target: where it goes or went.
        ticket: the tracker's key for it; empty before it is filed.
        payload: exactly what would be written; empty once it is.
        differs: how its words differ from what was accepted; empty where they do not, and once it is written.
        reason: why it is held or failed.
    """

    candidate: str
    title: str
    outcome: Filed
    target: str
    ticket: str = ""
    payload: str = ""
    differs: str = ""
    reason: str = ""


class Courier:
    """Files what is accepted in one project's tracker.

    Args:
        work: the workspace.
        project: whose candidates.
        fence: our word in the ledger; empty for a dry run, which writes nothing anywhere.
        clock: seconds, never going back.
        sleep: waits for some seconds.
    """

    def __init__(
        self,
        work: Workspace,
        project: Project,
        fence: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = pause,
    ) -> None:
        self._work, self._project, self._fence = work, project, fence
        self._clock, self._sleep, self._since = clock, sleep, clock()
        self._publisher = publisher_for(work, project)
        self._readers: Visibility | None = None
        self._open = [ticket for ticket in current_tickets(work, project) if ticket.state.is_open]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._publisher.close()

    def sweep(self) -> Mapping[str, Receipt]:
        """Return everything of ours in the tracker, once it must show what was filed before a ledger was restored."""
        self._publisher.readers()
        self._wait(self._publisher.lag)
        return self._publisher.keys()

    def carry(self, lives: Mapping[str, Candidate], waiting: Iterable[Intent]) -> Iterator[PublishEntry]:
        """File what waits, or say why not; what is in doubt comes last, after the tracker had time to show it."""
        sure, doubtful = list[Intent](), list[Intent]()
        for one in waiting:
            (doubtful if in_doubt(one) else sure).append(one)
        self._readers = self._publisher.readers()
        stop: RemoteError | None = None
        for intent in sure:
            entry, error = self._tried(lives[intent.candidate], intent, stop)
            if isinstance(error, UnclearError) and not error.everywhere:
                doubtful.append(intent)
                self._since = self._clock()
            else:
                yield entry
            stop = error if isinstance(error, RemoteError) and error.everywhere else stop
        if doubtful and self._fence and stop is None:
            longest = max(self._to_watch(one) for one in self._again(doubtful))
            self._wait(longest)
        for intent in self._again(doubtful):
            entry, error = self._tried(lives[intent.candidate], intent, stop)
            stop = error if isinstance(error, RemoteError) and error.everywhere else stop
            yield entry

    def relate(self) -> tuple[Related, ...]:
        """Make what was filed part of what was filed first of the same cause, in another project."""
        pairs = waiting(self._work, self._project)
        return tuple(relate(self._work, pairs, self._publisher, live=bool(self._fence)))

    def _again(self, intents: Iterable[Intent]) -> list[Intent]:
        """Return intents with what was tried by now."""
        known = {one.key: one for one in self._work.ledger.intents(self._project.id)}
        return [known.get(one.key, one) for one in intents]

    def _to_watch(self, intent: Intent) -> timedelta:
        if self._clock() < self._since:
            return self._publisher.lag
        watched = timedelta(seconds=self._clock() - self._since)
        return to_watch(intent, self._work.now, self._publisher.lag, watched)

    def _wait(self, span: timedelta) -> None:
        if span > timedelta():
            log.info("Waiting %s until the tracker shows what may have been filed.", span)
            self._sleep(span.total_seconds())

    def _tried(
        self, candidate: Candidate, intent: Intent, stop: RemoteError | None
    ) -> tuple[PublishEntry, ScoutError | None]:
        """File it or say why not; nothing that happens to one stops the others, but what would happen to all."""
        draft = self._work.ledger.draft(candidate.id, intent.revision)
        page = self._work.loaded.settings.serve.page.rstrip("/")
        whole = f"{page}/candidates/{candidate.id}" if page else f"scout inbox show {candidate.id}"
        draft = draft if candidate.refines else self._inert(draft, whole)
        filing = Filing(
            intent=intent, draft=draft, fingerprint=candidate.fingerprint, labels=(candidate.signal,), whole=whole
        )
        entry = PublishEntry(candidate=candidate.id, title=draft.title, outcome=Filed.WOULD_FILE, target=intent.target)
        if stop is not None:
            return entry.having(outcome=Filed.FAILED, reason=str(stop)), None
        try:
            return (self._refined if candidate.refines else self._settled)(candidate, filing, entry), None
        except (UnavailableError, StoreError) as error:
            log.warning("%s could not be filed: %s", candidate.id, error.what)
            return entry.having(outcome=Filed.FAILED, reason=str(error)), error
        except ScoutError as error:
            return entry.having(outcome=Filed.HELD, reason=str(error)), error

    def _inert(self, draft: Draft, whole: str) -> Draft:
        """Return a text without secrets and without what would come alive in a tracker, whoever has written it.

        A refinement is left as it is: most of it stands in the tracker already, in the words of others.
        """
        text = redacted(draft.body)
        body = sanitise(begun(text, LONGEST) if len(text) > LONGEST else text, self._links(draft.sha))
        cut = cut_note(len(text), whole) if len(text) > LONGEST else ""
        return draft.having(title=sanitise_title(redacted(draft.title)), body=f"{body.rstrip()}{cut}" if cut else body)

    def _links(self, sha: str) -> tuple[str, ...]:
        """Return what addresses may begin with: those of the project's own lines and commits."""
        if not self._project.has_checkout:
            return ()
        with Repository.open(self._project.checkout) as repository:
            remotes = repository.remotes()
        links = permalinks(remotes.get("origin") or next(iter(remotes.values()), ""), sha)
        return links.prefixes if links else ()

    def _settled(self, candidate: Candidate, filing: Filing, entry: PublishEntry) -> PublishEntry:
        if self._to_watch(filing.intent) > timedelta():
            return entry.having(outcome=Filed.HELD, reason="An earlier attempt may not show yet; try again later.")
        if (receipt := self._publisher.find(filing.intent.key)) is not None:
            return self._found(receipt, entry)
        draft = filing.draft
        objection = (
            self._strange(filing.intent)
            or hidden(self._work, self._project, draft, self._readers)
            or repeated(candidate, draft, self._open)
            or unproven(self._work, self._project, candidate, draft)
        )
        if objection is not None:
            return self._refused(candidate, filing.intent, entry, objection)
        if not self._fence:
            payload = self._publisher.preview(filing)
            told = self._work.ledger.draft(candidate.id, filing.intent.revision)
            differs = _differs(told, draft, payload.content)
            return entry.having(target=payload.where, payload=payload.content, differs=differs)
        return self._sent(filing, entry, lambda: self._publisher.file(filing))

    def _refined(self, candidate: Candidate, filing: Filing, entry: PublishEntry) -> PublishEntry:
        """Put a refinement in its ticket's place, or below it; one that stands there already was written before."""
        if self._to_watch(filing.intent) > timedelta():
            return entry.having(outcome=Filed.HELD, reason="An earlier attempt may not show yet; try again later.")
        ticket = next((one for one in self._open if one.key == candidate.subject), None)
        if ticket is not None and (receipt := self._publisher.rewritten(filing, ticket)) is not None:
            return self._found(receipt, entry.having(target=entry.target)).having(target=entry.target)
        objection = self._strange(filing.intent) or hidden(self._work, self._project, filing.draft, self._readers)
        if objection is None and (changed := overtaken(self._work, self._project, candidate, filing.draft)):
            objection = Objection(changed)
        if objection is not None or ticket is None:
            gone = Objection(f"The ticket {candidate.subject} is closed or gone.")
            return self._refused(candidate, filing.intent, entry, objection or gone)
        payload = self._publisher.rewrite(filing, ticket, live=False)
        if not self._fence:
            return entry.having(target=payload.where, payload=payload.content)

        def write() -> Receipt:
            self._publisher.rewrite(filing, ticket, live=True)
            return Receipt(key=filing.intent.key, ticket=ticket.key, url=payload.where, at=self._work.now)

        return self._sent(filing, entry, write)

    def _refused(self, candidate: Candidate, intent: Intent, entry: PublishEntry, objection: Objection) -> PublishEntry:
        """Hold it; where the world has changed since the yes it goes back into the inbox. A dry run only says why."""
        if not (objection.changed and self._fence):
            return entry.having(outcome=Filed.HELD, reason=objection.reason)
        if in_doubt(intent):  # it was looked for, and is not there
            detail = "nothing was filed"
            self._work.ledger.attempt(
                intent.key, AttemptOutcome.FAILED, at=self._work.now, detail=detail, fence=self._fence
            )
        decision = Decision(
            seq=len(candidate.decisions) + 1,
            event=Event.OFFER,
            reason=objection.reason,
            actor="scout",
            revision=intent.revision,
            at=self._work.now,
        )
        self._work.ledger.decide(candidate.id, decision)
        return entry.having(outcome=Filed.RETURNED, reason=objection.reason)

    def _found(self, receipt: Receipt, entry: PublishEntry) -> PublishEntry:
        if self._fence:
            self._receive(receipt)
        return entry.having(outcome=Filed.FOUND, ticket=receipt.ticket, target=receipt.url)

    def _strange(self, intent: Intent) -> Objection | None:
        """Return why an intent belongs to another tracker, or None."""
        if intent.publisher == self._project.publisher or not intent.attempts:
            return None
        said = f"Filing it by '{intent.publisher}' was begun: set that publisher until it has ended."
        return Objection(said, changed=False)

    def _sent(self, filing: Filing, entry: PublishEntry, send: Callable[[], Receipt]) -> PublishEntry:
        key = filing.intent.key
        self._work.ledger.attempt(key, AttemptOutcome.STARTED, at=self._work.now, fence=self._fence)
        try:
            receipt = send()
        except ScoutError as error:
            unclear = isinstance(error, UnclearError)
            outcome = AttemptOutcome.UNKNOWN if unclear else AttemptOutcome.FAILED
            with suppress(StoreError):  # a start without an end is in doubt, too
                self._work.ledger.attempt(key, outcome, at=self._work.now, detail=error.what)
            raise
        self._receive(receipt)
        return entry.having(outcome=Filed.FILED, ticket=receipt.ticket, target=receipt.url)

    def _receive(self, receipt: Receipt) -> None:
        self._work.ledger.receive(receipt.key, receipt.ticket, receipt.url, self._work.now)


def _differs(accepted: Draft, sent: Draft, content: str) -> str:
    """Say how what would be sent differs from what was accepted."""
    if CUT in content:
        return "the text is cut: the tracker takes no longer one"
    before, after = (Counter(f"{one.title}\n{one.body.rstrip()}".split("\n")) for one in (accepted, sent))
    lines = (after - before).total()
    return f"{lines} lines are not as accepted: secrets and what would come alive there were taken out" if lines else ""
