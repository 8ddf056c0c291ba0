"""Promises that are checked after each run, each with its facts."""

from datetime import timedelta
from typing import ClassVar

from scout.model import CandidateState, Event, EvidenceKind, Outcome, Report
from scout.repository import Repository
from scout.review.transitions import state
from scout.service.wiring import Project, Workspace

OLDEST = timedelta(days=2)


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
    """Every source that must answer was read to the end within two days."""
    required = project.sources if project.named else ("git",)
    states = work.freshness.states(project.id)
    stale: list[str] = []
    for name in required:
        known = states.get(name)
        if known is None or known.fetched_at is None:
            stale.append(f"{name} was never read")
        elif known.outcome is Outcome.UNAVAILABLE:
            stale.append(f"{name}: {known.reason}")
        elif work.now - known.fetched_at > OLDEST:
            stale.append(f"{name} was read {(work.now - known.fetched_at).days} days ago")
    reason = "; ".join(stale) or f"{', '.join(required)} read within {OLDEST.days} days"
    return CheckReport(passed=not stale, reason=reason, facts={"sources": len(required), "stale": len(stale)})


def evidence_resolves(work: Workspace, project: Project) -> CheckReport:
    """Every locator of every candidate that waits can be opened at the commit it was seen at."""
    waiting = [
        one
        for one in work.ledger.candidates(project=project.id)
        if state(one.decisions, work.now) in {CandidateState.OFFERED, CandidateState.ACCEPTED}
    ]
    broken: list[str] = []
    count = 0
    with Repository.open(project.path) as repository:
        for one in waiting:
            tree = repository.tree(one.draft.sha)
            for evidence in one.draft.evidence:
                count += 1
                if evidence.kind is EvidenceKind.FILE and not tree.exists(evidence.path):
                    broken.append(f"{one.id}: {evidence.locator}")
    reason = f"cannot be opened: {', '.join(broken[:5])}" if broken else f"{count} locators open"
    return CheckReport(passed=not broken, reason=reason, facts={"locators": count, "broken": len(broken)})


def nothing_undecided(work: Workspace, project: Project) -> CheckReport:
    """Nothing was filed without an acceptance before it."""
    filed = [one for one in work.ledger.candidates(project=project.id) if one.ticket]
    wrong = [one.id for one in filed if not any(decision.event is Event.ACCEPT for decision in one.decisions)]
    reason = f"filed without a decision: {', '.join(wrong)}" if wrong else f"{len(filed)} filed, each accepted before"
    return CheckReport(passed=not wrong, reason=reason, facts={"filed": len(filed), "undecided": len(wrong)})
