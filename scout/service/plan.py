"""How much definition work to order now, and why."""

from collections.abc import Collection
from datetime import date
from typing import ClassVar

from scout.buffer.calendar import Calendar
from scout.buffer.demand import tempo
from scout.buffer.policy import plan as decide
from scout.buffer.position import Pending, blindness, position
from scout.buffer.terms import Experience, Terms, shrunk_yield
from scout.errors import SettingsError
from scout.model import Candidate, CandidateState, Event, Outcome, Plan, Report
from scout.review.transitions import state
from scout.service.judging import judge_of
from scout.service.wiring import Project, Workspace
from scout.warehouse.tables import git, plans, tickets

PROXY = "changes landed on the default branch (proxy of starts)"
DECIDED = {Event.ACCEPT, Event.REJECT}


class PlanReport(Report):
    """A project's buffer plan, and the one before it.

    Attributes:
        previous: the newest plan of an earlier run; None when there is none.
        notes: what a reader should know, such as a clock that went back.
    """

    schema_id: ClassVar[str] = "scout.buffer/1"

    project: str
    plan: Plan
    previous: Plan | None
    notes: tuple[str, ...] = ()


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
    today = work.now.date()
    with work.warehouse.reading() as connection:
        landed = git.daily_landed(connection, project.id, date(today.year - 3, 1, 1))
        known = tickets.all_tickets(connection, project.id)
        previous = plans.latest(connection, project.id)
    calendar = Calendar(holidays=_holidays(work))
    lives = work.ledger.candidates(project=project.id)
    terms = terms_of(work, project)
    experience = _experience(work, lives, calendar)
    expected, _ = shrunk_yield(experience.accepted, experience.decided, terms.yield_rate)
    by_key = {ticket.key: ticket for ticket in known}
    held = {claim.ticket for claim in work.ledger.claims(work.now, project.id)}
    current = [ticket.having(claimed=True) if ticket.key in held else ticket for ticket in known]
    if ready is None:
        judge = judge_of(work, project)
        ready = {key for key, ticket in by_key.items() if ticket.state.is_open and judge.ticket(ticket, by_key).ready}
    pending = [Pending(state=state(one.decisions, work.now), ticket=one.ticket) for one in lives]
    made = decide(
        project.id,
        work.now,
        demand=tempo(landed, today, calendar),
        position=position(current, ready, pending, expected, _blind(work, project)),
        terms=terms,
        experience=experience,
        calendar=calendar,
        basis=PROXY,
    )
    return PlanReport(project=project.id, plan=made, previous=previous, notes=_notes(made, previous, landed))


def terms_of(work: Workspace, project: Project) -> Terms:
    """Return the policy's parameters for a project; offline drafting takes no time worth counting."""
    given = work.loaded.settings.policy
    return Terms(
        service_level=given.service_level,
        review_period=given.review_period,
        floor=given.floor,
        lead_time=given.lead_time,
        yield_rate=given.yield_rate,
        decisions=project.reviewers,
        drafting_days=0,
    )


def _experience(work: Workspace, lives: tuple[Candidate, ...], calendar: Calendar) -> Experience:
    """Return what was measured: decisions, and working days from a candidate drafted to its ticket filed."""
    events = [next((d.event for d in reversed(one.decisions) if d.event in DECIDED), None) for one in lives]
    cooling = work.loaded.settings.policy.review_period
    filed = [(one, d.at) for one in lives for d in one.decisions if d.event is Event.PUBLISH]
    return Experience(
        accepted=sum(event is Event.ACCEPT for event in events),
        decided=sum(event is not None for event in events),
        lead_times=tuple(calendar.between(one.created_at, at) for one, at in filed),
        recent=sum(
            state(one.decisions, work.now) is not CandidateState.WITHDRAWN
            and calendar.between(one.created_at, work.now) < cooling
            for one in lives
        ),
    )


def _holidays(work: Workspace) -> frozenset[date]:
    try:
        return frozenset(date.fromisoformat(day) for day in work.loaded.settings.portfolio.holidays)
    except ValueError as error:
        message = f"A holiday in the settings is no date: {error}."
        raise SettingsError(message, "Write holidays as ISO dates, such as 2026-12-25.") from error


def _blind(work: Workspace, project: Project) -> str:
    """Return why the position cannot be believed: only sources that must answer count."""
    outcomes: dict[str, Outcome] = {name: one.outcome for name, one in work.freshness.states(project.id).items()}
    return blindness(outcomes, project.required)


def _notes(made: Plan, previous: Plan | None, landed: list[tuple[date, int]]) -> tuple[str, ...]:
    notes: list[str] = []
    if previous is not None and previous.at > made.at:
        notes.append(f"The clock went back: an earlier run was at {previous.at:%Y-%m-%d %H:%M} UTC.")
    future = sum(count for day, count in landed if day > made.at.date())
    if future:
        notes.append(f"{future} landed after today by their own date and {'do' if future > 1 else 'does'} not count.")
    return tuple(notes)
