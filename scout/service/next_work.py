"""Hand out ready work: judged again now, not colliding, claimed by one only."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import ClassVar, Literal

from scout.buffer.fronts import Footprint, clash
from scout.buffer.position import on_hand
from scout.buffer.serving import Serving, in_motion, serve
from scout.buffer.shelf import stale
from scout.ledger import Claim, Purpose, Request
from scout.model import Autonomy, Frozen, Readiness, Report, Ticket, TicketState
from scout.service.assess import differences
from scout.service.ground import Ground
from scout.service.judging import judge_of
from scout.service.stock import next_actions
from scout.service.terrain import Terrain, terrain
from scout.service.tickets import current_tickets, target_of
from scout.service.wiring import Project, Workspace
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import verdicts

MOST_LIKELY = 8  # files that are told of a ticket


class Served(Frozen):
    """A ticket to start now.

    Attributes:
        autonomy: who may take it, and `because` why nobody freer.
        files: what it will likely change, each with its chance 0..1, the likeliest first; by history and its words.
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
    files: dict[str, float] = {}
    claimed_until: datetime | None = None


class NextReport(Report):
    """What can be started now.

    Attributes:
        asked: how many were asked for.
        available: ready, unblocked, unclaimed and unstarted tickets, whatever they collide with.
        fronts: how many of them could start at once.
        withheld: tickets that are not served and why: a verdict that changed, ground that moved under it, a
            collision, or for agents who may take it.
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
    shelf = _shelf(work, project, agent=purpose == "agent")
    taken = {held.ticket for held in work.ledger.claims(work.now, project.id)}
    served = shelf.serve(count, taken)
    until = work.now + timedelta(hours=lease_hours)
    chosen = served.tickets
    if claim is not None:
        taking = _Taking(work, project, claim, until, shelf.land.footprints)
        chosen = taking.up_to(count, lambda held: shelf.serve(1, held).tickets)
    work.ledger.record_request(
        Request(project=project.id, at=work.now, asked=count, available=served.available, purpose=Purpose(purpose))
    )
    return NextReport(
        project=project.id,
        asked=count,
        available=served.available,
        fronts=served.fronts,
        tickets=tuple(_served(project, one, shelf, until if claim else None) for one in chosen),
        withheld={**shelf.withheld, **{held.key: held.reason for held in served.held}},
        remedy="" if chosen else _remedy(work, project, served.available),
    )


@dataclass(frozen=True)
class _Shelf:
    """A project's tickets as they stand now: judged, with what is not served and why, and where they leave traces."""

    tickets: Mapping[str, Ticket]
    judged: Mapping[str, Readiness]
    withheld: Mapping[str, str]
    land: Terrain

    def serve(self, count: int, taken: Collection[str]) -> Serving:
        """Return what can be started, beside what is taken."""
        ready = {key: one.total for key, one in self.judged.items() if key not in self.withheld}
        return serve(self.tickets.values(), ready, count, taken=taken, footprints=self.land.footprints)


def _shelf(work: Workspace, project: Project, *, agent: bool) -> _Shelf:
    tickets = {one.key: one for one in current_tickets(work, project)}
    before = _judged_before(work, project)
    judge = judge_of(work, project)
    actions = next_actions(work, project, tickets.values())
    judged = {key: judge.ticket(one, tickets) for key, one in tickets.items() if one.state is TicketState.UNSTARTED}
    withheld = {key: reason for key, one in judged.items() if (reason := _withheld(before.get(key), one, agent=agent))}
    withheld |= dict.fromkeys(sorted(judged.keys() - actions), "classified as something else than a next action")
    land = _land(work, project, tickets, judged.keys() - withheld.keys(), judge.ground)
    aged = {key: reason for key, ground in land.grounds.items() if (reason := stale(tickets[key], ground, work.now))}
    return _Shelf(tickets, judged, withheld | {key: reason for key, reason in aged.items() if key in judged}, land)


def _land(
    work: Workspace, project: Project, tickets: Mapping[str, Ticket], ready: Collection[str], files: Ground
) -> Terrain:
    """Return the terrain of what could be served and of what is in motion."""
    there = on_hand(tickets.values(), ready)
    known = {one.key: one for one in (*there, *in_motion(tickets.values()))}
    return terrain(work, project, tuple(known.values()), files) if there else Terrain()


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

    def __init__(
        self, work: Workspace, project: Project, label: str, until: datetime, footprints: Mapping[str, Footprint]
    ) -> None:
        self._work, self._project, self._label, self._until = work, project, label, until
        self._footprints = footprints

    def up_to(self, count: int, choose: Callable[[set[str]], tuple[Ticket, ...]]) -> tuple[Ticket, ...]:
        """Return what was taken; `choose` says what is best when some tickets are held."""
        held = {claim.ticket for claim in self._held()}
        mine: list[Ticket] = []
        while len(mine) < count and (best := choose(held)):
            held.add(best[0].key)
            if self._take(best[0], held):
                mine.append(best[0])
        return tuple(mine)

    def _take(self, ticket: Ticket, held: set[str]) -> bool:
        """Claim a ticket, and give it back when another asker has meanwhile taken one that it would meet."""
        taken = self._work.ledger.claim(
            self._project.id, [ticket.key], self._label, at=self._work.now, until=self._until
        )
        if taken is None:
            return False
        before = takewhile(lambda one: one != taken, self._held())
        meanwhile = [one.ticket for one in before if one.ticket not in held]
        held.update(meanwhile)
        if any(self._meet(ticket.key, other) for other in meanwhile):
            self._work.ledger.release(taken, self._work.now)
            return False
        return True

    def _held(self) -> tuple[Claim, ...]:
        return self._work.ledger.claims(self._work.now, self._project.id)

    def _meet(self, one: str, other: str) -> bool:
        nowhere = Footprint()
        return bool(clash(self._footprints.get(one, nowhere), self._footprints.get(other, nowhere)))


def _served(project: Project, ticket: Ticket, shelf: _Shelf, until: datetime | None) -> Served:
    readiness, footprint = shelf.judged[ticket.key], shelf.land.footprints.get(ticket.key)
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
        files={one.path: round(one.chance, 2) for one in footprint.likely()[:MOST_LIKELY]} if footprint else {},
        claimed_until=until,
    )


def _remedy(work: Workspace, project: Project, available: int) -> str:
    if available:
        many = "1 ticket is" if available == 1 else f"{available} tickets are"
        return f"{many} ready, but would meet work in motion: finish some of that, or ask again later"
    waiting = [one for one in work.ledger.candidates(project=project.id) if not one.decisions]
    if waiting:
        return f"{len(waiting)} candidates wait for a decision: scout inbox"
    return "Look for work that is worth doing: scout run"
