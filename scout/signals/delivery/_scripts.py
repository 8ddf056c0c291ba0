"""Scripts that machines run, and who knows them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from scout.repository import FileClass
from scout.signals._base import View
from scout.signals._callers import Call, Occasion, calls

FEWEST_LINES = 40
MOST_AUTHORS = 2
_NO_SCRIPT = re.compile(
    r"(?:^|/)(?:setup|manage|noxfile|tasks|fabfile|conftest|dodo)\.py$|entry-?_?point|(?:^|/)wait[-_]for[-_]\w+"
    r"|(?:^|/)(?:start|serve|run)(?:[-_]\w+)?(?:\.\w+)?$|[-_]tests?\.\w+$"
    r"|(?:^|/)bin/(?:rails|rake|bundle|setup|rspec|dev|yarn|vite|importmap|spring|webpack\S*|rubocop|brakeman)$"
    r"|(?:^|/)(?:run[-_])?(?:tests?|lint|format|checks?)(?:[-_]\w+)?\.\w+$"
    r"|(?:^|[-_/])(?:labels?|labeler|summar\w+|comment\w*|report\w*|notif\w+|annotate|application_job)(?:[-_]\w+)*\.\w+$",
    re.IGNORECASE,
)
_TESTS_INSIDE = re.compile(r"^[^\S\n]*>>> ", re.MULTILINE)
_TEXTS = (".md", ".rst", ".txt", ".adoc", ".markdown", ".mdx")


@dataclass(frozen=True, slots=True)
class Script:
    """A script that machines run.

    Attributes:
        lines: those that are not blank.
        authors: how many people committed to it.
        changes: how often it changed on the first-parent line.
    """

    path: str
    lines: int
    authors: int
    changes: int
    calls: tuple[Call, ...]

    @property
    def occasions(self) -> tuple[Occasion, ...]:
        """When it runs, each occasion once."""
        return tuple(dict.fromkeys(sorted((call.occasion for call in self.calls), key=list(Occasion).index)))


def scripts(view: View) -> Iterator[Script]:
    """Give the scripts that no check runs, no test or page names, and one or two people wrote, by path."""
    by_script: dict[str, list[Call]] = defaultdict(list)
    for call in calls(view.tree):
        by_script[call.script].append(call)
    checked = {path for path, found in by_script.items() if any(call.occasion is Occasion.CHECK for call in found)}
    sizes = {path: size for path in by_script if path not in checked and (size := _size(view, path)) >= FEWEST_LINES}
    known = _named_elsewhere(view, sorted(sizes)) if sizes else frozenset[str]()
    for path, size in sorted(sizes.items()):
        authors = view.history.authors(path)
        found = tuple(dict.fromkeys(by_script[path]))
        if path not in known and 1 <= authors <= MOST_AUTHORS:
            yield Script(path, size, authors, len(view.history.touching(path)), found)


def _size(view: View, path: str) -> int:
    if _NO_SCRIPT.search(path) or view.tree.file_class(path) not in {FileClass.CODE, FileClass.OTHER}:
        return 0
    text = view.tree.text(path)
    if text is None or _TESTS_INSIDE.search(text):
        return 0
    return sum(1 for line in text.split("\n") if line.strip())


def _named_elsewhere(view: View, paths: list[str]) -> frozenset[str]:
    """Return the scripts that a test or a page of documentation names, by file name or as a module."""
    names = {path: path.rpartition("/")[2] for path in paths}
    stems = {path: name.partition(".")[0] for path, name in names.items()}
    words = {re.escape(word) for word in (*names.values(), *stems.values())}
    pattern = re.compile(rb"\b(?:" + "|".join(sorted(words, key=len, reverse=True)).encode() + rb")\b")
    found: set[str] = set()
    for file in view.tree.search(pattern, lambda file: file.path not in names and _may_name(view, file.path)):
        text = view.tree.text(file.path) or ""
        is_test = view.tree.file_class(file.path) is FileClass.TEST
        for path in paths:
            word = stems[path] if is_test else names[path]
            if re.search(rf"\b{re.escape(word)}\b", text):
                found.add(path)
    return frozenset(found)


def _may_name(view: View, path: str) -> bool:
    looks_so = path.lower().endswith(_TEXTS) or re.search(r"test|spec", path, re.IGNORECASE) is not None
    return looks_so and view.tree.file_class(path) in {FileClass.DOCS, FileClass.TEST}
