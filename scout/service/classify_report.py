"""What came of a run, as it is reported to people and programs."""

from collections import Counter
from typing import ClassVar

from scout.lifecycle import register
from scout.model import Frozen, Report
from scout.service.classify_runs import Agreed, Asked, Phase, Run

SHOWN = 20
"""Doubtful tickets that a report names."""


class DoubtfulTicket(Frozen):
    """A ticket that somebody should look at."""

    project: str
    key: str
    title: str
    meaning: str
    second: str
    confidence: float
    reason: str
    doubt: str


class Correction(Frozen):
    """What an audit corrected: the same wrong class for the same corner case."""

    case: str
    first: str
    second: str
    count: int


class ClassificationReport(Report):
    """A run and what came of it.

    Attributes:
        classes: tickets by class; `projects` likewise by project.
        doubtful: how many somebody should look at, `shown` the least sure of them.
        corrected: tickets whose class an audit changed; `disputed` those where it said otherwise and the first stands.
        set_aside: tickets that no worker could judge; their class is the taxonomy's default, in doubt.
        agreement: first answers against the audit of a blind sample; None without audit.
        asked: what a model was asked, and how that ended; None where there was none to ask.
        overruled: how often people have changed the class that a rule had given, by rule: rules to be mended.
        restarts: workers that were started again.
        seconds: by phase.
        notes: what was left out or set aside, and why.
        twice: tickets that had labels of several classes.
        stops: why nothing is offered for application; empty when it is.
    """

    schema_id: ClassVar[str] = "scout.classification/1"

    run: str
    phase: Phase
    taxonomy: str
    tickets: int
    unchanged: int
    classes: dict[str, int]
    projects: dict[str, dict[str, int]]
    doubtful: int
    corrected: int
    disputed: int
    set_aside: tuple[str, ...]
    agreement: Agreed | None
    asked: Asked | None
    corrections: tuple[Correction, ...]
    overruled: dict[str, int]
    restarts: int
    seconds: dict[str, float]
    stops: str
    notes: tuple[str, ...]
    twice: tuple[str, ...]
    shown: tuple[DoubtfulTicket, ...]


def report(run: Run) -> ClassificationReport:
    """Return what came of a run so far."""
    state = run.state()
    with register.opened(run.folder) as kept:
        projects = kept.counts()
        total = Counter[str]()
        for counts in projects.values():
            total.update(counts)
        corrections = Counter((one.rule or "", one.first or "", one.meaning or "") for one in kept.corrected())
        return ClassificationReport(
            run=run.name,
            phase=state.phase,
            taxonomy=state.taxonomy,
            tickets=kept.number(),
            unchanged=state.unchanged,
            classes=dict(total),
            projects=projects,
            doubtful=kept.number("doubtful"),
            corrected=kept.number("corrected"),
            disputed=state.disputed,
            set_aside=state.set_aside,
            agreement=state.agreement,
            asked=state.asked,
            corrections=tuple(
                Correction(case=case, first=first, second=second, count=count)
                for (case, first, second), count in corrections.most_common()
            ),
            overruled=dict(Counter(state.overruled) + Counter(kept.overruled())),
            restarts=state.restarts,
            seconds=state.seconds,
            stops=state.agreement.stops if state.agreement else "",
            notes=state.notes,
            twice=state.twice,
            shown=tuple(_shown(one) for one in kept.doubtful(SHOWN)),
        )


def _shown(one: register.Entry) -> DoubtfulTicket:
    return DoubtfulTicket(
        project=one.project,
        key=one.key,
        title=one.title,
        meaning=one.meaning or "",
        second=one.second or "",
        confidence=one.confidence or 0.0,
        reason=one.reason or "",
        doubt=one.doubt,
    )
