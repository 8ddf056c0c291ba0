"""Blocks of code that two projects have in common, found by the hashes of a few of their shingles.

Source: Schleimer, Wilkerson and Aiken, Winnowing: local algorithms for document fingerprinting (SIGMOD 2003).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from zlib import crc32

from scout.repository import FileClass
from scout.signals._base import View
from scout.signals._changes import SOURCE
from scout.signals.portfolio._lines import Line, is_distinctive, telling

FEWEST_LINES = 30
_SHINGLE = 10
_WINDOW = FEWEST_LINES - _SHINGLE + 1
"""Of so many shingles in a row one is kept, so that no common block of thirty lines is missed."""
_FEWEST_DISTINCT = 12
_MOST_BYTES = 300_000
_MOST_PLACES = 4
_SCAFFOLD = re.compile(
    r"(?:^|/)(?:migrations?|migrate|versions|alembic|bin|config/(?:initializers|environments)|script|\.github|examples?"
    r"|samples?|templates?|cookiecutter[\w-]*|generators?|stubs?|locales?|i18n|fixtures?|conf\.py|gulpfile\.js|noxfile\.py"
    r"|versioneer\.py|_version\.py|flow-typed|settings(?:/\w+)?\.py|setup\.py|manage\.py|wsgi\.py|asgi\.py|webpack[\w.]*\.js|service-?worker\.[jt]s"
    r"|reportWebVitals\.[jt]s|spec_helper\.rb|rails_helper\.rb)(?:/|$)"
)
_PUNCTUATION = re.compile(r"[\s;,]+|[\"']")


class Source(NamedTuple):
    """A file of code with what tells its blocks from others.

    Attributes:
        blob: name of its content.
        marks: hashes of some of its shingles, each with the index of the line where the shingle begins.
    """

    path: str
    blob: str
    marks: tuple[tuple[int, int], ...]


class Block(NamedTuple):
    """Lines that stand in two projects."""

    path: str
    first: Line
    lines: int
    other_path: str
    other_first: Line
    distinct: int


def sources(view: View) -> tuple[Source, ...]:
    """Return the files of code that people of the project wrote, with their marks."""
    return tuple(_sources(view))


def _sources(view: View) -> Iterator[Source]:
    for path, file in view.tree.files.items():
        if not SOURCE.search(path) or _SCAFFOLD.search(path) or not 400 < (file.size or 0) < _MOST_BYTES:  # noqa: PLR2004 thirty lines take more
            continue
        if view.tree.file_class(path) is FileClass.CODE and (marks := _marks(_keys(_rows(view, path)))):
            yield Source(path, file.blob, marks)


def _rows(view: View, path: str) -> tuple[Line, ...]:
    return telling(view.tree.text(path) or "")


def _keys(rows: tuple[Line, ...]) -> tuple[bytes, ...]:
    return tuple(_PUNCTUATION.sub("", row.key).encode("utf-8", "replace") for row in rows)


def _marks(keys: tuple[bytes, ...]) -> tuple[tuple[int, int], ...]:
    """Return the smallest hash of each window of shingles, the last of equal ones, with where it begins."""
    hashes = [crc32(b"\n".join(keys[at : at + _SHINGLE])) for at in range(len(keys) - _SHINGLE + 1)]
    kept: dict[int, int] = {}
    for start in range(len(hashes) - _WINDOW + 1):
        window = hashes[start : start + _WINDOW]
        least = min(window)
        kept[start + len(window) - 1 - window[::-1].index(least)] = least
    return tuple((value, at) for at, value in sorted(kept.items()))


def blocks(here: View, there: View) -> Iterator[Block]:
    """Give the longest common block of each pair of files, by path; what stands in many files is an idiom."""
    theirs: Mapping[int, list[tuple[Source, int]]] = _by_mark(there.once(sources))
    ours = here.once(sources)
    often = Counter(mark for source in ours for mark in {mark for mark, _ in source.marks})
    for source in ours:
        met: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for mark, at in source.marks:
            others = theirs.get(mark, ())
            if often[mark] <= _MOST_PLACES and len({other.path for other, _ in others}) <= _MOST_PLACES:
                for other, index in others:
                    met[other.path].append((at, index))
        for other_path, places in sorted(met.items()):
            block = _longest(here, source.path, there, other_path, places)
            if block is not None:
                yield block


def _by_mark(files: tuple[Source, ...]) -> dict[int, list[tuple[Source, int]]]:
    found: dict[int, list[tuple[Source, int]]] = defaultdict(list)
    for source in files:
        for mark, at in source.marks:
            found[mark].append((source, at))
    return found


def _longest(here: View, path: str, there: View, other_path: str, places: list[tuple[int, int]]) -> Block | None:
    rows, other_rows = _rows(here, path), _rows(there, other_path)
    keys, other_keys = _keys(rows), _keys(other_rows)
    best: Block | None = None
    for at, index in places:
        start = 0
        while at - start > 0 and index - start > 0 and keys[at - start - 1] == other_keys[index - start - 1]:
            start += 1
        stop = 0
        while at + stop < len(keys) and index + stop < len(other_keys) and keys[at + stop] == other_keys[index + stop]:
            stop += 1
        if start + stop >= FEWEST_LINES and (best is None or start + stop > best.lines):
            said = {row.key for row in rows[at - start : at + stop] if is_distinctive(row.key)}
            best = Block(path, rows[at - start], start + stop, other_path, other_rows[index - start], len(said))
    return best if best is not None and best.distinct >= _FEWEST_DISTINCT else None
