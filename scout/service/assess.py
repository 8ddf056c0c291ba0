"""How ready is a text or a ticket? One text on request, or every open ticket of a project."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from scout.errors import UsageError
from scout.ledger import VerdictChange
from scout.model import Frozen, Readiness, Report, Ticket, Verdict, WorkKind
from scout.readiness import Judged
from scout.readiness import assess as judge
from scout.service.tickets import current_tickets
from scout.service.wiring import Project, Workspace
from scout.text.ticket_file import LARGEST, parse
from scout.text.ticket_file import ticket as ticket_of
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import tickets as table
from scout.warehouse.tables import verdicts as stored


class RemedyLine(Frozen):
    """What to change for one criterion."""

    criterion: str
    remedy: str


class AssessmentReport(Report):
    """Readiness of one text.

    Attributes:
        readiness: 0..1.
        ready: whether every gate passed and the total reaches the bar.
        remedies: what a person can change, gates first.
        changed: criteria whose verdict is another than when a run last judged the ticket.
    """

    schema_id: ClassVar[str] = "scout.assessment/1"

    title: str
    key: str
    readiness: float
    ready: bool
    failed_gates: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    remedies: tuple[RemedyLine, ...]
    changed: tuple[str, ...]
    digest: str
    rubric: str


class TicketLine(Frozen):
    """One ticket's readiness in a line."""

    key: str
    title: str
    total: float
    ready: bool
    failed_gates: tuple[str, ...]


class AssessReport(Report):
    """Readiness of all open tickets of a project."""

    schema_id: ClassVar[str] = "scout.readiness/1"

    project: str
    tickets: int
    ready: int
    changed: int
    rows: tuple[TicketLine, ...]

    @property
    def ready_keys(self) -> frozenset[str]:
        """Keys of the tickets that are ready."""
        return frozenset(row.key for row in self.rows if row.ready)


def assess(work: Workspace, what: str, name: str | None = None) -> AssessmentReport:
    """Judge a Markdown file, standard input (`-`) or a ticket by its key.

    Raises:
        UsageError: it is neither a file nor a ticket that is known.
    """
    path = Path(what)
    if what == "-" or path.is_file():
        given = ticket_of(parse(read_content(what), "text" if what == "-" else path.name), project="")
        return _report(given, judge_ticket(given, {}), ())
    project = work.project(name)
    tickets = {one.key: one for one in current_tickets(work, project)}
    if what not in tickets:
        message = f"'{what}' is neither a file nor a ticket of {project.id}."
        raise UsageError(message, "Give a path, '-' for standard input, or a key that `scout next -n 20` shows.")
    readiness = judge_ticket(tickets[what], tickets)
    before = _stored(work, project).get(what)
    return _report(tickets[what], readiness, differences(before, readiness))


def assess_tickets(work: Workspace, project: Project) -> AssessReport:
    """Judge every open ticket of a project; verdicts that changed go into the ledger, the rest stays untouched."""
    with work.warehouse.reading() as connection:
        tickets = {one.key: one for one in table.all_tickets(connection, project.id)}
        before = stored.digest(connection, project.id)
    verdicts = {key: judge_ticket(one, tickets) for key, one in tickets.items() if one.state.is_open}
    if before != (stored.content_digest(verdicts) if verdicts or before else ""):
        with work.warehouse.writing() as connection:
            stored.replace(connection, project.id, verdicts)
    changes = [
        VerdictChange(project=project.id, ticket=key, digest=one.digest, ready=one.ready, total=one.total, at=work.now)
        for key, one in verdicts.items()
    ]
    changed = work.ledger.verdicts_changed(changes) if changes else ()
    rows = tuple(
        TicketLine(key=key, title=tickets[key].title, total=one.total, ready=one.ready, failed_gates=one.failed_gates)
        for key, one in sorted(verdicts.items())
    )
    ready = sum(row.ready for row in rows)
    return AssessReport(project=project.id, tickets=len(rows), ready=ready, changed=len(changed), rows=rows)


def judge_ticket(ticket: Ticket, others: Mapping[str, Ticket]) -> Readiness:
    """Return a ticket's readiness; what blocks it counts while it is open or not known."""
    blocking = tuple(key for key in ticket.blocked_by if key not in others or others[key].state.is_open)
    return judge(
        Judged.of(
            ticket.title,
            ticket.body,
            kind=ticket.kind,
            comments=tuple(comment.body for comment in ticket.comments),
            blocked_by=blocking,
        )
    )


def judge_draft(title: str, body: str, kind: WorkKind) -> Readiness:
    """Return the readiness of a text that Scout wrote: it must have acceptance criteria."""
    return judge(Judged.of(title, body, kind=kind, generated=True))


def differences(before: Readiness | None, after: Readiness) -> tuple[str, ...]:
    """Return the criteria that say something else now, in the rubric's order; none when there was no judgement."""
    if before is None or before.digest == after.digest:
        return ()
    then = {verdict.criterion: verdict for verdict in before.verdicts}
    return tuple(
        f"{now.criterion}: {then[now.criterion].passing} → {now.passing}: {now.reason}"
        for now in after.verdicts
        if now.criterion in then and then[now.criterion].passing is not now.passing
    )


def read_content(what: str) -> bytes:
    """Return a file's content, or standard input for `-`.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return sys.stdin.buffer.read(LARGEST + 1) if what == "-" else Path(what).read_bytes()
    except OSError as error:
        raise UsageError(f"{what} cannot be read: {error.strerror}.", "Check the path and its permissions.") from error


def _stored(work: Workspace, project: Project) -> dict[str, Readiness]:
    try:
        with work.warehouse.reading() as connection:
            return stored.read(connection, project.id)
    except NoWarehouseError:
        return {}


def _report(ticket: Ticket, readiness: Readiness, changed: tuple[str, ...]) -> AssessmentReport:
    missing = [one for one in readiness.verdicts if one.remedy and one.passing == "failed"]
    ordered = sorted(missing, key=lambda one: (not one.gate, one.score))
    return AssessmentReport(
        title=ticket.title,
        key=ticket.key,
        readiness=readiness.total,
        ready=readiness.ready,
        failed_gates=readiness.failed_gates,
        verdicts=readiness.verdicts,
        remedies=tuple(RemedyLine(criterion=one.criterion, remedy=one.remedy) for one in ordered),
        changed=changed,
        digest=readiness.digest,
        rubric=readiness.rubric,
    )
