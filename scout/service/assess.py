"""How ready is a text or a ticket? One text on request, or every open ticket of a project."""

import sys
from pathlib import Path
from typing import ClassVar

from scout.errors import UsageError
from scout.ledger import VerdictChange
from scout.model import Autonomy, AutonomyVerdict, Frozen, Question, Readiness, Report, Ticket, Verdict
from scout.readiness.calibration import Chance
from scout.service.calibrate import learn
from scout.service.classify_standing import restate_all
from scout.service.judging import Judge, judge_of
from scout.service.tickets import current_tickets
from scout.service.wiring import Project, Workspace
from scout.text.ticket_file import LARGEST, parse
from scout.text.ticket_file import ticket as ticket_of
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import tickets as table
from scout.warehouse.tables import verdicts as stored

READ_AGAIN = 5
"""Tickets that a model is asked about anew in a run: drafts are to get their share of its budget."""
_UNNAMED = "text"
_LONGEST = 120
"""Characters of a first line that serves as a title."""


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
        autonomy: who may take it, judged apart from readiness, with the reasons.
        question: what has to be answered first, and by whom; None when nothing is open.
        chance: how likely a ticket of this readiness is finished without being sent back, by the project's history;
            None for a text that belongs to no project.
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
    autonomy: AutonomyVerdict | None
    question: Question | None
    chance: Chance | None
    digest: str
    rubric: str


class TicketLine(Frozen):
    """One ticket's readiness in a line."""

    key: str
    title: str
    total: float
    ready: bool
    failed_gates: tuple[str, ...]
    autonomy: Autonomy | None = None


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
        given = _given() if what == "-" else ticket_of(parse(read_content(what), path.name), project="")
        return _report(given, Judge().ticket(given, {}))
    project = work.project(name)
    tickets = {one.key: one for one in current_tickets(work, project)}
    if what not in tickets:
        message = f"'{what}' is neither a file nor a ticket of {project.id}."
        raise UsageError(message, "Give a path, '-' for standard input, or a key that `scout next -n 20` shows.")
    judge = judge_of(work, project, fresh=1)
    readiness = judge.ticket(tickets[what], tickets)
    before = _stored(work, project).get(what)
    changed = differences(before, readiness)
    return _report(tickets[what], readiness, changed, judge.learned.chance(readiness.total))


def assess_tickets(work: Workspace, project: Project) -> AssessReport:
    """Judge every open ticket of a project; verdicts that changed go into the ledger, the rest stays untouched.

    What people have settled of the tickets' classes since the last run counts from here on.
    """
    restate_all(work, project.id)
    with work.warehouse.reading() as connection:
        tickets = {one.key: one for one in table.all_tickets(connection, project.id)}
        before = stored.digest(connection, project.id)
    learn(work, project)
    judge = judge_of(work, project, fresh=READ_AGAIN)
    verdicts = {key: judge.ticket(one, tickets) for key, one in tickets.items() if one.state.is_open}
    if before != (stored.content_digest(verdicts) if verdicts or before else ""):
        with work.warehouse.writing() as connection:
            stored.replace(connection, project.id, verdicts)
    changes = [
        VerdictChange(project=project.id, ticket=key, digest=one.digest, ready=one.ready, total=one.total, at=work.now)
        for key, one in verdicts.items()
    ]
    changed = work.ledger.verdicts_changed(changes) if changes else ()
    rows = tuple(
        TicketLine(
            key=key,
            title=tickets[key].title,
            total=one.total,
            ready=one.ready,
            failed_gates=one.failed_gates,
            autonomy=one.autonomy and one.autonomy.level,
        )
        for key, one in sorted(verdicts.items())
    )
    ready = sum(row.ready for row in rows)
    return AssessReport(project=project.id, tickets=len(rows), ready=ready, changed=len(changed), rows=rows)


def differences(before: Readiness | None, after: Readiness) -> tuple[str, ...]:
    """Return what is said otherwise now, criteria in the rubric's order, then who may take it.

    Nothing, when there was no judgement before or it was made of the same text, comments, links and rubric; who may
    take it depends on the repository, too.
    """
    if before is None:
        return ()
    then = {verdict.criterion: verdict for verdict in before.verdicts} if before.digest != after.digest else {}
    said = [
        f"{now.criterion}: {then[now.criterion].passing} → {now.passing}: {now.reason}"
        for now in after.verdicts
        if now.criterion in then and then[now.criterion].passing is not now.passing
    ]
    if before.autonomy and after.autonomy and before.autonomy.level is not after.autonomy.level:
        levels = f"{before.autonomy.level.words} → {after.autonomy.level.words}"
        said.append(f"autonomy: {levels}: {after.autonomy.because}")
    return tuple(said)


def read_content(what: str) -> bytes:
    """Return a file's content, or standard input for `-`.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return sys.stdin.buffer.read(LARGEST + 1) if what == "-" else Path(what).read_bytes()
    except OSError as error:
        raise UsageError(f"{what} cannot be read: {error.strerror}.", "Check the path and its permissions.") from error


def _given() -> Ticket:
    """Return standard input as a ticket: its title is that of its front matter, its first heading or its first line."""
    given = ticket_of(parse(read_content("-"), _UNNAMED), project="")
    line = next((line.strip() for line in given.body.split("\n") if line.strip()), "")
    if given.title != _UNNAMED.capitalize() or not line:
        return given
    return given.having(title=line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…")


def _stored(work: Workspace, project: Project) -> dict[str, Readiness]:
    try:
        with work.warehouse.reading() as connection:
            return stored.read(connection, project.id)
    except NoWarehouseError:
        return {}


def _report(
    ticket: Ticket, readiness: Readiness, changed: tuple[str, ...] = (), chance: Chance | None = None
) -> AssessmentReport:
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
        autonomy=readiness.autonomy,
        question=readiness.question,
        chance=chance,
        digest=readiness.digest,
        rubric=readiness.rubric,
    )
