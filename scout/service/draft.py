"""Turn the findings that the plan has ordered into candidates, and keep those that wait true."""

from collections.abc import Iterable
from contextlib import suppress
from typing import ClassVar

from scout.drafts import Admitted, Brief, Cluster, Excerpt, Past, admit, brief, choose, clusters, permalinks
from scout.drafts import draft as compose
from scout.errors import ConflictError, UnavailableError
from scout.model import (
    Candidate,
    CandidateState,
    Decision,
    Draft,
    Event,
    EvidenceKind,
    Frozen,
    Outcome,
    Report,
    WorkKind,
)
from scout.repository import Repository, Tree
from scout.review.transitions import state
from scout.service.assess import judge_draft
from scout.service.scan import FindingsReport
from scout.service.tickets import known_tickets
from scout.service.wiring import Project, Workspace

AROUND = 2
WAITING = {CandidateState.OFFERED, CandidateState.DEFERRED}


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
        revised: waiting candidates whose evidence has changed, and with it their text.
        withdrawn: waiting candidates whose finding is gone.
        cut: why other findings were not drafted, and how many.
    """

    schema_id: ClassVar[str] = "scout.drafts/1"

    project: str
    ordered: int
    drafted: tuple[CandidateLine, ...]
    revised: tuple[str, ...]
    withdrawn: tuple[str, ...]
    cut: dict[str, int]


def draft(work: Workspace, project: Project, found: FindingsReport, order: int) -> DraftReport:
    """Draft at most `order` new candidates; what waits is revised or withdrawn when its finding has changed or gone.

    A draft that fails a gate of the rubric is not offered: it is counted in `cut`.
    """
    lives = work.ledger.candidates(project=project.id)
    causes = clusters(found.findings)
    by_mark = {cause.fingerprint: cause for cause in causes}
    waiting = {one.fingerprint: one for one in lives if state(one.decisions, work.now) in WAITING}
    suppressions = work.ledger.suppressions(project.id)
    known = admit(causes, lives, suppressions, known_tickets(work, project))
    drafted: list[CandidateLine] = []
    unready = 0
    with Repository.open(project.path) as repository:
        drafter = _Drafter(work, project, repository, found)
        revised = [one.id for mark, one in waiting.items() if mark in by_mark and drafter.revise(one, by_mark[mark])]
        chosen = choose(known.chosen, order)
        for admitted in chosen.chosen:
            made = drafter.candidate(admitted)
            if not made.draft.readiness.ready:
                unready += 1
                continue
            drafted.append(_line(made.having(id=work.ledger.add_candidate(made, after=_before(lives, made)))))
    withdrawn = _withdraw(work, found, waiting.values(), by_mark.keys())
    cut = {**known.reasons, **chosen.reasons, **({"the draft fails a gate": unready} if unready else {})}
    return DraftReport(
        project=project.id,
        ordered=order,
        drafted=tuple(drafted),
        revised=tuple(revised),
        withdrawn=tuple(withdrawn),
        cut=cut,
    )


class _Drafter:
    """Composes drafts at one commit."""

    def __init__(self, work: Workspace, project: Project, repository: Repository, found: FindingsReport) -> None:
        self._work, self._project, self._found = work, project, found
        self._tree = repository.tree(found.sha)
        remotes = repository.remotes()
        remote = remotes.get("origin") or next(iter(remotes.values()), "")
        self._links = permalinks(remote, found.sha)

    def candidate(self, admitted: Admitted) -> Candidate:
        """Return the candidate for a cluster that may be proposed; the ledger gives it its id."""
        lead = admitted.cluster.lead
        return Candidate(
            id="",
            project=self._project.id,
            signal=lead.signal,
            subject=lead.subject,
            fingerprint=admitted.cluster.fingerprint,
            severity=lead.severity,
            score=lead.score,
            created_at=self._work.now,
            draft=self._draft(admitted.cluster, admitted.past, 1),
        )

    def revise(self, candidate: Candidate, cluster: Cluster) -> bool:
        """Write a new revision when the evidence is another one; a reviewer's own words are left alone."""
        old = candidate.draft
        if old.evidence_digest == cluster.evidence_digest or old.drafter == "reviewer":
            return False
        try:
            self._work.ledger.revise(candidate.id, self._draft(cluster, None, old.number + 1))
        except ConflictError:  # a reviewer was faster, and has the last word
            return False
        return True

    def _draft(self, cluster: Cluster, past: Past | None, number: int) -> Draft:
        written = self._brief(cluster, past)
        words = compose(written)
        return Draft(
            number=number,
            drafter="offline",
            title=words.title,
            body=words.body,
            kind=words.kind,
            size=words.size,
            evidence=cluster.evidence,
            evidence_digest=cluster.evidence_digest,
            sha=self._found.sha,
            readiness=judge_draft(words.title, words.body, words.kind),
            at=self._work.now,
        )

    def _brief(self, cluster: Cluster, past: Past | None) -> Brief:
        return brief(
            cluster,
            project=self._project.id,
            sha=self._found.sha,
            seen_on=self._work.now.date(),
            excerpts=tuple(_excerpts(self._tree, cluster)),
            links=self._links,
            past=past,
        )


def _excerpts(tree: Tree, cluster: Cluster) -> Iterable[Excerpt]:
    for evidence in cluster.evidence:
        line = evidence.line
        if evidence.kind is not EvidenceKind.FILE or line is None:
            continue
        try:
            text = tree.text(evidence.path)
        except UnavailableError:
            continue
        if text is not None:
            lines = text.splitlines()
            first = max(1, line - AROUND)
            yield Excerpt(path=evidence.path, first=first, lines=tuple(lines[first - 1 : line + AROUND]))


def _before(lives: Iterable[Candidate], made: Candidate) -> str:
    """Return the published candidate that this one follows, or nothing."""
    same = [one.id for one in lives if one.fingerprint == made.fingerprint and one.ticket]
    return same[-1] if same else ""


def _withdraw(
    work: Workspace, found: FindingsReport, waiting: Iterable[Candidate], present: Iterable[str]
) -> list[str]:
    """Withdraw what waits and is not found any more, where its scout could look."""
    looked = {look.signal for look in found.looks if look.outcome in {Outcome.PRESENT, Outcome.ABSENT}}
    there = set(present)
    withdrawn: list[str] = []
    for one in waiting:
        if one.signal not in looked or one.fingerprint in there:
            continue
        decision = Decision(
            seq=len(one.decisions) + 1,
            event=Event.WITHDRAW,
            reason=f"the finding is gone at {found.sha[:12]}",
            actor="scout",
            revision=one.draft.number,
            at=work.now,
        )
        with suppress(ConflictError):  # a reviewer was faster, and has the last word
            work.ledger.decide(one.id, decision)
            withdrawn.append(one.id)
    return withdrawn


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
