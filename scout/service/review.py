"""What reviewers see and decide. Every decision goes into the ledger with its reason, and nowhere else."""

from datetime import datetime
from typing import ClassVar

from scout.errors import ConflictError, UsageError
from scout.ledger import Intent
from scout.model import Candidate, CandidateState, Decision, Draft, Event, Report, Suppression, WorkKind
from scout.publish.outbox import idempotency_key
from scout.review import inbox, transitions
from scout.service.judging import judge_of
from scout.service.publish import publisher_of
from scout.service.tickets import target_of
from scout.service.wiring import Project, Workspace


class InboxLine(Report):
    """One candidate in a line."""

    schema_id: ClassVar[str] = "scout.inbox-line/1"

    id: str
    project: str
    state: CandidateState
    severity: int
    score: float
    signal: str
    subject: str
    fingerprint: str
    title: str
    kind: WorkKind
    size: str
    readiness: float
    ready: bool
    revision: int
    created_at: datetime
    ticket: str = ""


class InboxReport(Report):
    """What waits for a decision, in the order to decide it.

    Attributes:
        portion: how many are shown today: the reviewers' measured or configured decisions a day.
        beyond: offered candidates that are not shown.
        states: how many candidates are in which state.
    """

    schema_id: ClassVar[str] = "scout.inbox/1"

    projects: tuple[str, ...]
    portion: int
    beyond: int
    states: dict[str, int]
    candidates: tuple[InboxLine, ...]


class CandidateReport(Report):
    """A candidate whole: newest text, evidence, readiness, and its life."""

    schema_id: ClassVar[str] = "scout.candidate/1"

    id: str
    project: str
    state: CandidateState
    signal: str
    subject: str
    fingerprint: str
    severity: int
    score: float
    created_at: datetime
    draft: Draft
    decisions: tuple[Decision, ...]
    ticket: str

    @property
    def decidable(self) -> bool:
        """Whether it waits for a decision."""
        return self.state in transitions.WAITING


class DecisionReport(Report):
    """What was decided, and what follows."""

    schema_id: ClassVar[str] = "scout.decision/1"

    candidate: str
    project: str
    event: Event
    state: CandidateState
    revision: int
    next: str


def line(candidate: Candidate, now: datetime) -> InboxLine:
    """Return a candidate in a line."""
    draft = candidate.draft
    return InboxLine(
        id=candidate.id,
        project=candidate.project,
        state=transitions.state(candidate.decisions, now),
        severity=candidate.severity,
        score=candidate.score,
        signal=candidate.signal,
        subject=candidate.subject,
        fingerprint=candidate.fingerprint,
        title=draft.title,
        kind=draft.kind,
        size=draft.size,
        readiness=draft.readiness.total,
        ready=draft.readiness.ready,
        revision=draft.number,
        created_at=candidate.created_at,
        ticket=candidate.ticket,
    )


def listing(work: Workspace, name: str | None = None, *, everything: bool = False) -> InboxReport:
    """Return today's portion of what waits; with `everything`, all candidates in whatever state."""
    projects = _projects(work, name)
    lives = [candidate for project in projects for candidate in work.ledger.candidates(project=project.id)]
    lines = [line(candidate, work.now) for candidate in lives]
    states = {state.value: sum(one.state is state for one in lines) for state in CandidateState}
    offered = inbox.ordered(inbox.offered(lives, work.now))
    decided = sum(_decided_today(one, work.now) for one in lives)
    today = inbox.portion(offered, sum(project.reviewers for project in projects), decided)
    by_id = {one.id: one for one in lines}
    shown = [by_id[one.id] for one in (offered if everything else today.shown)]
    if everything:
        shown += sorted((one for one in lines if one.state is not CandidateState.OFFERED), key=lambda one: one.id)
    return InboxReport(
        projects=tuple(project.id for project in projects),
        portion=len(today.shown),
        beyond=0 if everything else today.rest,
        states={state: count for state, count in states.items() if count},
        candidates=tuple(shown),
    )


def show(work: Workspace, prefix: str, name: str | None = None) -> CandidateReport:
    """Return a candidate whole.

    Raises:
        UsageError: the id, or its beginning, names no candidate or several.
    """
    candidate = _named(work, prefix, name)
    return CandidateReport(
        **candidate.model_dump(exclude={"decisions", "draft"}),
        state=transitions.state(candidate.decisions, work.now),
        draft=candidate.draft,
        decisions=candidate.decisions,
    )


def accept(
    work: Workspace, prefix: str, name: str | None = None, *, reason: str = "", actor: str = "reviewer"
) -> DecisionReport:
    """Accept; the intent to file it is written in the same transaction."""
    candidate = _named(work, prefix, name)
    project = _home_of(work, candidate)
    publisher_of(project)
    key = idempotency_key(project.publisher, candidate.project, candidate.id, candidate.draft.number)
    intent = Intent(
        key=key,
        project=candidate.project,
        candidate=candidate.id,
        revision=candidate.draft.number,
        publisher=project.publisher,
        target=target_of(project),
        at=work.now,
    )
    decision = _decision(work, candidate, Event.ACCEPT, reason=reason, actor=actor)
    known = any(one.key == key for one in work.ledger.intents(candidate.project))
    work.ledger.decide(candidate.id, decision, intent=None if known else intent)
    return _report(work, candidate, Event.ACCEPT, "File it with: scout publish --live")


