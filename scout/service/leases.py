"""Leases on tickets that were claimed: make them longer, or give the tickets back."""

from datetime import datetime, timedelta
from typing import ClassVar

from scout.model import Frozen, Report
from scout.service.wiring import Project, Workspace


class Lease(Frozen):
    """A ticket that is held, and until when (UTC)."""

    ticket: str
    until: datetime


class LeasesReport(Report):
    """What is held under a label now.

    Attributes:
        holder: the label.
        held: its tickets, after what was asked for was done.
        returned: tickets that were given back.
    """

    schema_id: ClassVar[str] = "scout.leases/1"

    project: str
    holder: str
    held: tuple[Lease, ...]
    returned: tuple[str, ...] = ()


def renew(work: Workspace, project: Project, holder: str, lease_hours: float = 8) -> LeasesReport:
    """Let everything that is held under a label be held `lease_hours` from now at least.

    A lease that has ended is not brought back: somebody else may have the ticket.
    """
    until = work.now + timedelta(hours=lease_hours)
    claims = work.ledger.renew(project.id, holder, at=work.now, until=until)
    held = tuple(Lease(ticket=one.ticket, until=one.until) for one in claims)
    return LeasesReport(project=project.id, holder=holder, held=held)


def give_back(work: Workspace, project: Project, holder: str) -> LeasesReport:
    """End all leases under a label, so that others are served those tickets."""
    mine = [one for one in work.ledger.claims(work.now, project.id) if one.holder == holder]
    for claim in mine:
        work.ledger.release(claim, work.now)
    returned = tuple(one.ticket for one in mine)
    return LeasesReport(project=project.id, holder=holder, held=(), returned=returned)
