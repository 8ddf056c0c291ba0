"""Where code that a sibling has repaired lives on here."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from scout.repository import File, FileClass
from scout.signals._base import View
from scout.signals.portfolio._fixes import ASIDE, Block, Fix, fixes
from scout.signals.portfolio._lines import Line, is_distinctive, telling

FEWEST_REMOVED = 3
_FEWEST_AROUND = 5
_MOST_PLACES = 3
_ANY = re.compile(rb"\S")


class Place(NamedTuple):
    """Where a removed block lives on."""

    path: str
    line: Line
    block: Block
    fix: Fix
    sibling: str


def places(view: View) -> Iterator[Place]:
    """Give where removed blocks live on, by path and line; what stands in many places is an idiom."""
    wanted: dict[str, list[tuple[str, Fix, Block]]] = defaultdict(list)
    for sibling, other in sorted(view.siblings.items()):
        for fix in other.once(fixes):
            for block in fix.blocks:
                first = next(key for key in block.removed if is_distinctive(key))
                wanted[first].append((sibling, fix, block))
    found: dict[tuple[str, str, tuple[str, ...]], list[Place]] = defaultdict(list)
    for path, text in _own_code(
        view, {PurePosixPath(fix.path).suffix for many in wanted.values() for _, fix, _ in many}
    ):
        for place in _in_file(path, telling(text), wanted):
            found[place.sibling, place.fix.change.sha, place.block.removed].append(place)
    for places in found.values():
        if len(places) <= _MOST_PLACES:
            yield from places


def _own_code(view: View, suffixes: set[str]) -> Iterator[tuple[str, str]]:
    def may_be(file: File) -> bool:
        return PurePosixPath(file.path).suffix in suffixes and ASIDE.search(file.path) is None

    for file in view.tree.search(_ANY, may_be):
        if view.tree.file_class(file.path) is FileClass.CODE and (text := view.tree.text(file.path)):
            yield file.path, text


def _in_file(
    path: str, rows: tuple[Line, ...], wanted: Mapping[str, Iterable[tuple[str, Fix, Block]]]
) -> Iterator[Place]:
    there = frozenset(row.key for row in rows)
    for at, row in enumerate(rows):
        for sibling, fix, block in wanted.get(row.key, ()):
            start = at - next(index for index, key in enumerate(block.removed) if is_distinctive(key))
            same_language = PurePosixPath(path).suffix == PurePosixPath(fix.path).suffix
            if same_language and _lives_on(rows, start, block) and not block.added & there:
                yield Place(path, rows[start], block, fix, sibling)


def _lives_on(rows: tuple[Line, ...], start: int, block: Block) -> bool:
    """Say whether all that was removed stands from a line on, with enough that is distinctive in and around it."""
    removed = block.removed
    if start < 0 or tuple(row.key for row in rows[start : start + len(removed)]) != removed:
        return False
    if len(_distinctive(removed)) >= FEWEST_REMOVED:
        return True
    around = set(removed)
    for step in (-1, 1):
        here, there = (start, block.first) if step < 0 else (start + len(removed) - 1, block.last - 1)
        while 0 <= here + step < len(rows) and 0 <= there + step < len(block.before):
            here, there = here + step, there + step
            if rows[here].key != block.before[there]:
                break
            around.add(rows[here].key)
    return len(_distinctive(around)) >= _FEWEST_AROUND


def _distinctive(keys: Iterable[str]) -> set[str]:
    return {key for key in keys if is_distinctive(key)}
