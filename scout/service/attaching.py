"""Give a candidate that waits the evidence of what asks for the same: nothing is proposed twice, nothing is lost."""

from contextlib import suppress

from scout.drafts import clusters, noted
from scout.errors import ConflictError
from scout.model import Evidence
from scout.review.transitions import WAITING, state
from scout.service.judging import judge_of
from scout.service.scan import FindingsReport
from scout.service.selecting import Selection
from scout.service.wiring import Project, Workspace


def attach(work: Workspace, project: Project, found: FindingsReport, selection: Selection) -> tuple[str, ...]:
    """Add evidence of findings that are seen as a waiting candidate to that candidate, and return what was done.

    A reviewer's own words are never changed, and what a candidate has already is not added again. A reviewer who
    decides meanwhile has the last word.
    """
    seen_as = {one.fingerprint: one.same_as for one in selection.cut if one.similar and one.same_as}
    if not seen_as:
        return ()
    judge = judge_of(work, project)
    lives = {one.id: one for one in work.ledger.candidates(project=project.id)}
    notes: list[str] = []
    for cluster in clusters(found.findings):
        candidate = lives.get(seen_as.get(cluster.fingerprint, ""))
        if candidate is None or state(candidate.decisions, work.now) not in WAITING:
            continue
        old = candidate.draft
        added = tuple(one for one in cluster.evidence if not _has(old.evidence, one))
        if not added or old.drafter == "reviewer":
            continue
        body = noted(old.body, cluster.lead.signal, added)
        draft = old.having(
            number=old.number + 1,
            body=body,
            evidence=(*old.evidence, *added),
            sha=found.sha,
            readiness=judge.draft(old.title, body, old.kind),
            at=work.now,
        )
        with suppress(ConflictError):
            work.ledger.revise(candidate.id, draft)
            lives[candidate.id] = candidate.having(draft=draft)
            notes.append(f"{cluster.fingerprint} asks for the same as {candidate.id}, which has its evidence now.")
    return tuple(notes)


def _has(known: tuple[Evidence, ...], one: Evidence) -> bool:
    return any((one.kind, one.path, one.seen.strip()) == (old.kind, old.path, old.seen.strip()) for old in known)
