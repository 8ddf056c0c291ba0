"""A project's days as they ended: what plans counted, what was started, and what candidates went through."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from scout.buffer.calendar import Calendar
from scout.buffer.chronicle import Dated, Kept, chronicle, steps
from scout.model import Candidate, Event
from scout.service.starts import StartHistory
from scout.service.wiring import Project, Workspace
from scout.warehouse.connection import Connection
from scout.warehouse.tables import plans

_LONGEST = timedelta(days=520)  # more than a year of working days


def days_of(  # noqa: PLR0913 - what the plan knows already
    work: Workspace,
    project: Project,
    connection: Connection,
    *,
    lives: Sequence[Candidate],
    history: StartHistory,
    calendar: Calendar,
) -> tuple[Dated, ...]:
    """Return the working days of at most a year, from the first plan that is kept on; without today.

    Args:
        work: the workspace.
        project: the project.
        connection: to the warehouse.
        lives: all candidates of the project.
        history: its demand.
        calendar: its working days.
    """
    today = work.now.date()
    kept = [Kept(*one) for one in plans.counted(connection, project.id, today - _LONGEST)]
    if not any(one.day < today for one in kept):
        return ()
    moved = steps(lives, _verdicts(work, project, lives), work.now)
    return chronicle(kept, today, calendar, started=history.started, unmet=history.unmet, moved=moved)


def _verdicts(work: Workspace, project: Project, lives: Sequence[Candidate]) -> dict[str, list[tuple[datetime, bool]]]:
    """Return what was judged of the tickets that candidates became."""
    filed = [one.ticket for one in lives if one.ticket and any(it.event is Event.PUBLISH for it in one.decisions)]
    found: dict[str, list[tuple[datetime, bool]]] = {}
    for change in work.ledger.verdict_history(project.id, filed) if filed else ():
        found.setdefault(change.ticket, []).append((change.at, change.ready))
    return found
