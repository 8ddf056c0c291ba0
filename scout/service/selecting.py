"""Which findings become candidates now, which do not and why."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, NamedTuple

from scout.drafts import (
    Acceptance,
    Admitted,
    Attention,
    Cut,
    acceptance,
    admit,
    choose,
    clusters,
    unlike,
)
from scout.model import Candidate, Finding, Frozen, Plan, Report, WorkKind
from scout.service.meaning import meaning
from scout.service.outcomes import unwanted
from scout.service.plan import forecast
from scout.service.tickets import known_tickets
from scout.service.wiring import Project, Workspace
from scout.signals import fresh_reading
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import findings as table


class Selection(NamedTuple):
    """What is drafted, best first, what is not, and what reviewers should know about it."""

    chosen: tuple[Admitted, ...]
    cut: tuple[Cut, ...]
    notes: tuple[str, ...]


class Wanted(NamedTuple):
    """How many candidates to draft, and of which kinds where that is known."""

    order: int
    kinds: Mapping[WorkKind, int] = MappingProxyType({})


def wanted_of(plan: Plan, filled: int = 0) -> Wanted:
    """Return what a plan orders and other work has not filled."""
    return Wanted(max(0, plan.order - filled), {one.kind: one.count for one in plan.kinds})


class CutLine(Frozen):
    """A finding that is no candidate.

    Attributes:
        because: why not.
        same_as: the ticket or candidate that it is seen as; empty where there is none.
    """

    fingerprint: str
    signal: str
    subject: str
    title: str
    severity: int
    because: str
    same_as: str


class ScoutLine(Frozen):
    """What reviewers said about one scout.

    Attributes:
        rate: chance of a yes, 0..1; under `floor` the scout is throttled to one candidate at a time.
    """

    signal: str
    accepted: int
    rejected: int
    waiting: int
    rate: float
    floor: float
    throttled: bool


class CutReport(Report):
    """Everything that was found and is no candidate, and how far each scout is heard.

    Attributes:
        reasons: how many are cut for which reason.
        cut: each of them, gravest first.
        scouts: those that reviewers have decided about, or that wait.
    """

    schema_id: ClassVar[str] = "scout.cut/1"

    project: str
    reasons: dict[str, int]
    cut: tuple[CutLine, ...]
    scouts: tuple[ScoutLine, ...]


def selected(
    work: Workspace,
    project: Project,
    findings: Sequence[Finding],
    lives: Sequence[Candidate],
    wanted: Wanted,
) -> Selection:
    """Return what to draft of these findings; `lives` are all candidates of the project.

    Where nothing is ordered, texts are not compared: what is new and what is known in other words waits alike.
    """
    return _selected(work, project, findings, lives, wanted, compare=wanted.order > 0)


def cut_list(work: Workspace, project: Project) -> CutReport:
    """Return what the last run found and what is no candidate, with the reasons that hold now.

    Raises:
        StoreError: the warehouse or the ledger cannot be read.
    """
    try:
        with work.warehouse.reading() as connection:
            findings = table.read(connection, project.id)
    except NoWarehouseError:
        return CutReport(project=project.id, reasons={}, cut=(), scouts=())
    lives = work.ledger.candidates(project=project.id)
    wanted = wanted_of(forecast(work, project).plan)
    dropped = _selected(work, project, findings, lives, wanted, compare=True, ask=False).cut
    record = acceptance(lives, work.now, attention(work), unwanted(work, project, lives))
    ordered = sorted(dropped, key=lambda one: (-one.severity, one.because, one.signal, one.subject))
    return CutReport(
        project=project.id,
        reasons=_counted(dropped),
        cut=tuple(_cut_line(one) for one in ordered),
        scouts=tuple(_line(one) for one in record.values() if one.accepted + one.rejected + one.waiting),
    )


def attention(work: Workspace) -> Attention:
    """Return how the settings spend reviewers' attention.

    The prior is the yield they expect, for scouts that fresh readers have read moved by what these said.
    """
    policy, tables = work.loaded.settings.policy, work.loaded.settings.signals
    return Attention(
        prior=policy.yield_rate,
        priors={name: one.chance(policy.yield_rate) for name, one in fresh_reading().signals.items()},
        half_life=policy.acceptance_half_life,
        floor=policy.acceptance_floor,
        floors={name: float(table["floor"]) for name, table in tables.items() if table.get("floor") is not None},
        share=policy.scout_share,
    )


def _selected(  # noqa: PLR0913 - what the choice depends on
    work: Workspace,
    project: Project,
    findings: Sequence[Finding],
    lives: Sequence[Candidate],
    wanted: Wanted,
    *,
    compare: bool,
    ask: bool = True,
) -> Selection:
    tickets = known_tickets(work, project)
    known = admit(clusters(findings), lives, work.ledger.suppressions(project.id), tickets)
    meant = meaning(work, project, ask=ask) if compare else None
    new = unlike(known.chosen, lives, tickets, work.now, meant) if compare else known
    terms = attention(work)
    record = acceptance(lives, work.now, terms, unwanted(work, project, lives, tickets))
    best = choose(new.chosen, wanted.order, record, terms, wanted.kinds)
    cut = (*known.cut, *(new.cut if compare else ()), *best.cut)
    heard = {one.cluster.lead.signal for one in new.chosen}
    notes = tuple(
        f"{name} is throttled to one candidate at a time: {one.said}."
        for name, one in record.items()
        if one.throttled and name in heard
    )
    return Selection(best.chosen, cut, (*notes, *(meant.notes if meant else ())))


def _cut_line(one: Cut) -> CutLine:
    return CutLine(**one.model_dump(include=set(CutLine.model_fields)))


def _counted(dropped: Sequence[Cut]) -> dict[str, int]:
    reasons = [one.because for one in dropped]
    return {because: reasons.count(because) for because in sorted(set(reasons))}


def _line(one: Acceptance) -> ScoutLine:
    return ScoutLine(
        signal=one.signal,
        accepted=one.accepted,
        rejected=one.rejected,
        waiting=one.waiting,
        rate=round(one.rate, 3),
        floor=one.floor,
        throttled=one.throttled,
    )
