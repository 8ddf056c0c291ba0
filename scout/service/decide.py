"""What reviewers decide. Every decision goes into the ledger with its reason, and nowhere else."""

from datetime import datetime

from scout.errors import ConflictError, UsageError
from scout.ledger import Intent
from scout.model import Candidate, Decision, Draft, Event, Readiness, Suppression
from scout.publish.outbox import idempotency_key
from scout.review import transitions
from scout.service.calibrate import published
from scout.service.decisions import DecisionReport, Said
from scout.service.judging import judge_of
from scout.service.publishers import target_in
from scout.service.suppress import hides, lift_given, pattern, withdraw_hidden
from scout.service.tickets import ticket_state
from scout.service.tiers import tier_of, yes
from scout.service.wiring import Project, Workspace

_NOTHING_SAID = Said()


def accept(work: Workspace, prefix: str, name: str | None = None, said: Said = _NOTHING_SAID) -> DecisionReport:
    """Accept; the intent to file it is written in the same transaction. The first of two yeses files nothing.

    Raises:
        ConflictError: it was decided meanwhile, or somebody else has to say yes.
    """
    candidate, project = _here(work, prefix, name)
    target = target_in(work, project)
    event = yes(candidate, tier_of(work, candidate), said.actor, owner=said.owner)
    decision = _decision(work, candidate, event, said)
    if event is Event.APPROVE:
        work.ledger.decide(candidate.id, decision)
        return _report(work, candidate, event, "A second reviewer has to accept it, too.")
    intent = Intent(
        key=idempotency_key(project.publisher, candidate.project, candidate.id, candidate.draft.number),
        project=candidate.project,
        candidate=candidate.id,
        revision=candidate.draft.number,
        publisher=project.publisher,
        target=target,
        at=work.now,
    )
    known = work.ledger.intended(intent.key)  # of an acceptance that was taken back
    work.ledger.decide(candidate.id, decision, intent=None if known else intent)
    return _report(work, candidate, event, "File it with: scout publish --live")


def reject(
    work: Workspace, prefix: str, name: str | None = None, said: Said = _NOTHING_SAID, *, scope: str = "this"
) -> DecisionReport:
    """Reject with a reason; the finding stays away until its evidence changes.

    Args:
        work: the workspace.
        prefix: the beginning of the candidate's id.
        name: the project it must belong to; None for any.
        said: who, and why.
        scope: `this`; `scout` for whatever this scout finds here; `path` for what it finds in the same folder; or a
            pattern of paths.
    """
    if not said.reason.strip():
        message = "A rejection needs a reason."
        raise UsageError(message, 'Give one: --reason "not true: …"; it is remembered, so that it never comes back.')
    candidate, project = _here(work, prefix, name)
    decision = _decision(work, candidate, Event.REJECT, said)
    wide = pattern(candidate, scope)
    hidden = hides(work, project, candidate, scope) if wide else ()
    suppression = Suppression(
        fingerprint=wide or candidate.fingerprint,
        evidence_digest="" if wide else candidate.draft.evidence_digest,
        reason=said.reason.strip(),
        at=work.now,
    )
    work.ledger.decide(candidate.id, decision, suppression=suppression)
    withdraw_hidden(work, hidden, f"not wanted here: {said.reason.strip()}")
    following = f"{wide} is not asked about any more: scout inbox lift {wide}" if wide else ""
    report = _report(work, candidate, Event.REJECT, following or "It stays away unless its evidence changes.")
    return report.having(hidden=hidden)


def preview(work: Workspace, prefix: str, name: str | None = None, *, scope: str) -> DecisionReport:
    """Return what a rejection of this scope would hide; nothing is written."""
    candidate, project = _here(work, prefix, name)
    hidden = hides(work, project, candidate, scope)
    wide = pattern(candidate, scope) or candidate.fingerprint
    report = _report(work, candidate, Event.REJECT, f"Not decided: {wide} would hide {len(hidden)} more.")
    return report.having(hidden=hidden)


