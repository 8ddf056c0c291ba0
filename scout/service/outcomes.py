"""What became of what was filed: followed in the tracker, and looked at again once it is closed."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from scout.errors import ConflictError, ScoutError
from scout.model import REVIEWERS, Candidate, CandidateState, Decision, Event, Frozen, Report, Ticket, TicketState
from scout.review.outcomes import Course, Judged, Lesson, Outcome, judged, lesson
from scout.review.transitions import FILED, state
from scout.service.tickets import current_tickets
from scout.service.verify import Presence, verify
from scout.service.wiring import Project, Workspace
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables.courses import CourseRow, courses

MODEL = "llm"
"""The drafter that costs tokens."""
MOST_LOOKS = 20
"""Closed tickets whose findings are looked for again in one go: each takes a look at two commits."""


class FollowedTicket(Frozen):
    """A ticket that was filed, and what became of it.

    Attributes:
        sure: 0..1; 1 where the tracker says exactly that.
        because: what the outcome rests on.
        rejected: whether it says that the idea was not wanted; tidying up does not.
        ready: whether its text was ready when it was filed.
        finding: `gone` or `still there`, once a look after closing said so.
        days: since it was filed.
    """

    candidate: str
    title: str
    ticket: str
    signal: str
    drafter: str
    outcome: Outcome
    sure: float
    because: str
    rejected: bool
    finding: str
    ready: bool = True
    days: float


class OutcomeCount(Frozen):
    """What became of the tickets of one scout and one drafter.

    Attributes:
        finished: done, not found again after closing, and ready when it was filed.
        decisions: of reviewers, about all candidates of this scout and drafter.
        decisions_each: decisions per finished ticket; None before one is finished.
        tokens: of the project's language model, shared out among scouts by the candidates that it drafted for each.
        tokens_each: tokens per finished ticket; None before one is finished, and where no model drafts.
    """

    signal: str
    drafter: str
    filed: int
    finished: int
    rejected: int
    by_outcome: dict[str, int]
    decisions: int
    decisions_each: float | None
    tokens: int = 0
    tokens_each: float | None


class OutcomesReport(Report):
    """What became of everything that was filed for a project.

    Attributes:
        looked: tickets whose finding was looked for again just now.
        regressed: candidates whose ticket is closed and whose finding is still there.
        notes: why some could not be looked for.
    """

    schema_id: ClassVar[str] = "scout.outcomes/1"

    project: str
    tickets: tuple[FollowedTicket, ...]
    counts: tuple[OutcomeCount, ...]
    looked: int = 0
    regressed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def outcomes(work: Workspace, project: Project) -> OutcomesReport:
    """Return what became of what was filed, by what is known of the tracker now; nothing is written."""
    lives = work.ledger.candidates(project=project.id)
    filed = sorted((one for one in lives if one.ticket and state(one.decisions, work.now) in FILED), key=_filed_at)
    told = _judged(work, project, filed)
    tickets = tuple(_followed(work, one, told[one.id]) for one in filed)
    regressed = tuple(one.id for one in filed if state(one.decisions, work.now) is CandidateState.REGRESSED)
    return OutcomesReport(
        project=project.id, tickets=tickets, counts=tuple(_counts(work, project, lives, tickets)), regressed=regressed
    )


def lessons(
    work: Workspace, project: Project, lives: Iterable[Candidate], tickets: Iterable[Ticket] | None = None
) -> Mapping[str, Lesson]:
    """Return what the ends of filed tickets teach, by candidate; what was not filed teaches nothing.

    Args:
        work: the workspace.
        project: the project.
        lives: its candidates.
        tickets: its tickets, where they are at hand.
    """
    filed = [one for one in lives if one.ticket and state(one.decisions, work.now) in FILED]
    if not filed:
        return {}
    told = _judged(work, project, filed, tickets)
    there = {one.id for one in filed if state(one.decisions, work.now) is CandidateState.REGRESSED}
    return {one.id: lesson(told[one.id], still_there=one.id in there) for one in filed}


def unwanted(
    work: Workspace, project: Project, lives: Iterable[Candidate], tickets: Iterable[Ticket] | None = None
) -> frozenset[str]:
    """Return the ids of filed candidates whose ticket somebody closed as not wanted; tidying up does not count."""
    return frozenset(name for name, one in lessons(work, project, lives, tickets).items() if one.wanted is False)


def unready(
    work: Workspace, project: Project, lives: Iterable[Candidate], tickets: Iterable[Ticket] | None = None
) -> frozenset[str]:
    """Return the ids of filed candidates whose ticket was no ready work: sent back for definition, or not wanted."""
    return frozenset(name for name, one in lessons(work, project, lives, tickets).items() if one.ready is False)


def follow(work: Workspace, project: Project, step: Callable[[str], None] = lambda _: None) -> OutcomesReport:
    """Look again for the findings of closed tickets, record what was seen, and return what became of everything.

    A finding that is gone verifies its ticket. One that is still there although the ticket was closed as done is a
    signal of its own: closed but not gone. What could not be looked for stays as it is and is tried again.
    """
    closed = {one.key for one in current_tickets(work, project) if one.state is TicketState.COMPLETED}
    due = [
        one
        for one in work.ledger.candidates(project=project.id)
        if one.ticket in closed and not one.refines and state(one.decisions, work.now) in _LOOKED_FOR
    ][-MOST_LOOKS:]
    notes: list[str] = []
    looked = 0
    for count, one in enumerate(due, 1):
        step(f"Looking whether {one.ticket} is gone ({count} of {len(due)})")
        try:
            answer = verify(work, project, one.fingerprint, seen=one.draft.sha)
        except ScoutError as error:
            notes.append(f"{one.ticket}: {error.what}")
            continue
        if answer.presence is Presence.UNKNOWN:
            notes.append(f"{one.ticket}: {answer.reason}")
            continue
        looked += 1
        gone = answer.presence is Presence.GONE
        _record(work, one, Event.VERIFY if gone else Event.REGRESS, answer.looked_at)
    return outcomes(work, project).having(looked=looked, notes=tuple(notes))


_LOOKED_FOR = frozenset({CandidateState.PUBLISHED, CandidateState.REGRESSED})


def _record(work: Workspace, one: Candidate, event: Event, sha: str) -> None:
    """Write down what a look said, once: another run that said so already is right."""
    before = state(one.decisions, work.now)
    if (before is CandidateState.REGRESSED) == (event is Event.REGRESS) and before is not CandidateState.PUBLISHED:
        return
    words = "the finding is gone" if event is Event.VERIFY else "closed, but the finding is still there"
    decision = Decision(
        seq=len(one.decisions) + 1,
        event=event,
        reason=f"{words} at {sha[:12]}" if sha else words,
        actor="scout",
        revision=one.draft.number,
        at=work.now,
    )
    try:
        work.ledger.decide(one.id, decision)
    except ConflictError:
        return


def _judged(
    work: Workspace, project: Project, filed: Sequence[Candidate], tickets: Iterable[Ticket] | None = None
) -> Mapping[str, Judged]:
    known = _rows(work, project, [one.ticket for one in filed])
    current = {one.key: one for one in (current_tickets(work, project) if tickets is None else tickets)}
    found: dict[str, Judged] = {}
    for one in filed:
        row, ticket = known.get(one.ticket), current.get(one.ticket)
        course = _course(one, row) if row else None
        if course is None and ticket is not None:
            course = Course(filed_at=_filed_at(one), state=ticket.state, claimed=ticket.claimed)
        elif course is not None and ticket is not None:
            course = course.having(state=ticket.state, claimed=ticket.claimed or course.claimed)
        found[one.id] = judged(course, work.now)
    return found


def _rows(work: Workspace, project: Project, keys: list[str]) -> Mapping[str, CourseRow]:
    if not keys:
        return {}
    try:
        with work.warehouse.reading() as connection:
            return courses(connection, project.id, keys)
    except NoWarehouseError:
        return {}


def _course(one: Candidate, row: CourseRow) -> Course:
    known = {name: value for name, value in row._asdict().items() if name != "key"}
    return Course(filed_at=_filed_at(one), **known)


def _filed_at(one: Candidate) -> datetime:
    return next((it.at for it in one.decisions if it.event is Event.PUBLISH), one.created_at)


def _followed(work: Workspace, one: Candidate, told: Judged) -> FollowedTicket:
    finding = {CandidateState.VERIFIED: "gone", CandidateState.REGRESSED: "still there"}
    until = work.now - _filed_at(one)
    return FollowedTicket(
        candidate=one.id,
        title=one.draft.title,
        ticket=one.ticket,
        signal=one.signal,
        drafter=one.draft.drafter,
        outcome=told.outcome,
        sure=told.sure,
        because=told.because,
        rejected=told.rejected,
        ready=one.draft.readiness.ready,
        finding=finding.get(state(one.decisions, work.now), ""),
        days=round(until.total_seconds() / 86_400, 1),
    )


def _counts(
    work: Workspace, project: Project, lives: Sequence[Candidate], tickets: Iterable[FollowedTicket]
) -> Iterable[OutcomeCount]:
    decided = Counter((one.signal, one.draft.drafter) for one in lives for it in one.decisions if it.event in REVIEWERS)
    groups: dict[tuple[str, str], list[FollowedTicket]] = {}
    for one in tickets:
        groups.setdefault((one.signal, one.drafter), []).append(one)
    drafted = Counter(one.signal for one in lives if one.draft.drafter == MODEL)
    spent = work.ledger.spent_in(project.id).tokens if drafted else 0
    for (signal, drafter), members in sorted(groups.items()):
        finished = sum(_finished(one) for one in members)
        decisions = decided[signal, drafter]
        tokens = round(spent * drafted[signal] / drafted.total()) if drafter == MODEL else 0
        yield OutcomeCount(
            signal=signal,
            drafter=drafter,
            filed=len(members),
            finished=finished,
            rejected=sum(one.rejected for one in members),
            by_outcome=dict(sorted(Counter(one.outcome.value for one in members).items())),
            decisions=decisions,
            decisions_each=round(decisions / finished, 2) if finished else None,
            tokens=tokens,
            tokens_each=round(tokens / finished, 1) if drafter == MODEL and finished else None,
        )


def _finished(one: FollowedTicket) -> bool:
    return one.outcome is Outcome.DONE and one.finding != "still there" and one.ready
