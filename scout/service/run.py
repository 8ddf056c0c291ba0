"""The whole line once: pull, look, judge, plan, draft, and tell what to do next."""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from scout.errors import SettingsError, UnavailableError
from scout.model import CandidateState, Look, Plan, Report
from scout.review.transitions import state
from scout.service.ages import SourceAge, ages, troubles
from scout.service.assess import assess_tickets
from scout.service.classify_slices import keep_up
from scout.service.draft import CandidateLine
from scout.service.filling import fill
from scout.service.flow_publish import publish_after_run
from scout.service.ingest import IngestReport, SourceReport, ingest
from scout.service.plan import PlanReport, plan
from scout.service.scan import FindingsReport, scan
from scout.service.snapshot import snapshot
from scout.service.turn import turn
from scout.service.upkeep import upkeep
from scout.service.wiring import Project, Workspace

log = logging.getLogger(__name__)


class RunReport(Report):
    """What a run found, drafted and plans.

    Attributes:
        sha: the commit that was looked at; empty for a project without checkout.
        ages: how old what is known of each source is.
        findings: all findings; `offered` of them survived grouping, caps and ranking.
        drafted: candidates that are new.
        refined: new candidates that rewrite tickets which are not ready, within what the plan ordered.
        withdrawn: candidates whose finding is gone.
        cut: why other findings were not drafted, and how many.
        waiting: candidates that wait for a decision.
        filed: tickets that were written, where publishing is live.
        partial: whether something that must answer did not; the rest of the answer stands.
        next_steps: what a person can do now, commands included.
    """

    schema_id: ClassVar[str] = "scout.run/1"

    project: str
    at: datetime
    sha: str
    sources: tuple[SourceReport, ...]
    ages: tuple[SourceAge, ...]
    looks: tuple[Look, ...]
    findings: int
    offered: int
    tickets: int
    ready: int
    plan: Plan
    drafted: tuple[CandidateLine, ...]
    refined: tuple[str, ...]
    withdrawn: tuple[str, ...]
    cut: dict[str, int]
    waiting: int
    filed: int
    partial: bool
    notes: tuple[str, ...]
    next_steps: tuple[str, ...]


def run(work: Workspace, project: Project, step: Callable[[str], None] = lambda _: None) -> RunReport:
    """Carry the line out for one project; one run of a project at a time, others wait for it.

    Args:
        work: the workspace.
        project: the project.
        step: called with a short phrase before each stage.

    Raises:
        StoreError: another run of the project did not end within half an hour, or a store cannot be used.
        UsageError: the path is no repository, or it has no commits.
    """
    with turn(work, project):
        step("Reading history and tickets")
        ingested = ingest(work, project, step)
        step("The scouts are looking")
        found = scan(work, project)
        step("Judging tickets and planning")
        behind, judged, kept = keep_up(work, project), assess_tickets(work, project), upkeep(work, project, found)
        planned = plan(work, project, judged.ready_keys)
        step("Drafting")
        drafted, refined = fill(work, project, found, planned.plan)
        filed = _filed(work, project) if project.live else 0
        after = plan(work, project, judged.ready_keys) if drafted.drafted or refined.any or filed else planned
        snapshot(work, project)
        publish_after_run(work, project)
        known, states = ages(work, project), _states(work, project)
        log.info("%d findings, %d drafted", len(found.findings), len(drafted.drafted))
    return RunReport(
        project=project.id,
        at=work.now,
        sha=found.sha,
        sources=ingested.sources,
        ages=known,
        looks=found.looks,
        findings=len(found.findings),
        offered=len(found.offered),
        tickets=judged.tickets,
        ready=judged.ready,
        plan=after.plan.having(order=planned.plan.order, reason=planned.plan.reason, kinds=planned.plan.kinds),
        drafted=drafted.drafted,
        refined=refined.offered,
        withdrawn=(*kept.withdrawn, *refined.withdrawn),
        cut=drafted.cut,
        waiting=states[CandidateState.OFFERED],
        filed=filed,
        partial=ingested.partial,
        notes=(*_notes(planned, ingested, found, troubles(known, work.now)), *kept.notes, *behind, *drafted.notes),
        next_steps=_next_steps(states[CandidateState.OFFERED], states[CandidateState.ACCEPTED], judged.ready),
    )


def _filed(work: Workspace, project: Project) -> int:
    from scout.service.publish import publish  # here: few runs are live

    try:
        return publish(work, project, live=True).filed
    except (SettingsError, UnavailableError) as error:  # a tracker that takes nothing is no reason to lose the run
        log.warning("nothing was filed: %s", error)
        return 0


def _states(work: Workspace, project: Project) -> Counter[CandidateState]:
    return Counter(state(one.decisions, work.now) for one in work.ledger.candidates(project=project.id))


def _notes(
    planned: PlanReport, ingested: IngestReport, found: FindingsReport, unread: tuple[str, ...]
) -> tuple[str, ...]:
    """Return what a reader should know: about the clock, the sources, and scouts that could not finish."""
    return (
        *planned.notes,
        *(note for source in ingested.sources for note in source.notes),
        *unread,
        *found.unfinished,
    )


def _next_steps(waiting: int, accepted: int, ready: int) -> tuple[str, ...]:
    steps: list[str] = []
    if waiting:
        steps.append(f"Decide about {waiting} candidate{'s' * (waiting > 1)}: scout inbox")
    if accepted:
        steps.append(f"File {accepted} accepted candidate{'s' * (accepted > 1)}: scout publish --live")
    if ready:
        steps.append("Start ready work: scout next")
    if not steps:
        steps.append("Nothing to decide and nothing ready: write a ticket, and see how ready it is: scout assess FILE")
    return tuple(steps)
