"""How much definition work to order now, and why."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import ClassVar

from scout.buffer.alarms import News, alarms, news
from scout.buffer.changes import Change
from scout.buffer.chronicle import Dated, speed
from scout.buffer.clumps import clumps
from scout.buffer.demand import daily
from scout.buffer.kinds import made_of_kinds, started_kinds
from scout.buffer.policy import plan as decide
from scout.buffer.terms import Terms
from scout.buffer.yields import Yields
from scout.model import REFINEMENT, Candidate, CandidateState, Plan, Report, Ticket, WorkKind
from scout.review.transitions import state
from scout.service.calendars import calendar_of
from scout.service.daily import days_of
from scout.service.experience import Past, Stage, past_of
from scout.service.judging import judge_of
from scout.service.outcomes import unready
from scout.service.starts import history_of
from scout.service.stock import stock
from scout.service.vain import asked_in_vain
from scout.service.wiring import Project, Workspace
from scout.warehouse.tables import plans, tickets


class PlanReport(Report):
    """A project's buffer plan, and the one before it.

    Attributes:
        previous: the newest plan of an earlier run; None when there is none.
        news: alarms that began or ended since the plan before.
        notes: what a reader should know, such as a clock that went back.
        stages: how long candidates take, stage by stage and on the whole.
        yields: ready tickets per candidate, by scout and kind.
        changes: when the pace of starts changed in the last two years; an annotation, which no forecast uses.
    """

    schema_id: ClassVar[str] = "scout.buffer/1"

    project: str
    plan: Plan
    previous: Plan | None
    news: News = News()
    notes: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    yields: Yields | None = None
    changes: tuple[Change, ...] = ()


def plan(work: Workspace, project: Project, ready: Collection[str] | None = None) -> PlanReport:
    """Make the plan and keep it, one a day; a plan that says the same is not written again.

    Args:
        work: the workspace.
        project: the project.
        ready: keys of the tickets that were judged ready just now; by default they are judged here.
    """
    report = forecast(work, project, ready)
    if not _says_the_same(report.previous, report.plan):
        with work.warehouse.writing() as connection:
            plans.replace(connection, report.plan)
    return report


def _says_the_same(before: Plan | None, now: Plan) -> bool:
    """Whether the newest kept plan is of the same day and says the same, apart from when it was made."""
    if before is None or before.at.date() != now.at.date():
        return False
    return before.having(at=now.at, next_review_at=now.next_review_at) == now


def forecast(work: Workspace, project: Project, ready: Collection[str] | None = None) -> PlanReport:
    """Make the plan without keeping it; arguments as for `plan`.

    Raises:
        StoreError: nothing was ever pulled.
    """
    lives, today, calendar = work.ledger.candidates(project=project.id), work.now.date(), calendar_of(work, project.id)
    with work.warehouse.reading() as connection:
        history = history_of(work, project, connection)
        days = days_of(work, project, connection, lives=lives, history=history, calendar=calendar)
        known = tickets.all_tickets(connection, project.id)
        previous = plans.latest(connection, project.id)
    terms = terms_of(work, project, days)
    past = past_of(
        lives,
        work.now,
        calendar,
        review_period=terms.review_period,
        expected_days=terms.lead_time,
        expected_yield=terms.yield_rate,
        unready=unready(work, project, lives, known),
    )
    position = stock(
        work,
        project,
        known,
        _ready(work, project, known) if ready is None else ready,
        past=past,
        review_period=terms.review_period,
        calendar=calendar,
        previous=previous,
    )
    made = decide(
        project.id,
        work.now,
        demand=history.tempo(today, calendar),
        position=position,
        terms=terms,
        experience=past.experience.having(
            clumps=clumps(daily(history.asked, today, calendar)),
            refine_yield=next((one.expected for one in past.yields.by_scout if one.scout == REFINEMENT), None),
        ),
        calendar=calendar,
        basis=history.basis,
        days=days,
    )
    vain = asked_in_vain(work, project, previous.at) if previous else None
    made = made.having(in_vain=vain.asked, in_vain_since=vain.since) if vain else made
    made = made_of_kinds(made, started_kinds(known, work.now), _there(made, known, lives, past, work.now))
    return _reported(made, previous, past, history.notes(today)).having(changes=history.changes(today, calendar))


def _there(
    made: Plan, known: Iterable[Ticket], lives: Iterable[Candidate], past: Past, now: datetime
) -> dict[WorkKind, float]:
    """Return how many tickets of each kind are ready, or expected from open candidates."""
    ready = frozenset(made.position.keys("on hand"))
    found = defaultdict[WorkKind, float](float)
    for ticket in known:
        if ticket.key in ready and ticket.kind is not None:
            found[ticket.kind] += 1
    for one in lives:
        kind, where = one.draft.kind, state(one.decisions, now)
        if where is CandidateState.OFFERED:
            found[kind] += past.yields.of(one.signal, kind.value).expected
        elif where is CandidateState.ACCEPTED:
            found[kind] += 1
    return found


def _ready(work: Workspace, project: Project, known: Iterable[Ticket]) -> set[str]:
    """Return the keys of open tickets that are ready as they are judged now."""
    judge, by_key = judge_of(work, project), {ticket.key: ticket for ticket in known}
    return {key for key, ticket in by_key.items() if ticket.state.is_open and judge.ticket(ticket, by_key).ready}


def _reported(made: Plan, previous: Plan | None, past: Past, notes: tuple[str, ...]) -> PlanReport:
    """Return a plan with its alarms and what has changed since the one before."""
    made = made.having(alarms=alarms(made, previous))
    changed = news(made, previous)
    return PlanReport(
        project=made.project,
        plan=made,
        previous=previous,
        news=changed,
        notes=(*_notes(made, previous), *changed.lines, *notes),
        stages=past.stages,
        yields=past.yields,
    )


def terms_of(work: Workspace, project: Project, days: Sequence[Dated] = ()) -> Terms:
    """Return the policy's parameters for a project; offline drafting takes no time worth counting.

    Args:
        work: the workspace.
        project: the project.
        days: its days as they ended, which tell how fast reviewers are; without them the settings do.
    """
    given = work.loaded.settings.policy
    return Terms(
        service_level=given.service_level,
        review_period=given.review_period,
        floor=given.floor,
        lead_time=given.lead_time,
        yield_rate=given.yield_rate,
        decisions=speed(days, project.reviewers),
        drafting_days=0,
    )


def _notes(made: Plan, previous: Plan | None) -> tuple[str, ...]:
    if previous is None or previous.at <= made.at:
        return ()
    return (f"The clock went back: an earlier run was at {previous.at:%Y-%m-%d %H:%M} UTC.",)