def reject(
    work: Workspace, prefix: str, name: str | None = None, *, reason: str, actor: str = "reviewer"
) -> DecisionReport:
    """Reject with a reason; the finding stays away until its evidence changes."""
    if not reason.strip():
        message = "A rejection needs a reason."
        raise UsageError(message, 'Give one: --reason "not true: …"; it is remembered, so that it never comes back.')
    candidate = _named(work, prefix, name)
    suppression = Suppression(
        fingerprint=candidate.fingerprint,
        evidence_digest=candidate.draft.evidence_digest,
        reason=reason.strip(),
        at=work.now,
    )
    decision = _decision(work, candidate, Event.REJECT, reason=reason, actor=actor)
    work.ledger.decide(candidate.id, decision, suppression=suppression)
    return _report(work, candidate, Event.REJECT, "It stays away unless its evidence changes.")


def defer(  # noqa: PLR0913 - what a reviewer may say about a deferral
    work: Workspace, prefix: str, name: str | None = None, *, until: datetime, reason: str = "", actor: str = "reviewer"
) -> DecisionReport:
    """Put aside until a moment in the future."""
    if until <= work.now:
        message = f"{until:%Y-%m-%d %H:%M} UTC is not in the future."
        raise UsageError(message, "Give a later date.")
    candidate = _named(work, prefix, name)
    decision = _decision(work, candidate, Event.DEFER, reason=reason, actor=actor).having(until=until)
    work.ledger.decide(candidate.id, decision)
    return _report(work, candidate, Event.DEFER, f"It comes back on {until:%Y-%m-%d}.")


def edit(  # noqa: PLR0913 - what a reviewer may say about an edit
    work: Workspace,
    prefix: str,
    name: str | None = None,
    *,
    title: str | None = None,
    body: str | None = None,
    reason: str = "",
    actor: str = "reviewer",
) -> DecisionReport:
    """Write a new revision with the reviewer's words; readiness is judged again at once."""
    candidate = _named(work, prefix, name)
    old = candidate.draft
    new_title, new_body = (title or old.title).strip(), old.body if body is None else body
    if not new_body.strip():
        message = f"The new text of {candidate.id} is empty."
        raise UsageError(message, "Write something, or reject the candidate with a reason.")
    if (new_title, new_body) == (old.title, old.body):
        message = f"The text of {candidate.id} would stay as it is."
        raise UsageError(message, "Give --file or --title with another text.")
    decision = _decision(work, candidate, Event.EDIT, reason=reason, actor=actor).having(revision=old.number + 1)
    draft = old.having(
        number=old.number + 1,
        drafter="reviewer",
        title=new_title,
        body=new_body,
        readiness=judge_of(work, _home_of(work, candidate)).draft(
            new_title, new_body, old.kind, generated=not candidate.refines
        ),
        at=work.now,
    )
    work.ledger.decide(candidate.id, decision, revision=draft)
    said = "ready" if draft.readiness.ready else f"not ready: {', '.join(draft.readiness.failed_gates)}"
    return _report(work, candidate, Event.EDIT, f"Revision {draft.number} is {said}.")


def _decided_today(candidate: Candidate, now: datetime) -> int:
    return sum(one.at.date() == now.date() and one.actor != transitions.Role.SCOUT for one in candidate.decisions)


def _projects(work: Workspace, name: str | None) -> tuple[Project, ...]:
    return work.projects if name is None else (work.project(name),)


def _named(work: Workspace, prefix: str, name: str | None) -> Candidate:
    candidate = work.ledger.candidate(work.ledger.find(prefix))
    if name is not None and candidate.project != work.project(name).id:
        message = f"{candidate.id} belongs to '{candidate.project}', not to '{name}'."
        raise UsageError(message, "Leave --project out, or give another id.")
    return candidate


def _home_of(work: Workspace, candidate: Candidate) -> Project:
    known = {project.id: project for project in work.projects}
    if candidate.project not in known:
        message = f"{candidate.id} belongs to '{candidate.project}', which is not the project here."
        raise UsageError(message, "Go to that project's checkout, or name it in the settings.")
    return known[candidate.project]


def _decision(work: Workspace, candidate: Candidate, event: Event, *, reason: str, actor: str) -> Decision:
    state = transitions.state(candidate.decisions, work.now)
    if actor.strip().lower() == transitions.Role.SCOUT:
        message = "'scout' is the name for what Scout does by itself."
        raise UsageError(message, "Give another label with --as.")
    if not transitions.allowed(state, event):
        last = candidate.decisions[-1]
        said = f"'{last.event}' by {last.actor} at {last.at:%Y-%m-%d %H:%M} UTC"
        message = f"{candidate.id} is {state.value} ({said}): '{event.value}' is not possible any more."
        raise ConflictError(message, f"See `scout inbox show {candidate.id}`.")
    return Decision(
        seq=len(candidate.decisions) + 1,
        event=event,
        reason=reason.strip(),
        actor=actor,
        revision=candidate.draft.number,
        at=work.now,
    )


def _report(work: Workspace, candidate: Candidate, event: Event, following: str) -> DecisionReport:
    now = work.ledger.candidate(candidate.id)
    return DecisionReport(
        candidate=candidate.id,
        project=candidate.project,
        event=event,
        state=transitions.state(now.decisions, work.now),
        revision=now.draft.number,
        next=following,
    )
