"""All that a drafter may know about one piece of work; deterministic, of limited size."""

from collections.abc import Iterator, Sequence
from datetime import date

from scout.drafts.background import Background
from scout.drafts.cluster import Cluster
from scout.drafts.permalinks import Permalinks
from scout.model import Evidence, Frozen, digest

MAX_PLACES = 12
"""Pieces of evidence that a brief carries; the rest is counted."""
MAX_EXCERPTS = 2
MAX_EXCERPT_LINES = 9
MAX_LINE = 160


class Excerpt(Frozen):
    """A few lines of a file at the commit that was looked at.

    Attributes:
        path: the file.
        first: the number of the first line, from 1.
        lines: the lines, without line ends.
    """

    path: str
    first: int
    lines: tuple[str, ...]


class Past(Frozen):
    """What happened to the same thing before.

    Attributes:
        on: the day it was decided.
        because: the reason that was given; for work that was filed, the ticket's key.
        rejected: whether it was turned down; otherwise it was filed, finished and is there again.
        changed: what is different now.
    """

    on: date
    because: str
    rejected: bool
    changed: tuple[str, ...] = ()


class Brief(Frozen):
    """What a drafter may know.

    Attributes:
        project: the project's id.
        sha: the commit at which the evidence was resolved.
        seen_on: the day of the look.
        evidence: the places to show, most telling first.
        more: how many further places were cut.
        excerpts: code around the first places.
        links: how files are addressed; None when the remote is no known forge.
        past: what happened to the same thing before.
        background: what surrounds the work.
        cut: what was left out to keep the brief short, in words.
    """

    project: str
    cluster: Cluster
    sha: str
    seen_on: date
    evidence: tuple[Evidence, ...]
    more: int = 0
    excerpts: tuple[Excerpt, ...] = ()
    links: Permalinks | None = None
    past: Past | None = None
    background: Background = Background()
    cut: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Of all that can change the draft's words."""
        return digest(self.model_dump(mode="json"))


def brief(  # noqa: PLR0913 - keyword-only facts, one for each field
    cluster: Cluster,
    *,
    project: str,
    sha: str,
    seen_on: date,
    excerpts: tuple[Excerpt, ...] = (),
    links: Permalinks | None = None,
    past: Past | None = None,
    background: Background | None = None,
) -> Brief:
    """Return the brief of one piece of work, cut to size: what is cut is said in `cut`."""
    evidence = cluster.evidence
    more = max(0, len(evidence) - MAX_PLACES)
    shown = tuple(_cut(excerpt) for excerpt in excerpts[:MAX_EXCERPTS])
    return Brief(
        project=project,
        cluster=cluster,
        sha=sha,
        seen_on=seen_on,
        evidence=evidence[:MAX_PLACES],
        more=more,
        excerpts=shown,
        links=links,
        past=past,
        background=background or Background(),
        cut=tuple(_left_out(more, excerpts, shown)),
    )


def _left_out(more: int, excerpts: Sequence[Excerpt], shown: Sequence[Excerpt]) -> Iterator[str]:
    if more:
        yield f"{more} further places of the same cause"
    if len(excerpts) > len(shown):
        yield f"the code around {len(excerpts) - len(shown)} further places"
    if any(one != whole for one, whole in zip(shown, excerpts, strict=False)):
        yield f"lines of code beyond {MAX_EXCERPT_LINES}, and what stands beyond {MAX_LINE} characters in one"


def _cut(excerpt: Excerpt) -> Excerpt:
    lines = (
        line if len(line) <= MAX_LINE else f"{line[: MAX_LINE - 1]}…" for line in excerpt.lines[:MAX_EXCERPT_LINES]
    )
    return excerpt.having(lines=tuple(lines))
