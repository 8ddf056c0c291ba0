"""Refinements: propose what would make a ticket ready, offer it in the inbox, and keep the offer true.

A ticket is never changed here: a refinement is a candidate like any other, and what a reviewer accepts is published.
"""

from typing import ClassVar

from scout.drafts.refinement import text_digest
from scout.errors import ConflictError, UsageError
from scout.model import (
    Candidate,
    CandidateState,
    Draft,
    Question,
    Report,
)
from scout.review.transitions import WAITING, state
from scout.service.checking import checked
from scout.service.ground import Ground
from scout.service.rewriting import Desk, Rewrite, base_of, facts_of, refinements
from scout.service.tickets import current_tickets
from scout.service.wiring import Project, Workspace
from scout.service.withdrawing import withdraw


class RefinementReport(Report):
    """What would make a ticket readier.

    Attributes:
        text: the ticket's text with what was checked and what is open; the author's words are whole.
        readiness: of the ticket as it stands; `refined` of the text as it would be before anything is answered.
        questions: what is open, the most blocking first.
        facts: what was checked, as it stands in the text.
        candidate: under which id it is in the inbox; empty when it was not offered.
    """

    schema_id: ClassVar[str] = "scout.refinement/1"

    project: str
    ticket: str
    title: str
    text: str
    readiness: float
    refined: float
    failed_gates: tuple[str, ...]
    questions: tuple[Question, ...]
    facts: tuple[str, ...]
    candidate: str = ""


class OfferedReport(Report):
    """What became of refinements: ids of new candidates, of those with new words, and of those that nobody needs."""

    schema_id: ClassVar[str] = "scout.refinements/1"

    offered: tuple[str, ...]
    revised: tuple[str, ...]
    withdrawn: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether anything was written."""
        return bool(self.offered or self.revised or self.withdrawn)


def refine(work: Workspace, project: Project, key: str, *, offer: bool = False) -> RefinementReport:
    """Return what would make a ticket readier, and with `offer` put it into the inbox.

    Raises:
        UsageError: there is no such ticket, it is ready, or there is nothing to add; or it cannot be offered again.
    """
    desk = Desk(work, project)
    ticket = desk.tickets.get(key)
    if ticket is None:
        message = f"{project.id} has no ticket '{key}'."
        raise UsageError(message, "`scout next -n 20` shows keys.")
    made = desk.rewrite(ticket)
    if made is None:
        message = f"{key} is ready, closed, or only waits for other tickets: there is nothing to add to it."
        raise UsageError(message, f"See `scout assess {key}`.")
    return RefinementReport(
        project=project.id,
        ticket=key,
        title=ticket.title,
        text=made.text,
        readiness=made.before.total,
        refined=desk.judged(made).total,
        failed_gates=made.before.failed_gates,
        questions=made.questions,
        facts=tuple(fact.line for fact in made.facts.standing),
        candidate=_offered_once(desk, made) if offer else "",
    )


def keep_refinements(work: Workspace, project: Project, most: int = 0) -> OfferedReport:
    """Check refinements that wait again, and offer at most `most` new ones, of the tickets nearest to ready.

    A reviewer's own words are never replaced, and what was rejected stays away while nothing about it has changed.
    """
    waiting = [one for one in refinements(work, project) if state(one.decisions, work.now) in WAITING]
    if not waiting and most <= 0:
        return OfferedReport(offered=(), revised=(), withdrawn=())
    desk = Desk(work, project)
    revised, withdrawn = list[str](), list[str]()
    for one in waiting:
        ticket = desk.tickets.get(one.subject)
        made = desk.rewrite(ticket, one.draft) if ticket else None
        if made is None:
            withdrawn += [one.id] * withdraw(work, one, f"{one.subject} is ready, in work, or closed")
        elif made.digest != one.draft.evidence_digest and one.draft.drafter != "reviewer":
            revised += [one.id] * _revised(desk, one, made)
    return OfferedReport(offered=tuple(desk.offer(desk.best(most))), revised=tuple(revised), withdrawn=tuple(withdrawn))


def overtaken(work: Workspace, project: Project, candidate: Candidate, draft: Draft) -> str:
    """Return why an accepted refinement may not be written now; nothing when it may.

    Every fact is checked again, and the ticket must be as it was read: nobody's words are overwritten.
    """
    tickets = {one.key: one for one in current_tickets(work, project)}
    ticket = tickets.get(candidate.subject)
    if ticket is None or not ticket.state.is_open:
        return f"The ticket {candidate.subject} is closed or gone: reject the refinement."
    if text_digest(ticket.title, ticket.body) != base_of(draft):
        return f"Somebody has changed {ticket.key} since: reject the refinement; the next run makes another."
    now = {fact.identity for fact in checked(work, project, Ground.of(project), ticket, tickets)}
    gone = next((fact for fact in facts_of(draft) if fact.identity not in now), None)
    return f"Not so any more: {gone.line}. Reject the refinement; the next run makes another." if gone else ""


def _offered_once(desk: Desk, made: Rewrite) -> str:
    """Offer a rewrite, or return the candidate that waits for a decision on it already."""
    (name,) = desk.offer([made])
    now = desk.work.ledger.candidate(name)
    if state(now.decisions, desk.work.now) is CandidateState.REJECTED:
        message = f"This refinement of {made.ticket.key} was rejected, and nothing about it has changed."
        raise UsageError(message, f"See `scout inbox show {name}`.")
    return name


def _revised(desk: Desk, candidate: Candidate, made: Rewrite) -> bool:
    try:
        desk.work.ledger.revise(candidate.id, desk.draft(made, candidate.draft.number + 1))
    except ConflictError:  # a reviewer was faster, and has the last word
        return False
    return True
