"""Promises that are checked after each run, each with its facts."""

from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar

from scout.model import Candidate, CandidateState, Event, EvidenceKind, Report
from scout.repository import Repository
from scout.review.transitions import state
from scout.service.ages import SourceAge, ages, limit_of, trouble
from scout.service.wiring import Project, Workspace

DAY = 24  # hours


class CheckReport(Report):
    """Whether a promise holds.

    Attributes:
        reason: what holds, or what does not.
        facts: figures behind it.
    """

    schema_id: ClassVar[str] = "scout.check/1"

    passed: bool
    reason: str
    facts: dict[str, str | int | float] = {}


def sources_fresh(work: Workspace, project: Project) -> CheckReport:
    """Every source that must answer was read to the end within two periods of the project's cadence."""
    known = [one for one in ages(work, project) if one.required]
    stale = [said for one in known if (said := trouble(one, work.now))]
    reason = "; ".join(stale) or _fresh(known, limit_of(project))
    return CheckReport(passed=not stale, reason=reason, facts={"sources": len(known), "stale": len(stale)})


def _fresh(known: Iterable[SourceAge], limit: timedelta) -> str:
    names = ", ".join(one.source for one in known)
    hours = limit.total_seconds() / 3600
    within = f"{hours / 24:g} days" if hours >= DAY else f"{hours:g} hours"
    return f"{names} read within {within}" if names else "no source must answer"


def evidence_resolves(work: Workspace, project: Project) -> CheckReport:
    """Every locator of every candidate that waits can be opened at the commit it was seen at."""
    waiting = [
        one
        for one in work.ledger.candidates(project=project.id)
        if state(one.decisions, work.now) in {CandidateState.OFFERED, CandidateState.ACCEPTED}
    ]
    broken = _broken(project, waiting) if waiting else ()
    count = sum(len(one.draft.evidence) for one in waiting)
    reason = f"cannot be opened: {', '.join(broken[:5])}" if broken else f"{count} locators open"
    return CheckReport(passed=not broken, reason=reason, facts={"locators": count, "broken": len(broken)})


def _broken(project: Project, candidates: Iterable[Candidate]) -> tuple[str, ...]:
    if not project.has_checkout:
        return ()
    with Repository.open(project.checkout) as repository:
        return tuple(
            f"{one.id}: {evidence.locator}"
            for one in candidates
            for evidence in one.draft.evidence
            if evidence.kind is EvidenceKind.FILE
            and not evidence.project
            and not repository.tree(one.draft.sha).exists(evidence.path)
        )


def nothing_undecided(work: Workspace, project: Project) -> CheckReport:
    """Nothing was filed without an acceptance before it."""
    filed = [one for one in work.ledger.candidates(project=project.id) if one.ticket]
    wrong = [one.id for one in filed if not any(decision.event is Event.ACCEPT for decision in one.decisions)]
    reason = f"filed without a decision: {', '.join(wrong)}" if wrong else f"{len(filed)} filed, each accepted before"
    return CheckReport(passed=not wrong, reason=reason, facts={"filed": len(filed), "undecided": len(wrong)})
