"""What a reviewer sees around a candidate: the code at its evidence, what its last revision changed, and why now."""

from difflib import unified_diff
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

from scout.drafts import permalinks
from scout.errors import ScoutError, StoreError
from scout.model import Draft, Evidence, EvidenceKind, Frozen, Report
from scout.repository import Repository
from scout.service import snapshot
from scout.service.decide import named
from scout.service.twins import Twin, twins
from scout.service.wiring import Project, Workspace

AROUND = 4
_MOST_PLACES = 6
_MOST_DIFFERENCES = 200
_LONGEST = 200


class Place(Frozen):
    """A place of evidence with the code around it.

    Attributes:
        first: number of the first line; `marked` that of the line itself.
        link: where the forge shows it; empty where it is no known forge.
    """

    locator: str
    first: int
    marked: int
    lines: tuple[str, ...]
    link: str = ""


class SurroundingsReport(Report):
    """What stands around a candidate.

    Attributes:
        places: of its first pieces of evidence that are lines of files.
        changed: what its newest revision changed, as lines of a unified diff; empty for the first one.
        why_now: what the project's last plan says.
        twins: what may ask for the same, nearest first.
    """

    schema_id: ClassVar[str] = "scout.surroundings/1"

    candidate: str
    places: tuple[Place, ...]
    changed: tuple[str, ...]
    why_now: str
    twins: tuple[Twin, ...] = ()


def surroundings(work: Workspace, prefix: str) -> SurroundingsReport:
    """Return what stands around a candidate.

    Raises:
        UsageError: the id names no candidate or several.
    """
    candidate = named(work, prefix, None)
    project = next((one for one in work.projects if one.id == candidate.project), None)
    return SurroundingsReport(
        candidate=candidate.id,
        places=_places(project, candidate.draft) if project else (),
        changed=_changed(work, candidate.id, candidate.draft),
        why_now=_why_now(work, candidate.project),
        twins=twins(work, candidate),
    )


def _places(project: Project, draft: Draft) -> tuple[Place, ...]:
    if not project.has_checkout or not draft.sha:
        return ()
    own = (one for one in draft.evidence if one.kind is EvidenceKind.FILE and one.line and not one.project)
    shown: list[Place] = []
    for one in list(own)[:_MOST_PLACES]:
        try:
            place = _place(project.checkout, draft.sha, one)
        except ScoutError:
            continue  # the commit or the file is not in this copy: the locator alone is shown
        shown += [place] if place else []
    return tuple(shown)


def _place(checkout: Path, sha: str, evidence: Evidence) -> Place | None:
    line = evidence.line
    found = _around(checkout, sha, evidence.path, line) if line is not None else None
    if line is None or found is None:
        return None
    lines, remote = found
    links = permalinks(remote, sha)
    return Place(
        locator=evidence.locator,
        first=max(1, line - AROUND),
        marked=line,
        lines=lines,
        link=links.of(evidence) if links else "",
    )


@lru_cache(maxsize=2000)
def _around(checkout: Path, sha: str, path: str, line: int) -> tuple[tuple[str, ...], str] | None:
    """Return the lines around one and where the checkout comes from; what stands at a commit never changes."""
    with Repository.open(checkout) as repository:
        text = repository.tree(sha).text(path)
        remotes = repository.remotes()
    if text is None:
        return None
    rows = text.split("\n")[max(1, line - AROUND) - 1 : line + AROUND]
    return tuple(row[:_LONGEST] for row in rows), remotes.get("origin") or next(iter(remotes.values()), "")


def _changed(work: Workspace, name: str, draft: Draft) -> tuple[str, ...]:
    if draft.number == 1:
        return ()
    before = work.ledger.draft(name, draft.number - 1)
    old, new = (f"# {one.title}\n\n{one.body}".split("\n") for one in (before, draft))
    found = list(unified_diff(old, new, f"revision {before.number}", f"revision {draft.number}", n=2, lineterm=""))
    return tuple(found[:_MOST_DIFFERENCES])


def _why_now(work: Workspace, project: str) -> str:
    try:
        plan: Any = snapshot.by_project(work).get(project, {}).get("plan")
    except StoreError:
        return ""
    return str(plan["reason"]) if plan else ""
