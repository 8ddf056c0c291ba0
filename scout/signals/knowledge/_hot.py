"""Hot spots: where complicated code changes often and has to be repaired; and what tests say of a file."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import log2

from scout.repository import Change, FileClass
from scout.signals._base import View
from scout.signals._changes import kind, named_now

SOURCE = re.compile(r"\.(?:py|rb|go|jsx?|tsx?|mjs|vue|svelte)$")
_FAMILIES = {"py": "python", "rb": "ruby", "go": "go"}
_INDENT = re.compile(r"^[ \t]+(?=\S)", re.MULTILINE)
_IDENTIFIER = re.compile(r"[A-Za-z_]\w{3,}")
_DEFINED = re.compile(
    r"^(?:export\s+(?:default\s+)?|pub(?:\([^)]*\))?\s+|public\s+|async\s+|abstract\s+|final\s+)*"
    r"(?:def\s+(?:self\.)?|class\s+|module\s+|func\s+(?:\([^)]*\)\s*)?|function\*?\s+|const\s+|let\s+|var\s+|type\s+"
    r"|interface\s+|enum\s+|struct\s+|fn\s+|trait\s+|object\s+|fun\s+)([A-Za-z_][\w:]*)|^([A-Z][A-Z0-9_]{3,})\s*=",
    re.MULTILINE,
)
_SMALL = """
main run init setup test tests data name index config settings params props state value values items item result logger
default option options user users create update delete list show edit call perform handle process execute save load read
write open close start stop kill error errors response request context args kwargs meta form view model
"""
_COMMON = frozenset(_SMALL.split())


@dataclass(frozen=True, slots=True)
class Spot:
    """A file of code, what it counts, and the newest of its fixes.

    Attributes:
        lines: that are not empty.
        heat: changes of twelve months times log2 of all indentation times one more than the fixes.
    """

    path: str
    lines: int
    changes: int
    fixes: tuple[Change, ...]
    heat: float


def spots(view: View, since: datetime) -> Iterator[Spot]:
    """Give the files of code that changed since a moment, the hottest first.

    Source: Tornhill, Your Code as a Crime Scene (2015); Hindle et al., Reading beside the lines (ICPC 2008).
    """
    changes = Counter[str]()
    fixes: dict[str, list[Change]] = {}
    for unit, paths in named_now(view, since):
        is_fix = kind(unit.title).is_fix and not kind(unit.title).is_polish
        for path in paths:
            changes[path] += 1
            if is_fix:
                fixes.setdefault(path, []).append(unit)
    found: list[Spot] = []
    for path, number in changes.items():
        if path in view.tree.files and SOURCE.search(path) and number > 1:
            found += _spot(view, path, number, tuple(fixes.get(path, ())))
    yield from sorted(found, key=lambda spot: (-spot.heat, spot.path))


def _spot(view: View, path: str, changes: int, fixes: tuple[Change, ...]) -> Iterator[Spot]:
    text = view.tree.text(path)
    if text is None or view.tree.file_class(path) is not FileClass.CODE:
        return
    indentation = sum(len(one.expandtabs(4)) // 4 or 1 for one in _INDENT.findall(text))
    lines = sum(1 for line in text.split("\n") if line.strip())
    yield Spot(path, lines, changes, fixes, changes * log2(2 + indentation) * (1 + len(fixes)))


def family(path: str) -> str:
    """Return the family of languages whose tests may test a file."""
    return _FAMILIES.get(path.rpartition(".")[2], "script")


def symbols(text: str) -> frozenset[str]:
    """Return the names that a file defines at its top and that are telling enough to look for in tests."""
    names = (part for pair in _DEFINED.findall(text) for name in pair for part in name.split("::"))
    return frozenset(name for name in names if len(name) > 3 and name.lower() not in _COMMON)  # noqa: PLR2004 short names are everywhere


class Tests:
    """What the tests of a tree name."""

    def __init__(self, view: View) -> None:
        self.families = Counter[str]()
        self.paths: list[str] = []
        self.words: set[str] = set()
        self._texts: list[str] = []
        for path in view.tree.files:
            if SOURCE.search(path) and view.tree.file_class(path) in {FileClass.TEST, FileClass.FIXTURE}:
                text = view.tree.text(path)
                if text is not None:
                    self.families[family(path)] += 1
                    self.paths.append(path)
                    self.words.update(_IDENTIFIER.findall(text))
                    self._texts.append(text)

    def name_file(self, path: str) -> bool:
        """Say whether a test is named after a file, or names its module or path."""
        stem = _stem(path)
        folder = path.rpartition("/")[0].rpartition("/")[2]
        if any(_is_about(stem, folder, _stem(test)) for test in self.paths):
            return True
        module = path.rpartition(".")[0].replace("/", ".")
        wanted = {path, module, module.partition(".")[2], path.rpartition(".")[0].partition("/")[2]}
        last = {f"/{stem}'", f'/{stem}"', f"import {stem}\n", f".{stem} import"}
        telling = {one for one in wanted if one.count(".") + one.count("/") > 0} | last
        return any(one in text for text in self._texts for one in telling)


def _stem(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]


def _is_about(stem: str, folder: str, test: str) -> bool:
    bare = re.sub(r"^(?:tests?|spec)_?|[_-]?(?:tests?|spec)$", "", test, flags=re.IGNORECASE).lower()
    stem = stem.lower()
    return bool(bare) and (bare in {stem, f"{folder}_{stem}".lower()} or (len(stem) > 4 and stem in bare))  # noqa: PLR2004 short stems are everywhere
