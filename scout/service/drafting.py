"""Compose drafts at one commit: evidence with the code around it, permalinks, and the rubric's judgement."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager

from scout.drafts import Admitted, Brief, Cluster, Excerpt, Past, brief, permalinks
from scout.errors import UnavailableError
from scout.model import Candidate, Draft, EvidenceKind
from scout.repository import Repository, Tree
from scout.service.background import Surroundings
from scout.service.judging import judge_of
from scout.service.scan import FindingsReport
from scout.service.wiring import Project, Workspace
from scout.service.writer import Writer

AROUND = 2


@contextmanager
def drafting(work: Workspace, project: Project, found: FindingsReport) -> "Generator[Drafter]":
    """Give what composes the drafts of a report."""
    if not project.has_checkout:
        yield Drafter(work, project, None, found)
        return
    with Repository.open(project.checkout) as repository:
        yield Drafter(work, project, repository, found)


class Drafter:
    """Composes drafts at one commit; without a repository, of what trackers say alone."""

    def __init__(self, work: Workspace, project: Project, repository: Repository | None, found: FindingsReport) -> None:
        self._work, self._project, self._found = work, project, found
        self._judge = judge_of(work, project)
        self._tree = repository.tree(found.sha) if repository else None
        self._writer = Writer(work, project, self._tree, self._judge.draft)
        remotes = repository.remotes() if repository else {}
        remote = remotes.get("origin") or next(iter(remotes.values()), "")
        self._links = permalinks(remote, found.sha)
        self._around = Surroundings(work, project, repository.history(found.sha) if repository else None)

    @property
    def notes(self) -> tuple[str, ...]:
        """Why drafts are not in a model's words, where one should have given them."""
        return self._writer.notes

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
            draft=self.draft(admitted.cluster, 1, admitted.past),
        )

    def draft(self, cluster: Cluster, number: int, past: Past | None = None) -> Draft:
        """Return a revision of the text for a cluster, judged by the rubric."""
        written = self._brief(cluster, past)
        words, drafter = self._writer.words(written)
        return Draft(
            number=number,
            drafter=drafter,
            title=words.title,
            body=words.body,
            kind=words.kind,
            size=words.size,
            evidence=cluster.evidence,
            evidence_digest=cluster.evidence_digest,
            sha=self._found.sha,
            readiness=self._judge.draft(words.title, words.body, words.kind),
            at=self._work.now,
        )

    def _brief(self, cluster: Cluster, past: Past | None) -> Brief:
        return brief(
            cluster,
            project=self._project.id,
            sha=self._found.sha,
            seen_on=self._work.now.date(),
            excerpts=tuple(_excerpts(self._tree, cluster)) if self._tree else (),
            links=self._links,
            past=past,
            background=self._around.of(cluster),
        )


def _excerpts(tree: Tree, cluster: Cluster) -> Iterable[Excerpt]:
    """Return the code around each place; what is near what was shown of the file before joins it."""
    found: list[Excerpt] = []
    last: dict[str, int] = {}
    for excerpt in _around(tree, cluster):
        before = found[last[excerpt.path]] if excerpt.path in last else None
        shown = before.first + len(before.lines) - excerpt.first if before else -1
        if before and before.first <= excerpt.first and shown >= 0:
            found[last[excerpt.path]] = before.having(lines=(*before.lines, *excerpt.lines[shown:]))
        else:
            last[excerpt.path] = len(found)
            found.append(excerpt)
    return found


def _around(tree: Tree, cluster: Cluster) -> Iterable[Excerpt]:
    for evidence in cluster.evidence:
        line = evidence.line
        if evidence.kind is not EvidenceKind.FILE or evidence.project or line is None:
            continue
        try:
            text = tree.text(evidence.path)
        except UnavailableError:
            continue
        if text is not None:
            lines = text.split("\n")
            first = max(1, line - AROUND)
            yield Excerpt(path=evidence.path, first=first, lines=tuple(lines[first - 1 : line + AROUND]))
