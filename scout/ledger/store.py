"""The ledger: what people decided, what was filed, and what cannot be seen again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from scout.ledger import candidates as ideas
from scout.ledger import publishing, spending, suppressing, work
from scout.ledger.columns import storable
from scout.ledger.overview import Overview
from scout.ledger.records import AttemptOutcome, Claim, Entry, Intent, Receipt, Request, Reservation, VerdictChange
from scout.ledger.rows import append_numbered
from scout.ledger.schema import audit, candidates, requests, verdict_changes
from scout.model import Candidate, Ceiling, Decision, Draft, Spend, Suppression


class Ledger(Overview):
    """An open ledger. Threads may share it; processes open it each for themselves.

    Everything that records is one transaction, on disk when the method returns. Nothing is ever changed or deleted:
    the database refuses it. All methods raise StoreError when the database cannot do what is asked.
    """

    # Candidates and decisions

    def add_candidate(self, candidate: Candidate, *, after: str = "") -> str:
        """Record an idea with its draft and return its id; `candidate.id` itself is not looked at.

        When the newest candidate of the same project and fingerprint still stands, its id is returned and nothing is
        written. It stands until it is withdrawn, or rejected with a suppression that this draft's evidence is not
        under; a published one stands until the caller says that its ticket is done with.

        Args:
            candidate: the idea, with its first draft.
            after: the published candidate that this one follows, its ticket being closed.
        """
        with self.writing() as connection:
            return ideas.add(connection, candidate, after)

    def add_candidates(self, made: Sequence[Candidate], *, after: Mapping[str, str]) -> tuple[str, ...]:
        """Record all of these ideas or none, as `add_candidate` does, and return their ids in the same order.

        The plan that ordered them counts what is there: half an order would not be ordered again.

        Args:
            made: the ideas, each with its first draft.
            after: by fingerprint, the published candidate that an idea follows.
        """
        if not made:
            return ()
        with self.writing() as connection:
            return tuple(ideas.add(connection, one, after.get(one.fingerprint, "")) for one in made)

    def revise(self, candidate: str, draft: Draft) -> None:
        """Append a revision; nothing is written when the newest one differs in number and time at most.

        Raises:
            ConflictError: `draft.number` does not follow the newest revision.
            UsageError: there is no such candidate.
        """
        with self.writing() as connection:
            ideas.revise(connection, candidate, draft)

    def candidate(self, candidate: str) -> Candidate:
        """Return one candidate by its full id.

        Raises:
            UsageError: there is none.
        """
        with self.reading() as connection:
            return ideas.one(connection, candidate)

    def candidates(self, project: str | None = None, fingerprint: str | None = None) -> tuple[Candidate, ...]:
        """Return candidates with newest draft, decisions and ticket, oldest first."""
        conditions = [
            column == wanted
            for column, wanted in ((candidates.c.project, project), (candidates.c.fingerprint, fingerprint))
            if wanted is not None
        ]
        with self.reading() as connection:
            return ideas.load(connection, *conditions)

    def find(self, prefix: str) -> str:
        """Return the id that `prefix` (`c-3f` or `3f`) stands for.

        Raises:
            UsageError: no id begins so, or several do; the message names them.
        """
        with self.reading() as connection:
            return ideas.find(connection, prefix)

    def draft(self, candidate: str, number: int) -> Draft:
        """Return one revision.

        Raises:
            UsageError: there is none.
        """
        with self.reading() as connection:
            return ideas.draft(connection, candidate, number)

    def decide(
        self,
        candidate: str,
        decision: Decision,
        *,
        intent: Intent | None = None,
        suppression: Suppression | None = None,
        revision: Draft | None = None,
    ) -> None:
        """Record a decision and all that follows from it, or nothing.

        Args:
            candidate: its id.
            decision: `seq` is one more than the number of decisions its author saw.
            intent: what an acceptance puts into the outbox.
            suppression: what a rejection forbids from now on.
            revision: the text that an edit makes; `decision.revision` is its number.

        Raises:
            ConflictError: somebody decided or revised since; the message says what.
            UsageError: there is no such candidate or revision.
        """
        with self.writing() as connection:
            publishing.refuse_in_flight(connection, candidate)
            ideas.decide(connection, candidate, decision, revision)
            if suppression is not None:
                suppressing.suppress(connection, ideas.project_of(connection, candidate), suppression)
            if intent is not None:
                publishing.intend(connection, intent)

    def suppressions(self, project: str) -> tuple[Suppression, ...]:
        """Return the suppressions that stand in a project, oldest first."""
        with self.reading() as connection:
            return suppressing.load(connection, project)

    def lift(self, project: str, fingerprint: str, *, reason: str, at: datetime) -> int:
        """Lift the suppressions of a fingerprint and return how many stood."""
        with self.writing() as connection:
            return suppressing.lift(connection, project, fingerprint, reason, at)

    # The outbox

    def intents(self, project: str | None = None) -> tuple[Intent, ...]:
        """Return the intents without a receipt, oldest first, with what was tried."""
        with self.reading() as connection:
            return publishing.outstanding(connection, project)

    def attempt(self, key: str, outcome: AttemptOutcome, *, at: datetime, detail: str = "", fence: str = "") -> int:
        """Record a step of publishing and return its number.

        Args:
            key: of the intent.
            outcome: what to record.
            at: now.
            detail: in words.
            fence: the publisher's word, which must be the newest; empty where there is only one.

        Raises:
            ConflictError: another publisher has taken over.
            UsageError: there is no such intent.
        """
        with self.writing() as connection:
            if fence:
                publishing.still_ours(connection, fence)
            return publishing.attempt(connection, key, outcome, detail, at)

    def receive(self, key: str, ticket: str, url: str, at: datetime) -> bool:
        """Record a receipt together with the candidate's publish event; False when it was known already.

        Raises:
            ConflictError: the intent has a receipt for another ticket.
            UsageError: there is no such intent.
        """
        with self.writing() as connection:
            return publishing.receive(connection, Receipt(key=key, ticket=ticket, url=url, at=at))

    def receipts(self, project: str | None = None) -> tuple[Receipt, ...]:
        """Return the receipts, oldest first."""
        with self.reading() as connection:
            return publishing.received(connection, project)

    # Ready work

    def record_request(self, request: Request) -> None:
        """Record that somebody asked for ready work, and how much there was."""
        with self.writing() as connection:
            append_numbered(connection, requests, **request.model_dump())

    def requests(self, project: str, since: datetime | None = None) -> tuple[Request, ...]:
        """Return what was asked, oldest first."""
        with self.reading() as connection:
            return work.requested(connection, project, since)

    def claim(
        self, project: str, tickets: Sequence[str], holder: str, *, at: datetime, until: datetime
    ) -> Claim | None:
        """Take the first of `tickets` that nobody holds, until `until`; None when all are held.

        Of any number of concurrent claimers exactly one gets a ticket, whatever their labels.

        Raises:
            UsageError: the label holds characters that cannot be stored.
        """
        with self.writing() as connection:
            wanted = Claim(project=project, ticket="", holder=storable(holder), at=at, until=until)
            return work.claim(connection, tickets, wanted)

    def renew(self, project: str, holder: str, *, at: datetime, until: datetime) -> tuple[Claim, ...]:
        """Let all claims under a label hold until `until` at least, and return them as they hold now, oldest first.

        What has run out is not renewed: somebody else may have taken it.

        Raises:
            UsageError: the label holds characters that cannot be stored.
        """
        with self.writing() as connection:
            return work.renew(
                connection, Claim(project=project, ticket="", holder=storable(holder), at=at, until=until)
            )

    def release(self, claim: Claim, at: datetime) -> None:
        """Give a ticket back before its lease ends.

        Raises:
            ConflictError: the claim does not hold any more.
        """
        with self.writing() as connection:
            work.release(connection, claim, at)

    def claims(self, at: datetime, project: str | None = None) -> tuple[Claim, ...]:
        """Return the claims that hold at `at`, oldest first."""
        with self.reading() as connection:
            return work.claimed(connection, project, at)

    def verdicts_changed(self, verdicts: Sequence[VerdictChange]) -> tuple[VerdictChange, ...]:
        """Record the verdicts that differ from the newest recorded one of their ticket, and return those.

        When none differs, nothing is written and no lock is taken.
        """
        with self.reading() as connection:
            if not work.changed(connection, verdicts):
                return ()
        with self.writing() as connection:
            different = work.changed(connection, verdicts)
            for one in different:
                append_numbered(connection, verdict_changes, **one.model_dump())
            return different

    def verdicts(self, project: str) -> tuple[VerdictChange, ...]:
        """Return the newest recorded verdict of every ticket, by ticket."""
        with self.reading() as connection:
            return work.newest_verdicts(connection, project)

    # What a language model costs

    def reserve(self, wanted: Reservation, ceilings: Sequence[Ceiling]) -> int | Ceiling:
        """Write down the most that a question may cost and return the number of that, or the ceiling in its way.

        Of any number of processes that ask at once none gets past a ceiling.
        """
        with self.writing() as connection:
            return spending.reserve(connection, wanted, ceilings)

    def settle(self, reservation: int, used: Spend, at: datetime) -> None:
        """Write down what a reservation has come to; until then it counts whole."""
        with self.writing() as connection:
            spending.settle(connection, reservation, used, at)

    def spent(self, day: str, project: str | None = None) -> Spend:
        """Return what a day (ISO, UTC) has cost so far, what is only reserved included."""
        with self.reading() as connection:
            return spending.spent(connection, spending.of_day(day, project))

    def spent_in(self, project: str) -> Spend:
        """Return what a project has cost so far, on all days."""
        with self.reading() as connection:
            return spending.spent(connection, spending.of_project(project))

    # The audit trail

    def audit(self, entry: Entry) -> None:
        """Append a line to the audit trail."""
        with self.writing() as connection:
            append_numbered(connection, audit, **entry.model_dump())

    def trail(self, project: str | None = None, limit: int = 100) -> tuple[Entry, ...]:
        """Return the newest lines of the audit trail, newest first."""
        with self.reading() as connection:
            return work.trail(connection, project, limit)
