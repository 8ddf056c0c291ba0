"""Hand out ready work: judged again now, not colliding, claimed by one only."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from scout.buffer.serving import serve
from scout.ledger import Purpose, Request
from scout.model import Autonomy, Frozen, Readiness, Report, Ticket, TicketState
from scout.service.assess import differences
from scout.service.judging import judge_of
from scout.service.tickets import current_tickets, target_of
from scout.service.wiring import Project, Workspace
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import verdicts


class Served(Frozen):
    """A ticket to start now.

    Attributes:
        autonomy: who may take it, and `because` why nobody freer.
        claimed_until: when the claim ends by itself; None when it was not claimed.
    """

    key: str
    title: str
    body: str
    url: str
    size: str
    readiness: float
    digest: str
    autonomy: Autonomy | None = None
    because: str = ""
    claimed_until: datetime | None = None


class NextReport(Report):
    """What can be started now.

    Attributes:
        asked: how many were asked for.
        available: ready, unblocked, unclaimed and unstarted tickets, whatever they collide with.
        fronts: how many of them could start at once.
        withheld: tickets that are not served and why: a verdict that changed, a collision, or for agents who may
            take it.
        remedy: what to do when nothing is ready.
    """

    schema_id: ClassVar[str] = "scout.next/1"

    project: str
    asked: int
    available: int
    fronts: int
    tickets: tuple[Served, ...]
    withheld: dict[str, str]
    remedy: str = ""


def next_work(  # noqa: PLR0913 - what somebody who asks for work may say
    work: Workspace,
    project: Project,
    *,
    count: int = 1,
    claim: str | None = None,
    purpose: Literal["agent", "person"] = "person",
    lease_hours: float = 8,
) -> NextReport:
    """Serve up to `count` tickets, best first, and record what was asked and what was there.

    Args:
        work: the workspace.
        project: whose tickets.
        count: how many.
        claim: a label; with it each ticket served is taken for `lease_hours`, by exactly one asker.
        purpose: who will do the work.
        lease_hours: after that a claim ends by itself.
    """
    tickets = {one.key: one for one in current_tickets(work, project)}
    before = _judged_before(work, project)
    judge = judge_of(work, project)
    now = {key: judge.ticket(one, tickets) for key, one in tickets.items() if one.state is TicketState.UNSTARTED}
    withheld = {
        key: reason for key, one in now.items() if (reason := _withheld(before.get(key), one, agent=purpose == "agent"))
    }
    ready = {key: one.total for key, one in now.items() if key not in withheld}
    taken = {held.ticket for held in work.ledger.claims(work.now, project.id)}
    served = serve(tickets.values(), ready, count, taken=taken)
    until = work.now + timedelta(hours=lease_hours)
    chosen = served.tickets
    if claim is not None:
        taking = _Taking(work, project, claim, until)
        chosen = taking.up_to(count, lambda held: serve(tickets.values(), ready, 1, taken=held).tickets)
    work.ledger.record_request(
        Request(project=project.id, at=work.now, asked=count, available=served.available, purpose=Purpose(purpose))
    )
    return NextReport(
        project=project.id,
        asked=count,
        available=served.available,
        fronts=served.fronts,
        tickets=tuple(_served(project, one, now[one.key], until if claim else None) for one in chosen),
        withheld={**withheld, **{held.key: held.reason for held in served.held}},
        remedy="" if chosen else _remedy(work, project),
    )


def _judged_before(work: Workspace, project: Project) -> dict[str, Readiness]:
    try:
        with work.warehouse.reading() as connection:
            return verdicts.read(connection, project.id)
    except NoWarehouseError:
        return {}


def _withheld(before: Readiness | None, now: Readiness, *, agent: bool) -> str:
    """Return why a ticket is not served; nothing when it may be."""
    if not now.ready:
        return "; ".join(differences(before, now)) or f"not ready: {', '.join(now.failed_gates) or 'too little'}"
    if agent and now.autonomy and not now.autonomy.level.for_agents:
        return f"{now.autonomy.level.words}: {now.autonomy.because}"
    return ""


class _Taking:
    """Take tickets one by one until there are enough; what another asker took first is passed over."""

    def __init__(self, work: Workspace, project: Project, label: str, until: datetime) -> None:
        self._work, self._project, self._label, self._until = work, project, label, until

    def up_to(self, count: int, choose: Callable[[set[str]], tuple[Ticket, ...]]) -> tuple[Ticket, ...]:
        """Return what was taken; `choose` says what is best when some tickets are held."""
        held = {claim.ticket for claim in self._work.ledger.claims(self._work.now, self._project.id)}
        mine: list[Ticket] = []
        while len(mine) < count and (best := choose(held)):
            held.add(best[0].key)
            if self._take(best[0]):
                mine.append(best[0])
        return tuple(mine)

    def _take(self, ticket: Ticket) -> bool:
        taken = self._work.ledger.claim(
            self._project.id, [ticket.key], self._label, at=self._work.now, until=self._until
        )
        return taken is not None


def _served(project: Project, ticket: Ticket, readiness: Readiness, until: datetime | None) -> Served:
    return Served(
        key=ticket.key,
        title=ticket.title,
        body=ticket.body,
        url=ticket.url or (f"{target_of(project)}/{ticket.key}.md" if ticket.source == "files" else ""),
        size=ticket.size,
        readiness=readiness.total,
        digest=readiness.digest,
        autonomy=readiness.autonomy and readiness.autonomy.level,
        because=readiness.autonomy.because if readiness.autonomy else "",
        claimed_until=until,
    )


def _remedy(work: Workspace, project: Project) -> str:
    waiting = [one for one in work.ledger.candidates(project=project.id) if not one.decisions]
    if waiting:
        return f"{len(waiting)} candidates wait for a decision: scout inbox"
    return "Look for work that is worth doing: scout run"
