"""What each page shows, as values: pure functions from reports to what the templates print."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scout.model import CandidateState, Event, Evidence, Frozen, Passing, Plan
from scout.service.review import CandidateReport, InboxLine, InboxReport
from scout.web.text import rendered

_SHORT_SHA = 12
_GAUGE = 100


class Source(Frozen):
    """How the last reading of a source ended."""

    id: str
    outcome: str
    reason: str = ""


class Counts(Frozen):
    """Findings of a project: all, and those to offer."""

    all: int = 0
    offered: int = 0


class Tickets(Frozen):
    """Open tickets of a project, and the ready ones among them."""

    open: int = 0
    ready: int = 0


class Card(Frozen):
    """One project of the portfolio.

    Attributes:
        plan: None before the project's first run.
        cover: days of cover in words; empty without a plan.
        alarm: why it needs attention, in a word; empty when it does not.
        gauge: on hand, on order and s as parts of S, each 0..100.
        stale: what is old or could not be read; empty when all is fresh.
        waiting: candidates that wait for a decision.
    """

    id: str
    plan: Plan | None
    cover: str
    alarm: str
    gauge: tuple[int, int, int]
    sources: tuple[Source, ...]
    findings: Counts
    tickets: Tickets
    stale: str
    waiting: int


class Portfolio(Frozen):
    """The first page.

    Attributes:
        cards: what needs attention first.
        lines: today's portion of what waits for a decision.
        beyond: how many more wait.
        age: how long what is shown has been so, in words; empty when there is no snapshot.
    """

    cards: tuple[Card, ...]
    lines: tuple[InboxLine, ...]
    beyond: int
    age: str


class Inbox(Frozen):
    """All candidates: those that wait first, then the others.

    Attributes:
        waiting: in the order to decide them.
        others: in whatever other state.
    """

    waiting: tuple[InboxLine, ...]
    others: tuple[InboxLine, ...]


class Row(Frozen):
    """One verdict: a criterion's answer with what would mend it."""

    criterion: str
    gate: bool
    passing: Passing
    score: str
    reason: str
    remedy: str


class Step(Frozen):
    """One event of a candidate's life; who caused it is not shown."""

    event: Event
    at: datetime
    reason: str
    until: datetime | None


class CandidatePage(Frozen):
    """One candidate's page.

    Attributes:
        body: the draft's text as safe HTML.
        decidable: whether a reviewer can still decide.
    """

    id: str
    project: str
    title: str
    state: CandidateState
    facts: tuple[tuple[str, str], ...]
    body: str
    evidence: tuple[Evidence, ...]
    sha: str
    readiness: str
    ready: bool
    rows: tuple[Row, ...]
    steps: tuple[Step, ...]
    decidable: bool


def portfolio(
    content: Mapping[str, Any] | None,
    written: datetime | None,
    everything: InboxReport,
    stale: Mapping[str, str],
    now: datetime,
) -> Portfolio:
    """Return the first page.

    Args:
        content: the snapshot's content; None before the first run.
        written: when that content was first seen.
        everything: the inbox whole, decided candidates included.
        stale: by project, what is old or could not be read.
        now: the clock, UTC.
    """
    known: dict[str, Any] = {one["id"]: one for one in (content or {}).get("projects", ())}
    waiting = inbox(everything).waiting
    cards = [_card(known.get(name, {"id": name}), waiting, stale.get(name, ""), now) for name in everything.projects]
    return Portfolio(
        cards=tuple(sorted(cards, key=lambda card: (not card.alarm, not card.stale, card.id))),
        lines=waiting[: everything.portion],
        beyond=max(0, len(waiting) - everything.portion),
        age=ago(written, now) if written else "",
    )


def inbox(everything: InboxReport) -> Inbox:
    """Return all candidates, those that wait apart from the others."""
    return Inbox(
        waiting=tuple(line for line in everything.candidates if line.state is CandidateState.OFFERED),
        others=tuple(line for line in everything.candidates if line.state is not CandidateState.OFFERED),
    )


def candidate(report: CandidateReport) -> CandidatePage:
    """Return a candidate's page."""
    draft = report.draft
    facts = (
        ("project", report.project),
        ("signal", report.signal),
        ("subject", report.subject),
        ("severity", f"{report.severity} of 3"),
        ("kind", draft.kind.value),
        ("size", draft.size),
        ("revision", f"{draft.number}, by the {draft.drafter} drafter" if draft.drafter != "reviewer" else "edited"),
        ("ticket", report.ticket),
    )
    return CandidatePage(
        id=report.id,
        project=report.project,
        title=draft.title,
        state=report.state,
        facts=tuple((name, value) for name, value in facts if value),
        body=rendered(draft.body),
        evidence=draft.evidence,
        sha=draft.sha[:_SHORT_SHA],
        readiness=f"{draft.readiness.total:.2f}",
        ready=draft.readiness.ready,
        rows=tuple(
            Row(
                criterion=verdict.criterion,
                gate=verdict.gate,
                passing=verdict.passing,
                score=f"{verdict.score:.2f}",
                reason=verdict.reason,
                remedy=verdict.remedy if verdict.passing is Passing.FAILED else "",
            )
            for verdict in draft.readiness.verdicts
        ),
        steps=tuple(Step(event=one.event, at=one.at, reason=one.reason, until=one.until) for one in report.decisions),
        decidable=report.state in {CandidateState.OFFERED, CandidateState.DEFERRED},
    )


def ago(then: datetime, now: datetime) -> str:
    """Return how long ago a moment was, in words."""
    minutes = int((now - then).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    for size, word in ((60 * 24, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {word}{'s' if count > 1 else ''} ago"
    return "just now"


def _card(project: Mapping[str, Any], waiting: tuple[InboxLine, ...], stale: str, now: datetime) -> Card:
    # The snapshot leaves the plan's moments out: they change with every run, and nothing here shows them.
    given = project.get("plan")
    plan = Plan.model_validate({"at": now, "next_review_at": now, **given}) if given else None
    return Card(
        id=project["id"],
        plan=plan,
        cover=_cover(plan),
        alarm=_alarm(plan),
        gauge=_gauge(plan),
        sources=tuple(Source(id=name, **state) for name, state in sorted(project.get("sources", {}).items())),
        findings=Counts.model_validate(project.get("findings", {})),
        tickets=Tickets.model_validate(project.get("tickets", {})),
        stale=stale if plan else "",
        waiting=sum(line.project == project["id"] for line in waiting),
    )


def _cover(plan: Plan | None) -> str:
    if plan is None:
        return ""
    if plan.days_of_cover is None:
        return "nothing is being started"
    days = f"{plan.days_of_cover:.1f}".removesuffix(".0")
    return f"{days} working day{'' if days == '1' else 's'} of cover"


def _alarm(plan: Plan | None) -> str:
    if plan is None:
        return ""
    if plan.position.blind:
        return "blind"
    if plan.position.on_hand == 0:
        return "empty"
    return "low" if plan.position.on_hand + plan.position.on_order <= plan.reorder_point else ""


def _gauge(plan: Plan | None) -> tuple[int, int, int]:
    if plan is None or plan.order_up_to <= 0:
        return 0, 0, 0
    on_hand = min(_GAUGE, round(_GAUGE * plan.position.on_hand / plan.order_up_to))
    on_order = min(_GAUGE - on_hand, round(_GAUGE * plan.position.on_order / plan.order_up_to))
    return on_hand, on_order, min(_GAUGE, round(_GAUGE * plan.reorder_point / plan.order_up_to))
