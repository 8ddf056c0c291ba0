"""Tickets of archives with what people said repeats what: links, declarations in comments, or fields of JSON lines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, cast

from scout.errors import UsageError
from scout.model import Frozen
from scout.settings import TrackerSettings
from scout.sources._imports.archive import Skipped
from scout.sources._imports.making import Maker
from scout.sources._imports.pieces import Fault, Piece, pieces
from scout.sources._jira.words import link_kind
from scout.sources._people import People
from scout.sources.imports import recognised
from scout.text import adf
from scout.warehouse.records import LinkRow, TicketRow

_NOBODY = b"figures name nobody"
_FIELDS = ("duplicates", "duplicate_of")
_TRIED = 200
_LINES = frozenset({*_FIELDS, "links"})
"""Fields that make an object a line of texts with links, and no ticket of a tracker."""


class SkippedLine(Frozen):
    """A part of a file that could not be read."""

    file: str
    line: int
    reason: str


class Declared(NamedTuple):
    """Somebody said that ticket `one` repeats ticket `other`."""

    one: str
    other: str


@dataclass(slots=True)
class Linked:
    """Tickets and what repeats what.

    Attributes:
        texts: title and body in Markdown, by key.
        declared: pairs as they were said, also of tickets that are not in the files.
        skipped: parts that could not be read.
    """

    texts: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    declared: set[Declared] = field(default_factory=set[Declared])
    skipped: list[SkippedLine] = field(default_factory=list[SkippedLine])

    @property
    def duplicates(self) -> Mapping[str, frozenset[str]]:
        """What each ticket repeats, as far as both are in the files; in the order of the tickets."""
        found: dict[str, set[str]] = {}
        for one, other in self.declared:
            if one != other and one in self.texts and other in self.texts:
                found.setdefault(one, set()).add(other)
        return {key: frozenset(found[key]) for key in self.texts if key in found}


def read(files: Sequence[Path]) -> Linked:
    """Return the tickets of files; with several, each is a project of its own, and its name stands before its keys.

    Raises:
        UsageError: a file cannot be opened, or has no known shape.
    """
    found = Linked()
    for path in files:
        mark = f"{path.name}/" if len(files) > 1 else ""
        try:
            rows = _of_lines(path, found) if _has_lines(path) else _of_archive(path, found)
            for row in rows:
                _take(found, mark, row)
        except OSError as error:
            message = f"{path} cannot be read: {error.strerror or error}."
            raise UsageError(message, "Give an archive of tickets, or JSON lines.") from error
    return found


_Row = tuple[str, str, str] | Declared


def _take(found: Linked, mark: str, row: _Row) -> None:
    if isinstance(row, Declared):
        found.declared.add(Declared(f"{mark}{row.one}", f"{mark}{row.other}"))
    else:
        key, title, body = row
        found.texts[f"{mark}{key}"] = (title, body)


def _has_lines(path: Path) -> bool:
    """Whether the file holds plain texts with links, not a tracker's own objects."""
    values = (one.value for one in islice(pieces(path), _TRIED) if isinstance(one, Piece) and not one.within)
    return any(
        isinstance(value, dict) and "fields" not in value and not _LINES.isdisjoint(cast("dict[str, Any]", value))
        for value in values
    )


def _of_archive(path: Path, found: Linked) -> Iterator[_Row]:
    maker = Maker(People(_NOBODY), TrackerSettings())
    for bundle in recognised(path, path.name, None, {}).bundles():
        if isinstance(bundle, Skipped):
            found.skipped.append(SkippedLine(**bundle._asdict()))
            continue
        for core in (row for record in maker.records(bundle) for row in record.core):
            if isinstance(core, TicketRow):
                yield core.key, core.title, core.body
            elif isinstance(core, LinkRow):
                yield from _declared(core.subject, core.kind, core.other)


def _of_lines(path: Path, found: Linked) -> Iterator[_Row]:
    for piece in pieces(path):
        value: Any = None if isinstance(piece, Fault) else piece.value
        reason = piece.reason if isinstance(piece, Fault) else ""
        row = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
        key = next((str(row[name]) for name in ("id", "key", "instance_id", "number") if row.get(name)), "")
        if not key:
            found.skipped.append(SkippedLine(file=path.name, line=piece.line, reason=reason or "no `id` or `key`"))
            continue
        yield key, _text(row, "title", "summary"), _text(row, "body", "description", "problem_statement")
        for name in _FIELDS:
            others: Any = row.get(name)
            for other in cast("list[Any]", others) if isinstance(others, list) else [others]:
                if isinstance(other, str | int) and str(other):
                    yield Declared(key, str(other))
        yield from _links(key, row.get("links"))


def _links(key: str, links: object) -> Iterator[Declared]:
    for one in cast("list[Any]", links) if isinstance(links, list) else ():
        link = cast("dict[str, Any]", one) if isinstance(one, dict) else {}
        other = link.get("target") or link.get("key") or link.get("id")
        if other:
            yield from _declared(key, link_kind(str(link.get("type", ""))), str(other))


def _declared(subject: str, kind: str, other: str) -> Iterator[Declared]:
    if kind in {"duplicates", "duplicate", "duplicate of"}:
        yield Declared(subject, other)
    elif kind == "duplicated_by":
        yield Declared(other, subject)


def _text(row: Mapping[str, Any], *names: str) -> str:
    value = next((row[name] for name in names if row.get(name)), "")
    if isinstance(value, dict):
        return adf.markdown(cast("dict[str, Any]", value))
    return value if isinstance(value, str) else ""
