"""Rewrite a project's tickets that are not ready, as they are now."""

from collections.abc import Iterator, Mapping, Sequence

from scout.drafts.refinement import Fact, Settled, refined, refinement_digest, settle, text_digest
from scout.model import (
    REFINEMENT,
    Addressee,
    Candidate,
    CandidateState,
    Draft,
    Evidence,
    EvidenceKind,
    Frozen,
    Question,
    Readiness,
    Ticket,
    TicketState,
    WorkKind,
    digest,
)
from scout.readiness import Judged
from scout.readiness.questions import open_questions
from scout.review.transitions import WAITING, state
from scout.service.checking import checked
from scout.service.judging import Judge, judge_of
from scout.service.tickets import current_tickets
from scout.service.wiring import Project, Workspace
from scout.text.sanitise import sanitise_title

UNSTARTED = {TicketState.TRIAGE, TicketState.BACKLOG, TicketState.UNSTARTED}
SEVERITY = 2
_BLOCKED, _PLACE = "not-blocked", "location"
_READ = "its text, as it was read"


class Rewrite(Frozen):
    """The new text of a ticket, before it is a candidate.

    Attributes:
        before: the ticket's readiness as it stands.
        text: the new one.
        base: digest of the ticket's text as it was read.
        digest: of all that is new.
        sha: the commit of the checks; empty where there is none.
    """

    ticket: Ticket
    before: Readiness
    text: str
    facts: Settled
    questions: tuple[Question, ...]
    base: str
    digest: str
    sha: str


class Desk:
    """Rewrites one project's tickets as they are now."""

    def __init__(self, work: Workspace, project: Project) -> None:
        self.work, self.project = work, project
        self.tickets: Mapping[str, Ticket] = {one.key: one for one in current_tickets(work, project)}
        self.judge: Judge = judge_of(work, project)

    def rewrite(self, ticket: Ticket, before: Draft | None = None) -> Rewrite | None:
        """Return what would make a ticket readier; None when it is ready, in work, or nothing can be added."""
        judged = self.judge.ticket(ticket, self.tickets)
        if judged.ready or ticket.claimed or ticket.state not in UNSTARTED:
            return None
        facts = settle(
            facts_of(before) if before else (),
            checked(self.work, self.project, self.judge.ground, ticket, self.tickets),
        )
        questions = _questions(judged, facts)
        if not questions:
            return None
        sha, on, base = self.judge.ground.sha, self.work.now.date(), text_digest(ticket.title, ticket.body)
        return Rewrite(
            ticket=ticket,
            before=judged,
            text=refined(ticket.body, facts, questions, sha, on),
            facts=facts,
            questions=questions,
            base=base,
            digest=refinement_digest(base, facts.standing, questions),
            sha=sha,
        )

    def judged(self, made: Rewrite) -> Readiness:
        """Return the readiness of the ticket with its new text."""
        return self.judge.ticket(made.ticket.having(body=made.text), self.tickets)

    def best(self, most: int) -> list[Rewrite]:
        """Return rewrites of the tickets nearest to ready that no candidate speaks for, at most `most`."""
        if most <= 0:
            return []
        latest = {one.subject: one for one in refinements(self.work, self.project)}
        judged = {
            one.key: self.judge.ticket(one, self.tickets).total for one in self._open() if not self._busy(one, latest)
        }
        made: list[Rewrite] = []
        for key in sorted(judged, key=lambda key: (-judged[key], key)):
            new = self.rewrite(self.tickets[key])
            if new is not None and not self._rejected(new, latest.get(key)):
                made.append(new)
            if len(made) == most:
                break
        return made

    def offer(self, rewrites: Sequence[Rewrite]) -> tuple[str, ...]:
        """Put rewrites into the inbox, all or none, and return their ids."""
        made = [self.candidate(one) for one in rewrites]
        published = {one.fingerprint: one.id for one in refinements(self.work, self.project) if one.ticket}
        after = {one.fingerprint: published[one.fingerprint] for one in made if one.fingerprint in published}
        return self.work.ledger.add_candidates(made, after=after) if made else ()

    def candidate(self, made: Rewrite) -> Candidate:
        """Return a rewrite as a candidate; the ledger gives it its id."""
        return Candidate(
            id="",
            project=self.project.id,
            signal=REFINEMENT,
            subject=made.ticket.key,
            fingerprint=f"{REFINEMENT}:{digest(REFINEMENT, made.ticket.key)}",
            severity=SEVERITY,
            score=made.before.total,
            created_at=self.work.now,
            draft=self.draft(made, 1),
        )

    def draft(self, made: Rewrite, number: int) -> Draft:
        """Return a rewrite as a revision."""
        ticket = made.ticket
        base = Evidence(kind=EvidenceKind.TICKET, locator=ticket.key, seen=_READ, sha=made.base, resolved=True)
        return Draft(
            number=number,
            drafter="offline",
            title=sanitise_title(f"Refine {ticket.key}: {ticket.title}"),
            body=made.text,
            kind=ticket.kind or Judged.of(ticket.title, ticket.body).kind or WorkKind.CHORE,
            size=ticket.size,
            evidence=(base, *(fact.evidence for fact in made.facts.standing)),
            evidence_digest=made.digest,
            sha=made.sha,
            readiness=self.judged(made),
            at=self.work.now,
        )

    def _open(self) -> Iterator[Ticket]:
        return (one for one in self.tickets.values() if one.state in UNSTARTED and not one.claimed)

    def _busy(self, ticket: Ticket, latest: Mapping[str, Candidate]) -> bool:
        last = latest.get(ticket.key)
        return last is not None and state(last.decisions, self.work.now) in {*WAITING, CandidateState.ACCEPTED}

    def _rejected(self, made: Rewrite, last: Candidate | None) -> bool:
        standing = {one.evidence_digest for one in self.work.ledger.suppressions(self.project.id)}
        asked = last is not None and bool(last.ticket) and last.draft.body.strip() == made.ticket.body.strip()
        return made.digest in standing or asked


def _is_base(evidence: Evidence) -> bool:
    return evidence.kind is EvidenceKind.TICKET and evidence.seen == _READ


def facts_of(draft: Draft) -> tuple[Fact, ...]:
    """Return the facts that a refinement rests on."""
    return tuple(fact for one in draft.evidence if (fact := Fact.read(one)) is not None)


def _questions(judged: Readiness, facts: Settled) -> tuple[Question, ...]:
    """Return what has to be asked: what fails a gate, files that are gone, the rest; a blocking link is no question."""
    asked = [one for one in open_questions(judged) if one.criterion != _BLOCKED or one.passage]
    gone = [
        Question(
            to=Addressee.MAINTAINER,
            text=f"Which file has the place of `{fact.evidence.locator.rpartition(' ')[2]}` now?",
            criterion=_PLACE,
        )
        for fact in facts.standing
        if fact.evidence.kind is EvidenceKind.METRIC
    ]
    gates = [one for one in asked if one.criterion in judged.failed_gates]
    return (*gates, *gone, *(one for one in asked if one not in gates))


def refinements(work: Workspace, project: Project) -> tuple[Candidate, ...]:
    """Return a project's candidates that rewrite tickets, in whatever state, oldest first."""
    return tuple(one for one in work.ledger.candidates(project=project.id) if one.refines)


def base_of(draft: Draft) -> str:
    """Return the digest of the ticket's text that a refinement was written for."""
    return next((one.sha for one in draft.evidence if _is_base(one)), "")
