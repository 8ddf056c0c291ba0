"""What a candidate may be the same as, side by side: candidates of its project, and open or recently closed tickets."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from scout.drafts.alike import Alike, alike, nearness, pieces
from scout.errors import StoreError
from scout.model import Candidate, CandidateState, Frozen, TicketState, own_files
from scout.service.inbox_line import InboxLine
from scout.service.shelf import shelf
from scout.service.snapshot import rows_of
from scout.service.wiring import Workspace

_MOST: Final = 3
_LOOKED_AT: Final = 12
_LONGEST: Final = 320
_MARKS: Final = re.compile(r"^\s*(?:#{1,6}|[-*>]|```+\w*)(?=\s|$)|`")
_SILENT: Final = frozenset({CandidateState.WITHDRAWN, CandidateState.MERGED})
Pieces = tuple[tuple[bool, str], ...]


class Twin(Frozen):
    """A candidate or a ticket that may ask for the same.

    Attributes:
        kind: `candidate` or `ticket`.
        id: its id or key; `merge` takes it.
        state: in the words of the candidate's life or the tracker's.
        because: why it was decided so, where a reviewer said.
        url: where a tracker shows it; empty for a candidate.
        common: what is alike, in sentences.
        title: in pieces, each with whether it stands in both titles; `said` is the beginning of its text, likewise.
        mine: the candidate's own title, in pieces; `own` is the beginning of its text.
    """

    kind: str
    id: str
    state: str
    because: str = ""
    url: str = ""
    common: tuple[str, ...]
    title: Pieces
    said: Pieces
    mine: Pieces
    own: Pieces
    near: float


def twins(work: Workspace, candidate: Candidate) -> tuple[Twin, ...]:
    """Return what may ask for the same, nearest first: at most three candidates and three tickets.

    Raises:
        StoreError: the ledger cannot be read.
    """
    found = (*_candidates(work, candidate), *_tickets(work, candidate))
    return tuple(sorted(found, key=lambda one: (-one.near, one.kind, one.id)))


def _candidates(work: Workspace, candidate: Candidate) -> Iterator[Twin]:
    lines = (one for one in shelf(work, (candidate.project,)).all if one.id != candidate.id)
    standing = (one for one in lines if one.state not in _SILENT)
    for line in _nearest(candidate, standing):
        other = work.ledger.candidate(line.id)
        seen = "\n".join((other.draft.body, *own_files(other.draft.evidence)))
        how = _alike(candidate, line.title, seen)
        if how.enough:
            because = other.decisions[-1].reason if other.decisions else ""
            said = {"kind": "candidate", "id": line.id, "state": line.state.value, "because": because}
            yield _twin(candidate, how, line.title, other.draft.body, said)


def _nearest(candidate: Candidate, lines: Iterable[InboxLine]) -> list[InboxLine]:
    title, subject = candidate.draft.title, candidate.subject
    ranked = ((nearness(title, one.title) + (one.subject == subject != "."), one) for one in lines)
    near = sorted((one for one in ranked if one[0] > 0), key=lambda one: (-one[0], one[1].id))
    return [line for _, line in near[:_MOST]]


def _tickets(work: Workspace, candidate: Candidate) -> Iterator[Twin]:
    own = {candidate.ticket, candidate.subject if candidate.refines else ""}
    shown = 0
    try:
        near = rows_of(work).like(candidate.project, candidate.draft.title, _LOOKED_AT)
    except StoreError:
        return  # the rows are made anew by the next run, and it says so; a decision needs no ticket to look at
    for row in near:
        how = _alike(candidate, row.title, row.said)
        if how.enough and row.key not in own and shown < _MOST:
            shown += 1
            over = "" if TicketState(row.state).is_open else f" {row.closed_at}"
            said = {"kind": "ticket", "id": row.key, "state": f"{row.state}{over}", "url": row.url}
            yield _twin(candidate, how, row.title, row.said, said)


def _alike(candidate: Candidate, title: str, text: str) -> Alike:
    return alike(candidate.draft.title, own_files(candidate.draft.evidence), title, text)


def _twin(candidate: Candidate, how: Alike, title: str, text: str, said: dict[str, str]) -> Twin:
    return Twin.model_validate(
        said
        | {
            "common": tuple(_sentences(how)),
            "title": pieces(title, how.shared),
            "said": pieces(_beginning(text), how.shared),
            "own": pieces(_beginning(candidate.draft.body), how.shared),
            "mine": pieces(candidate.draft.title, how.shared),
            "near": how.near,
        }
    )


def _beginning(text: str) -> str:
    """Return what a text says first, without the marks of Markdown."""
    lines = (_MARKS.sub("", line).strip() for line in text.splitlines())
    said = "\n".join(line for line in lines if line)
    return said[:_LONGEST] + ("…" if len(said) > _LONGEST else "")


def _sentences(how: Alike) -> Iterator[str]:
    if how.shared:
        yield f"Both titles say: {', '.join(how.shared)}."
    if how.places:
        yield f"Both are about {', '.join(how.places)}."
    if how.here:
        yield f"Only here: {', '.join(how.here)}."
    if how.there:
        yield f"Only there: {', '.join(how.there)}."
    if not how.here and not how.there:
        yield "The titles say the same."
