"""The whole line for every project, one after another; what goes wrong with one never stops the rest."""

import logging
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from scout.errors import ScoutError
from scout.model import Frozen, Report
from scout.service.ages import troubles
from scout.service.discover import discover
from scout.service.run import RunReport, run
from scout.service.wiring import Project, Workspace

log = logging.getLogger(__name__)


class RunOutcome(StrEnum):
    """How a project's run ended."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"


class ProjectLine(Frozen):
    """One project's run in a line.

    Attributes:
        reason: why it is partial or failed; empty when it is complete.
        remedy: what to do about a failure.
        tickets: open tickets.
        ready: those that are ready.
        days_of_cover: working days that ready work lasts; None when nothing is being started, or it failed.
        drafted: candidates that are new.
        waiting: candidates that wait for a decision.
    """

    project: str
    outcome: RunOutcome
    reason: str = ""
    remedy: str = ""
    tickets: int = 0
    ready: int = 0
    days_of_cover: float | None = None
    drafted: int = 0
    waiting: int = 0


class PortfolioRunReport(Report):
    """How the runs of all projects ended.

    Attributes:
        complete: how many projects were read and judged whole.
        notes: what a reader should know about the portfolio, such as a tracker that did not list its projects.
    """

    schema_id: ClassVar[str] = "scout.portfolio_run/1"

    at: datetime
    projects: tuple[ProjectLine, ...]
    complete: int
    partial: int
    failed: int
    notes: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing was partial, failed or out of date."""
        return not (self.partial or self.failed or self.notes)


def run_all(work: Workspace, step: Callable[[str], None] = lambda _: None) -> PortfolioRunReport:
    """Carry the line out for every project of the settings and of the trackers they name.

    Args:
        work: the workspace.
        step: called with a short phrase, 'which of how many' before it, before each stage.

    Raises:
        StoreError: the state folder cannot be used.
        SettingsError: the settings are wrong.
        UsageError: there are no projects.
    """
    work.prepare()
    found = discover(work, step=step)
    projects = work.projects
    lines: list[ProjectLine] = []
    for number, project in enumerate(projects, start=1):
        lines.append(_line(work, project, _counting(step, f"{number}/{len(projects)} {project.id}")))
        log.info("%s: %s", project.id, lines[-1].outcome.value)
    counts = {outcome: sum(line.outcome is outcome for line in lines) for outcome in RunOutcome}
    return PortfolioRunReport(
        at=work.now,
        projects=tuple(lines),
        complete=counts[RunOutcome.COMPLETE],
        partial=counts[RunOutcome.PARTIAL],
        failed=counts[RunOutcome.FAILED],
        notes=tuple(
            f"{one.source} did not say which projects there are: {one.reason}" for one in found.lines if one.reason
        ),
    )


def _counting(step: Callable[[str], None], prefix: str) -> Callable[[str], None]:
    return lambda said: step(f"{prefix}: {said}")


def _line(work: Workspace, project: Project, step: Callable[[str], None]) -> ProjectLine:
    try:
        report = run(work, project, step)
    except ScoutError as error:
        log.warning("%s failed: %s", project.id, error.what)
        return ProjectLine(project=project.id, outcome=RunOutcome.FAILED, reason=error.what, remedy=error.remedy)
    except Exception as error:  # noqa: BLE001 - whatever happens to one project, the others have their turn
        log.warning("%s failed: %s", project.id, type(error).__name__)
        reason = f"Scout itself failed: {type(error).__name__}."
        remedy = f"This is a defect: report it with what `SCOUT_DEBUG=1 scout run --project {project.id}` prints."
        return ProjectLine(project=project.id, outcome=RunOutcome.FAILED, reason=reason, remedy=remedy)
    return _told(report)


def _told(report: RunReport) -> ProjectLine:
    return ProjectLine(
        project=report.project,
        outcome=RunOutcome.PARTIAL if report.partial else RunOutcome.COMPLETE,
        reason="; ".join(troubles(report.ages, report.at)) if report.partial else "",
        tickets=report.tickets,
        ready=report.ready,
        days_of_cover=report.plan.days_of_cover,
        drafted=len(report.drafted),
        waiting=report.waiting,
    )