def defer(  # noqa: PLR0913 - what a reviewer may say about a deferral
    work: Workspace,
    prefix: str,
    name: str | None = None,
    said: Said = _NOTHING_SAID,
    *,
    until: datetime | None = None,
    closed: str = "",
) -> DecisionReport:
    """Put aside until a moment in the future, or until a ticket is closed; whichever comes first.

    Raises:
        UsageError: the moment is past, the ticket is unknown or closed already, or neither is given.
    """
    candidate, project = _here(work, prefix, name)
    if until is None and not closed:
        message = "A deferral needs an end."
        raise UsageError(message, "Give --until DATE, or --until-closed TICKET.")
    if until is not None and until <= work.now:
        message = f"{until:%Y-%m-%d %H:%M} UTC is not in the future."
        raise UsageError(message, "Give a later date.")
    waited_for = ticket_state(work, project, closed) if closed else None
    if closed and (waited_for is None or not waited_for.is_open):
        message = f"{project.id} has no open ticket {closed}."
        raise UsageError(message, "Name an open ticket of the project, or give a date.")
    condition = f"closed:{closed}" if closed else ""
    decision = _decision(work, candidate, Event.DEFER, said).having(until=until, condition=condition)
    work.ledger.decide(candidate.id, decision)
    ends = filter(None, (until and f"on {until:%Y-%m-%d}", closed and f"when {closed} is closed"))
    return _report(work, candidate, Event.DEFER, f"It comes back {' or '.join(ends)}.")


def merge(
    work: Workspace, prefix: str, name: str | None = None, said: Said = _NOTHING_SAID, *, into: str
) -> DecisionReport:
    """Merge into another candidate of the project, or into a ticket, which asks for the same.

    Raises:
        UsageError: there is no such candidate or open ticket, or it is the same one.
    """
    candidate, project = _here(work, prefix, name)
    target = into if ticket_state(work, project, into) else work.ledger.find(into)
    if target == candidate.id:
        message = f"{candidate.id} cannot be merged into itself."
        raise UsageError(message, "Name the candidate or ticket that stays.")
    if target.startswith("c-") and work.ledger.candidate(target).project != candidate.project:
        message = f"{target} belongs to another project."
        raise UsageError(message, "Name a candidate or ticket of the same project.")
    decision = _decision(work, candidate, Event.MERGE, said).having(into=target)
    work.ledger.decide(candidate.id, decision)
    return _report(work, candidate, Event.MERGE, f"{target} speaks for it now.")


def edit(  # noqa: PLR0913 - what a reviewer may say about an edit
    work: Workspace,
    prefix: str,
    name: str | None = None,
    said: Said = _NOTHING_SAID,
    *,
    title: str | None = None,
    body: str | None = None,
) -> DecisionReport:
    """Write a new revision with the reviewer's words; readiness is judged again at once, and it waits in the inbox.

    Raises:
        UsageError: there is no text, or no change.
    """
    candidate, project = _here(work, prefix, name)
    draft = edited(work, project, candidate, title=title, body=body)
    decision = _decision(work, candidate, Event.EDIT, said).having(revision=draft.number)
    work.ledger.decide(candidate.id, decision, revision=draft)
    failed = draft.readiness.failed_gates
    told = f"Revision {draft.number} is {'not ready: ' + ', '.join(failed) if failed else 'ready'}."
    wanted = [one.remedy for one in draft.readiness.verdicts if one.criterion in failed and one.remedy]
    return _report(work, candidate, Event.EDIT, " ".join((told, *wanted)))


def edited(
    work: Workspace, project: Project, candidate: Candidate, *, title: str | None = None, body: str | None = None
) -> Draft:
    """Return the revision that an edit would make, judged; nothing is written."""
    old = candidate.draft
    new_title, new_body = (title or old.title).strip(), old.body if body is None else body
    if not new_body.strip():
        message = f"The new text of {candidate.id} is empty."
        raise UsageError(message, "Write something, or reject the candidate with a reason.")
    if (new_title, new_body) == (old.title, old.body):
        message = f"The text of {candidate.id} would stay as it is."
        raise UsageError(message, "Give --file or --title with another text.")
    return _revision(work, project, candidate, old.having(title=new_title, body=new_body), "reviewer")


