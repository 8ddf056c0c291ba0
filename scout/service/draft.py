"""Turn the findings that the plan has ordered into candidates."""

from collections.abc import Iterable
from typing import ClassVar

from scout.drafts import admit, choose, clusters
from scout.model import Candidate, Frozen, Report, WorkKind
from scout.service.drafting import drafting
from scout.service.scan import FindingsReport
from scout.service.tickets import known_tickets
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
    """

    schema_id: ClassVar[str] = "scout.drafts/1"

    project: str
    ordered: int
    drafted: tuple[CandidateLine, ...]
    cut: dict[str, int]


def draft(work: Workspace, project: Project, found: FindingsReport, order: int) -> DraftReport:
    """Draft at most `order` new candidates, all at once or none.

    A draft that fails a gate of the rubric is not offered: it is counted in `cut`.
    """
    lives = work.ledger.candidates(project=project.id)
    suppressions = work.ledger.suppressions(project.id)
    known = admit(clusters(found.findings), lives, suppressions, known_tickets(work, project))
    chosen = choose(known.chosen, order)
    made: list[Candidate] = []
    if chosen.chosen:
        with drafting(work, project, found) as drafter:
            made = [drafter.candidate(admitted) for admitted in chosen.chosen]
    ready = [one for one in made if one.draft.readiness.ready]
    unready = len(made) - len(ready)
    after = {one.fingerprint: _before(lives, one) for one in ready}
    ids = work.ledger.add_candidates(ready, after=after) if ready else ()
    cut = {**known.reasons, **chosen.reasons, **({"the draft fails a gate": unready} if unready else {})}
    return DraftReport(
        project=project.id,
        ordered=order,
        drafted=tuple(_line(one.having(id=name)) for one, name in zip(ready, ids, strict=True)),
        cut=cut,
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
