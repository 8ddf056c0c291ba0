"""What each page shows, as values: pure functions from reports to what the templates print."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scout.clock import ago
from scout.errors import ScoutError
from scout.model import CandidateState, Event, Evidence, Frozen, Passing, Readiness
from scout.service.ages import SourceAge, trouble
from scout.service.glance import Glance, glance
from scout.service.inbox_line import InboxLine
from scout.service.links import Link
from scout.service.review import CandidateReport
from scout.service.surroundings import Place, SurroundingsReport
from scout.service.twins import Twin
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


class Judged(Frozen):
    """Readiness as a table."""

    total: str
    ready: bool
    rows: tuple[Row, ...]

    @property
    def failed(self) -> tuple[Row, ...]:
        """The criteria that fail."""
        return tuple(row for row in self.rows if row.passing is Passing.FAILED)

    @property
    def passed(self) -> int:
        """How many criteria pass."""
        return sum(row.passing is Passing.PASSED for row in self.rows)


class Given(Frozen):
    """What a reviewer has typed, so that nothing is lost when it cannot be taken."""

    title: str
    body: str
    reason: str = ""
    kind: str = ""
    until: str = ""
    closed: str = ""
    into: str = ""


class CandidatePage(Frozen):
    """One candidate's page.

    Attributes:
        short: what its text says in a few sentences.
        body: the draft's text as safe HTML.
        decidable: whether a reviewer can still decide.
        undoable: whether the last decision can be taken back.
        seen: how many decisions there were when the page was made.
        elsewhere: other projects with the same cause, in words.
        places: code around the evidence.
        changed: what the newest revision changed, lines of a unified diff.
        why_now: what the project's last plan says.
        twins: what may ask for the same, nearest first.
        editing: whether the text is shown to be changed.
        trouble: why the last act was not taken, and what to do.
        told: what the last act did.
    """

    id: str
    project: str
    title: str
    state: CandidateState
    facts: tuple[tuple[str, str], ...]
    short: Glance
    body: str
    evidence: tuple[Evidence, ...]
    sha: str
    judged: Judged
    steps: tuple[Step, ...]
    decidable: bool
    undoable: bool
    seen: int
    given: Given
    elsewhere: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    changed: tuple[str, ...] = ()
    why_now: str = ""
    twins: tuple[Twin, ...] = ()
    editing: bool = False
    trouble: tuple[str, str] | None = None
    told: str = ""


class SourceLine(Frozen):
    """How a project's source fares."""

    project: str
    said: str
    trouble: str


class Health(Frozen):
    """How all sources fare.

    Attributes:
        lines: those in trouble first.
        links: by project, where Dagster shows it; empty where the settings name no Dagster.
    """

    lines: tuple[SourceLine, ...]
    links: dict[str, tuple[Link, ...]]


def portfolio(  # noqa: PLR0913 - keyword-only facts
    content: Mapping[str, Any] | None,
    written: datetime | None,
    *,
    waiting: Mapping[str, int],
    today: tuple[InboxLine, ...],
    ages: Mapping[str, tuple[SourceAge, ...]],
    now: datetime,
) -> Portfolio:
    """Return the first page.

    Args:
        content: the snapshot's content; None before the first run.
        written: when that content was first seen.
        waiting: by project, how many candidates wait for a decision.
        today: those of them that are today's.
        ages: by project, how old what is known of its sources is.
        now: the clock, UTC.
    """
    known: dict[str, Any] = {one["id"]: one for one in (content or {}).get("projects", ())}
    cards = [card(known.get(name, {"id": name}), waiting.get(name, 0), of, now) for name, of in ages.items()]
    troubled = sum(bool(one.trouble) for one in cards)
    return Portfolio(
        cards=tuple(sorted(cards, key=lambda one: (not one.alarm, not one.trouble, one.id))),
        lines=today,
        beyond=max(0, sum(waiting.values()) - len(today)),
        age=ago(written, now) if written else "",
        troubled=f"{troubled} of {len(cards)} projects" if troubled and len(cards) > 1 else "",
    )


def candidate(  # noqa: PLR0913 - what the page is made of
    report: CandidateReport,
    around: SurroundingsReport,
    typed: Mapping[str, str] | None = None,
    *,
    editing: bool = False,
    trouble: ScoutError | None = None,
    told: str = "",
) -> CandidatePage:
    """Return a candidate's page; `typed` is what a reviewer's form said that could not be taken."""
    draft, typed = report.draft, typed or {}
    given = {name: typed[name] for name in Given.model_fields if name in typed}
    return CandidatePage(
        id=report.id,
        project=report.project,
        title=draft.title,
        state=report.state,
        facts=tuple((name, value) for name, value in _facts(report) if value),
        short=glance(draft.body),
        body=rendered(draft.body),
        evidence=draft.evidence,
        sha=draft.sha[:_SHORT_SHA],
        judged=judged(draft.readiness),
        steps=tuple(Step(event=one.event, at=one.at, reason=one.reason, until=one.until) for one in report.decisions),
        decidable=report.decidable,
        undoable=report.undoable,
        seen=len(report.decisions),
        given=Given(**({"title": draft.title, "body": draft.body} | given)),
        elsewhere=tuple(f"{one.where}: {one.ticket or one.candidate}" for one in report.elsewhere),
        places=around.places,
        changed=around.changed,
        why_now=around.why_now,
        twins=around.twins,
        editing=editing or "body" in typed,
        trouble=(trouble.what, trouble.remedy) if trouble else None,
        told=told,
    )


def judged(readiness: Readiness) -> Judged:
    """Return readiness as a table."""
    rows = (
        Row(
            criterion=verdict.criterion,
            gate=verdict.gate,
            passing=verdict.passing,
            score=f"{verdict.score:.2f}",
            reason=verdict.reason,
            remedy=verdict.remedy if verdict.passing is Passing.FAILED else "",
        )
        for verdict in readiness.verdicts
    )
    return Judged(total=f"{readiness.total:.2f}", ready=readiness.ready, rows=tuple(rows))


def health(known: Mapping[str, tuple[SourceAge, ...]], links: Mapping[str, tuple[Link, ...]], now: datetime) -> Health:
    """Return how each source of each project fares, those in trouble first."""
    lines = [
        SourceLine(
            project=name,
            said=f"{one.source}, read {ago(one.fetched_at, now)}" if one.fetched_at else f"{one.source}, never read",
            trouble=trouble(one, now) or "",
        )
        for name, sources in known.items()
        for one in sources
    ]
    return Health(
        lines=tuple(sorted(lines, key=lambda line: (not line.trouble, line.project, line.said))),
        links={name: to for name, to in links.items() if to},
    )


def _facts(report: CandidateReport) -> tuple[tuple[str, str], ...]:
    draft = report.draft
    entrusted, asked = draft.readiness.autonomy, draft.readiness.question
    return (
        ("project", report.project),
        ("signal", report.signal),
        ("subject", report.subject),
        ("severity", f"{report.severity} of 3"),
        ("kind", draft.kind.value),
        ("size", draft.size),
        ("who says yes", {"one": "one reviewer", "two": "two reviewers", "owner": "an owner"}[report.tier]),
        ("revision", f"{draft.number}, by the {draft.drafter} drafter" if draft.drafter != "reviewer" else "edited"),
        ("ticket", report.ticket),
        ("who may take it", f"{entrusted.level.words}. {entrusted.because}" if entrusted else ""),
        ("to ask first", f"{asked.text} ({asked.to.value})" if asked else ""),
    )