def readiness_of(work: Workspace, prefix: str, title: str, body: str) -> Readiness:
    """Return how ready a candidate would be with another text; nothing is written."""
    candidate, project = _here(work, prefix, None)
    return _revision(work, project, candidate, candidate.draft.having(title=title, body=body), "reviewer").readiness


def undo(work: Workspace, prefix: str, name: str | None = None, said: Said = _NOTHING_SAID) -> DecisionReport:
    """Take the last decision back, with all that it did; possible until an attempt to file it has begun.

    Raises:
        ConflictError: there is nothing to take back, or it is on its way.
    """
    candidate, project = _here(work, prefix, name)
    last = transitions.undoable(candidate.decisions, candidate.tried)
    if last is None:
        now = transitions.state(candidate.decisions, work.now, candidate.tried)
        message = f"{candidate.id} is {now.value}: there is no decision to take back."
        raise ConflictError(message, f"See `scout inbox show {candidate.id}`.")
    revision = None
    if last.event is Event.EDIT:
        before = work.ledger.draft(candidate.id, last.revision - 1)
        revision = _revision(work, project, candidate, before, before.drafter)
    decision = _numbered(work, candidate, Event.UNDO, said).having(revision=(revision or candidate.draft).number)
    work.ledger.decide(candidate.id, decision, revision=revision)
    lift_given(work, candidate, last)
    return _report(work, candidate, Event.UNDO, f"'{last.event}' is taken back.")


def _revision(work: Workspace, project: Project, candidate: Candidate, text: Draft, drafter: str) -> Draft:
    judge = judge_of(work, project, known=published(work, project))
    readiness = judge.draft(text.title, text.body, text.kind, generated=not candidate.refines)
    number = candidate.draft.number + 1
    return text.having(number=number, drafter=drafter, readiness=readiness, at=work.now)


def _here(work: Workspace, prefix: str, name: str | None) -> tuple[Candidate, Project]:
    candidate = named(work, prefix, name)
    known = {project.id: project for project in work.projects}
    if candidate.project not in known:
        message = f"{candidate.id} belongs to '{candidate.project}', which is not the project here."
        raise UsageError(message, "Go to that project's checkout, or name it in the settings.")
    return candidate, known[candidate.project]


def named(work: Workspace, prefix: str, name: str | None) -> Candidate:
    """Return the candidate whose id begins so.

    Raises:
        UsageError: it names none or several, or one of another project.
    """
    candidate = work.ledger.candidate(work.ledger.find(prefix))
    if name is not None and candidate.project != work.project(name).id:
        message = f"{candidate.id} belongs to '{candidate.project}', not to '{name}'."
        raise UsageError(message, "Leave --project out, or give another id.")
    return candidate


def _decision(work: Workspace, candidate: Candidate, event: Event, said: Said) -> Decision:
    state = transitions.state(candidate.decisions, work.now)
    if not transitions.allowed(state, event):
        last = candidate.decisions[-1]
        told = f"'{last.event}' by {last.actor} at {last.at:%Y-%m-%d %H:%M} UTC"
        message = f"{candidate.id} is {state.value} ({told}): '{event.value}' is not possible any more."
        raise ConflictError(message, f"See `scout inbox show {candidate.id}`.")
    return _numbered(work, candidate, event, said)


def _numbered(work: Workspace, candidate: Candidate, event: Event, said: Said) -> Decision:
    if said.actor.strip().lower() == transitions.Role.SCOUT:
        message = "'scout' is the name for what Scout does by itself."
        raise UsageError(message, "Give another label with --as.")
    return Decision(
        seq=(len(candidate.decisions) if said.seen is None else said.seen) + 1,
        event=event,
        reason=said.reason.strip(),
        actor=said.actor,
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
