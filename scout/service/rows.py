"""The rows behind a project's figures, a page at a time, as its last run published them."""

from typing import ClassVar, Final

from scout.errors import UsageError
from scout.model import Report
from scout.service.snapshot import rows_of
from scout.service.wiring import Project, Workspace
from scout.warehouse.published import FindingRow, TicketRow

MOST: Final = 50
STOCKS: Final = ("ready", "open", "closed")
SHARES: Final = ("offered", "left")


class TicketsReport(Report):
    """Tickets of a project.

    Attributes:
        of: `ready`, `open` (and not ready) or `closed`.
        total: how many there are.
        more: what `after` takes for the next page; None on the last one.
    """

    schema_id: ClassVar[str] = "scout.ticket-rows/1"

    project: str
    of: str
    total: int
    rows: tuple[TicketRow, ...]
    first: bool
    more: int | None = None


class FindingsReport(Report):
    """Findings of a project: `offered`, or `left` out by caps, groups and settings."""

    schema_id: ClassVar[str] = "scout.finding-rows/1"

    project: str
    of: str
    rows: tuple[FindingRow, ...]
    first: bool
    more: int | None = None


def counts(work: Workspace, project: Project) -> dict[str, int]:
    """Return how many tickets are published of each stock."""
    return rows_of(work).counts(project.id)


def tickets(work: Workspace, project: Project, of: str, after: int = -1) -> TicketsReport:
    """Return tickets of a stock, those whose place is after `after`.

    Raises:
        UsageError: there is no such stock.
        StoreError: the rows cannot be read.
    """
    _known(of, STOCKS)
    published = rows_of(work)
    found = published.tickets(project.id, of, after, MOST + 1)
    total = published.counts(project.id).get(of, 0)
    more = found[MOST - 1].place if len(found) > MOST else None
    return TicketsReport(project=project.id, of=of, total=total, rows=found[:MOST], first=after < 0, more=more)


def findings(work: Workspace, project: Project, of: str, after: int = -1) -> FindingsReport:
    """Return findings, those whose place is after `after`.

    Raises:
        UsageError: there is no such share of them.
        StoreError: the rows cannot be read.
    """
    _known(of, SHARES)
    found = rows_of(work).findings(project.id, offered=of == "offered", after=after, most=MOST + 1)
    more = found[MOST - 1].place if len(found) > MOST else None
    return FindingsReport(project=project.id, of=of, rows=found[:MOST], first=after < 0, more=more)


def _known(of: str, words: tuple[str, ...]) -> None:
    if of not in words:
        raise UsageError(f"There are no rows '{of}'.", f"There are: {', '.join(words)}.")
