"""What was decided, newest first; who did it is kept in the ledger and not shown beside it."""

from datetime import datetime
from typing import ClassVar

from scout.clock import now as moment
from scout.model import REVIEWERS, Event, Frozen, Report
from scout.service.wiring import Workspace

MOST = 100


class LogLine(Frozen):
    """One event in the life of a candidate.

    Attributes:
        by: `reviewer` or `scout`.
    """

    at: datetime
    project: str
    candidate: str
    title: str
    event: Event
    by: str
    reason: str
    until: datetime | None = None
    condition: str = ""
    into: str = ""


class LogReport(Report):
    """Decisions of all projects, newest first.

    Attributes:
        more: the moment before which there are more; None for the last page.
    """

    schema_id: ClassVar[str] = "scout.decisions/1"

    lines: tuple[LogLine, ...]
    more: datetime | None = None


def decisions(work: Workspace, *, before: str = "", most: int = MOST) -> LogReport:
    """Return a page of the decisions.

    Args:
        work: the workspace.
        before: only those before this moment (ISO 8601); all where it is empty.
        most: how many a page has.

    Raises:
        UsageError: `before` is no moment.
    """
    end = moment(before) if before else None
    lines = [
        LogLine(
            at=decision.at,
            project=one.project,
            candidate=one.id,
            title=one.draft.title,
            event=decision.event,
            by="reviewer" if decision.event in REVIEWERS else "scout",
            reason=decision.reason,
            until=decision.until,
            condition=decision.condition,
            into=decision.into,
        )
        for project in work.projects
        for one in work.ledger.candidates(project=project.id)
        for decision in one.decisions
        if end is None or decision.at < end
    ]
    lines.sort(key=lambda line: (line.at, line.candidate), reverse=True)
    return LogReport(lines=tuple(lines[:most]), more=lines[most - 1].at if len(lines) > most else None)
