"""A file that is imported: which shape it has, and the things in it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from scout.errors import UsageError
from scout.model.names import nearest
from scout.sources._imports.atlassian import JiraShape
from scout.sources._imports.graph import GhShape, IetfShape
from scout.sources._imports.homes import home_of
from scout.sources._imports.pieces import ENVELOPE, Fault, Piece, pieces, unpacked
from scout.sources._imports.rest import LineShape, RestShape
from scout.sources._imports.shapes import Kind, Shape, Thing, UnfitError
from scout.sources._imports.sheet import SEPARATORS, Sheet
from scout.sources._jira.shape import part, parts

SHAPES: Mapping[str, Shape] = {
    shape.id: shape for shape in (LineShape(), RestShape(), GhShape(), IetfShape(), JiraShape())
}
SHEET = "csv"
SHEET_ABOUT = "comma-separated values with a line of headings (--map says what is in a column)"

_TRIED = 1000
"""Pieces that are looked at to find out a shape."""
_MOST_SKIPPED = 20
_COUNTED = {
    Kind.COMMENT: "comments",
    Kind.REVIEW_COMMENT: "remarks",
    Kind.EVENT: "events",
    Kind.REVIEW: "reviews",
}


class Skipped(NamedTuple):
    """A part of a file that could not be read."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Archive:
    """A file, and how to read it.

    Attributes:
        path: where it is.
        name: what the user called it.
        shape: id of a shape, or `SHEET`.
        columns: names of columns by part of a ticket; only for sheets.
    """

    path: Path
    name: str
    shape: str
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])

    @property
    def tracker(self) -> str:
        """Whose things they are."""
        return SHEET if self.shape == SHEET else SHAPES[self.shape].tracker

    def bundles(self) -> Iterator[list[Thing] | Skipped]:
        """Return what is in the file, front to back, in bounded memory: what hangs together in one bundle.

        Raises:
            UsageError: it is a sheet whose columns do not say what is needed.
            OSError: it cannot be read.
        """
        found = Sheet(self.path, self.columns, self.name).rows() if self.shape == SHEET else self._of_pieces()
        for one in found:
            yield Skipped(self.name, one.line, one.reason) if isinstance(one, Fault) else one

    def _of_pieces(self) -> Iterator[list[Thing] | Fault]:
        shape = SHAPES[self.shape]
        for piece in pieces(self.path):
            if isinstance(piece, Fault):
                yield piece
                continue
            try:
                whole = piece.within == ENVELOPE
                yield list(shape.of_envelope(piece.value) if whole else shape.things(piece))
            except UnfitError as error:
                yield Fault(piece.line, str(error))


@dataclass(slots=True)
class Survey:
    """What an archive holds.

    Attributes:
        rows: how many there are of `tickets`, `changes` (pull requests), `comments`, `events` (entries of timelines
            and changelogs that are nothing else), `reviews` and `remarks` (comments on lines of a change).
        repositories: of GitHub, `owner/name` in lower case, as far as addresses tell.
        skipped: the first of what could not be read; `faults` says how many there were.
    """

    rows: Counter[str] = field(default_factory=Counter[str])
    faults: int = 0
    repositories: set[str] = field(default_factory=set[str])
    skipped: list[Skipped] = field(default_factory=list[Skipped])


def recognised(path: Path, name: str, shape: str | None, columns: Mapping[str, Sequence[str]]) -> Archive:
    """Return a file as an archive of the shape it has, or of the one that is said.

    Raises:
        UsageError: it has no known shape, or cannot be read, or there is no such shape.
    """
    if shape is not None and shape not in SHAPES and shape != SHEET:
        near = nearest(shape, [*SHAPES, SHEET])
        remedy = f"Did you mean '{near}'?" if near else f"There are: {', '.join([*SHAPES, SHEET])}."
        raise UsageError(f"There is no shape '{shape}'.", remedy)
    try:
        found = shape or (SHEET if columns else _shape_of(path, name))
        archive = Archive(path, name, found, columns if found == SHEET else {})
        if found == SHEET:
            Sheet(path, columns, name)
    except OSError as error:
        raise UsageError(
            f"{name} cannot be read: {error.strerror or error}.", "Give a file that you may read."
        ) from error
    return archive


def survey(archive: Archive) -> Survey:
    """Return how much an archive holds, having read all of it."""
    found = Survey()
    for bundle in archive.bundles():
        if isinstance(bundle, Skipped):
            found.faults += 1
            if len(found.skipped) < _MOST_SKIPPED:
                found.skipped.append(bundle)
        else:
            for thing in bundle:
                _count(found, thing)
    return found


def _count(found: Survey, thing: Thing) -> None:
    rows = found.rows
    match thing.kind:
        case Kind.ISSUE:
            rows["changes" if "pull_request" in thing.value else "tickets"] += 1
            if home := home_of(thing.value):
                found.repositories.add("/".join(home.lower().split("/")[-2:]))
        case Kind.JIRA:
            rows["tickets"] += 1
            rows["comments"] += len(parts(part(thing.value, "fields", "comment"), "comments"))
            histories = parts(part(thing.value, "changelog"), "histories")
            rows["events"] += sum(len(parts(history, "items")) for history in histories)
        case Kind.ROW:
            rows["tickets"] += 1
            rows["comments"] += len(thing.value.said.get("comment", ()))
        case _:
            if name := _COUNTED.get(thing.kind):
                rows[name] += 1


def _shape_of(path: Path, name: str) -> str:
    with unpacked(path) as file:
        start = file.read(4096)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}:
        for piece in islice(pieces(path), _TRIED):
            if isinstance(piece, Piece):
                for shape in SHAPES.values():
                    if shape.fits(piece):
                        return shape.id
        raise _unknown(name)
    if not any(sign.encode() in start.split(b"\n")[0] for sign in SEPARATORS):
        raise _unknown(name)
    return SHEET


def _unknown(name: str) -> UsageError:
    known = "; ".join([*(f"{shape.id}: {shape.about}" for shape in SHAPES.values()), f"{SHEET}: {SHEET_ABOUT}"])
    return UsageError(f"{name} has no shape that can be imported.", f"These can, plain or as .gz: {known}.")
