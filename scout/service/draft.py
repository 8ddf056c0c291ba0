"""Turn the findings that the plan has ordered into candidates."""

from collections import Counter
from collections.abc import Iterable
from typing import ClassVar

from scout.model import Candidate, Frozen, Report, WorkKind
from scout.service.attaching import attach
from scout.service.drafting import drafting
from scout.service.scan import FindingsReport
from scout.service.selecting import Wanted, selected
from scout.service.wiring import Project, Workspace


class CandidateLine(Frozen):
    """A new candidate in a line.

    Attributes:
        evidence: the most telling locator.
        readiness: 0..1.
    """

    id: str
    title: str
    signal: str
    subject: str
    fingerprint: str
    severity: int
    kind: WorkKind
    size: str
    readiness: float
    ready: bool
    evidence: str


class DraftReport(Report):
    """What was drafted and what was not.

    Attributes:
        drafted: new candidates, best first.
        cut: why other findings were not drafted, and how many.
        notes: what reviewers should know: scouts that are throttled, what has got more evidence, and why drafts are
            not in a model's words where one should have given them.
    """

    schema_id: ClassVar[str] = "scout.drafts/1"

    project: str
    ordered: int
    drafted: tuple[CandidateLine, ...]
    cut: dict[str, int]
    notes: tuple[str, ...] = ()


def draft(work: Workspace, project: Project, found: FindingsReport, wanted: Wanted) -> DraftReport:
    """Draft at most as many new candidates as are wanted, all at once or none.

    A draft that fails a gate of the rubric is not offered: it is counted in `cut`.
    """
    lives = work.ledger.candidates(project=project.id)
    selection = selected(work, project, found.findings, lives, wanted)
    made: list[Candidate] = []
    notes = (*selection.notes, *attach(work, project, found, selection))
    if selection.chosen:
        with drafting(work, project, found) as drafter:
            made = [drafter.candidate(admitted) for admitted in selection.chosen]
            notes += drafter.notes
    ready = [one for one in made if one.draft.readiness.ready]
    unready = len(made) - len(ready)
    after = {one.fingerprint: _before(lives, one) for one in ready}
    ids = work.ledger.add_candidates(ready, after=after) if ready else ()
    reasons = Counter(one.because for one in selection.cut) + Counter({"the draft fails a gate": unready})
    return DraftReport(
        project=project.id,
        ordered=wanted.order,
        drafted=tuple(_line(one.having(id=name)) for one, name in zip(ready, ids, strict=True)),
        cut=dict(sorted(reasons.items())),
        notes=notes,
    )


def _before(lives: Iterable[Candidate], made: Candidate) -> str:
    """Return the published candidate that this one follows, or nothing."""
    same = [one.id for one in lives if one.fingerprint == made.fingerprint and one.ticket]
    return same[-1] if same else ""


def _line(candidate: Candidate) -> CandidateLine:
    words = candidate.draft
    return CandidateLine(
        id=candidate.id,
        title=words.title,
        signal=candidate.signal,
        subject=candidate.subject,
        fingerprint=candidate.fingerprint,
        severity=candidate.severity,
        kind=words.kind,
        size=words.size,
        readiness=words.readiness.total,
        ready=words.readiness.ready,
        evidence=words.evidence[0].locator,
    )
