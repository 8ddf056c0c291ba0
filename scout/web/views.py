"""What each page shows, as values: pure functions from reports to what the templates print."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scout.clock import ago
from scout.model import CandidateState, Event, Evidence, Frozen, Passing
from scout.service.ages import SourceAge
from scout.service.review import CandidateReport, InboxLine, InboxReport
from scout.web.cards import Card, card
from scout.web.text import rendered

_SHORT_SHA = 12


class Portfolio(Frozen):
    """The first page.

    Attributes:
        cards: what needs attention first.
        lines: today's portion of what waits for a decision.
        beyond: how many more wait.
        age: how long what is shown has been so, in words; empty when there is no snapshot.
        troubled: how many projects are old or partial, in words; empty for none, and for a single project.
    """

    cards: tuple[Card, ...]
    lines: tuple[InboxLine, ...]
    beyond: int
    age: str
    troubled: str


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
    ages: Mapping[str, tuple[SourceAge, ...]],
    now: datetime,
) -> Portfolio:
    """Return the first page.

    Args:
        content: the snapshot's content; None before the first run.
        written: when that content was first seen.
        everything: the inbox whole, decided candidates included.
        ages: by project, how old what is known of its sources is.
        now: the clock, UTC.
    """
    known: dict[str, Any] = {one["id"]: one for one in (content or {}).get("projects", ())}
    waiting = inbox(everything).waiting
    cards = [card(known.get(name, {"id": name}), waiting, ages.get(name, ()), now) for name in everything.projects]
    troubled = sum(bool(one.trouble) for one in cards)
    return Portfolio(
        cards=tuple(sorted(cards, key=lambda one: (not one.alarm, not one.trouble, one.id))),
        lines=waiting[: everything.portion],
        beyond=max(0, len(waiting) - everything.portion),
        age=ago(written, now) if written else "",
        troubled=f"{troubled} of {len(cards)} projects" if troubled and len(cards) > 1 else "",
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
    entrusted, asked = draft.readiness.autonomy, draft.readiness.question
    facts = (
        ("project", report.project),
        ("signal", report.signal),
        ("subject", report.subject),
        ("severity", f"{report.severity} of 3"),
        ("kind", draft.kind.value),
        ("size", draft.size),
        ("revision", f"{draft.number}, by the {draft.drafter} drafter" if draft.drafter != "reviewer" else "edited"),
        ("ticket", report.ticket),
        ("who may take it", f"{entrusted.level.words}. {entrusted.because}" if entrusted else ""),
        ("to ask first", f"{asked.text} ({asked.to.value})" if asked else ""),
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
        decidable=report.decidable,
    )
