"""What was decided, newest first; who did it is kept in the ledger and not shown beside it."""

from datetime import datetime
from typing import ClassVar

from scout.clock import now as moment
from scout.ledger import Decided
from scout.model import REVIEWERS, Event, Frozen, Report
from scout.service.wiring import Workspace

MOST = 100
_MARK = "~"


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
        more: what `before` takes for the next page; empty on the last one.
    """

    schema_id: ClassVar[str] = "scout.decisions/1"

    lines: tuple[LogLine, ...]
    more: str = ""


def decisions(work: Workspace, *, before: str = "", most: int = MOST) -> LogReport:
    """Return a page of the decisions.

    Args:
        work: the workspace.
        before: only those before this moment (ISO 8601), or before where another page ended; all where it is empty.
        most: how many a page has.

    Raises:
        UsageError: `before` is neither.
    """
    known = work.ledger.decided([one.id for one in work.projects], _place(before) if before else None, most + 1)
    lines = tuple(_line(one) for one in known[:most])
    last = known[most - 1] if len(known) > most else None
    more = _MARK.join((last.decision.at.isoformat(), last.candidate, str(last.decision.seq))) if last else ""
    return LogReport(lines=lines, more=more)


def _place(text: str) -> tuple[datetime, str, int]:
    at, _, rest = text.partition(_MARK)
    name, _, seq = rest.partition(_MARK)
    return moment(at), name, int(seq) if seq.isdecimal() else 0


def _line(one: Decided) -> LogLine:
    made = one.decision
    return LogLine(
        at=made.at,
        project=one.project,
        candidate=one.candidate,
        title=one.title,
        event=made.event,
        by="reviewer" if made.event in REVIEWERS else "scout",
        reason=made.reason,
        until=made.until,
        condition=made.condition,
        into=made.into,
    )
