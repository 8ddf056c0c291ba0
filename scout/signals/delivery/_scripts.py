"""Scripts that machines run, and who knows them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scout.repository import FileClass
from scout.signals._base import View
from scout.signals._callers import Call, calls
from scout.signals._occasion import Occasion

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
_ENTRY = re.compile(
    r"(?:^|/)(?:setup|manage|noxfile|tasks|fabfile|conftest|dodo)\.py$|(?:^|/)(?:gradlew|mvnw|configure)$"
    r"|(?:^|/)bin/(?:rails|rake|bundle|setup|rspec|dev|yarn|vite|importmap|spring|webpack\S*|rubocop|brakeman)$",
    re.IGNORECASE,
)
_TESTS_INSIDE = re.compile(r"^[^\S\n]*>>> ", re.MULTILINE)
_WORKFLOW = re.compile(r"\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml$")
_BADGE = re.compile(r"\[!\[[^\]\n]*\]\([^)\n]*\)\]\([^)\n]*\)|!\[[^\]\n]*\]\([^)\n]*\)")
_TEXTS = (".md", ".rst", ".txt", ".adoc", ".markdown", ".mdx")
_HEADER = re.compile(r"\A(?:[^\S\n]*(?:#|//|--)[^\n]*\n|\s*\n)*(?:\"{3}.*?\"{3}|'{3}.*?'{3}|/\*.*?\*/)?", re.DOTALL)
_MARKS = re.compile(r"^\W+")
_LICENCE = re.compile(r"licen[cs]e|copyright|all rights|spdx|^!/|frozen_string_literal|coding[:=]", re.IGNORECASE)
_TELLING, _EXPLAINED = 12, 3


def is_entry_point(path: str) -> bool:
    """Say whether a file is a known front door of a framework or a build, which everybody means to rely on."""
    return _ENTRY.search(path) is not None


@dataclass(frozen=True, slots=True)
class Script:
    """A script that machines run.

    Attributes:
        lines: those that are not blank.
        authors: how many people committed to it.
        changes: how often it changed on the first-parent line.
        explained: whether it begins with some lines on what it is for.
    """

    path: str
    lines: int
    authors: int
    changes: int
    calls: tuple[Call, ...]
    explained: bool = False

    @property
    def occasions(self) -> tuple[Occasion, ...]:
        """When it runs, each occasion once."""
        return tuple(dict.fromkeys(sorted((call.occasion for call in self.calls), key=list(Occasion).index)))


def scripts(view: View) -> Iterator[Script]:
    """Give the scripts that no check runs, no test or page names, and one or two people wrote, by path."""
    by_script: dict[str, list[Call]] = defaultdict(list)
    for call in calls(view.tree):
        by_script[call.script].append(call)
    often = {Occasion.CHECK, Occasion.TOLERATED, Occasion.MERGED, Occasion.ASKED}
    checked = {path for path, found in by_script.items() if any(call.occasion in often for call in found)}
    sizes = {path: size for path in by_script if path not in checked and (size := _size(view, path)) >= FEWEST_LINES}
    known = _named_elsewhere(view, by_script, sorted(sizes)) if sizes else frozenset[str]()
    for path, size in sorted(sizes.items()):
        authors = view.history.authors(path)
        found = tuple(dict.fromkeys(by_script[path]))
        if path not in known and 1 <= authors <= MOST_AUTHORS:
            explained = explains_itself(view.tree.text(path) or "")
            yield Script(path, size, authors, len(view.history.touching(path)), found, explained)


def explains_itself(text: str) -> bool:
    """Say whether a script begins with three lines or more on what it is for, licences apart."""
    begins = _HEADER.match(text)
    said = [_MARKS.sub("", line).strip() for line in begins.group().split("\n")] if begins else []
    return sum(len(line) >= _TELLING and _LICENCE.search(line) is None for line in said) >= _EXPLAINED


def _size(view: View, path: str) -> int:
    if _NO_SCRIPT.search(path) or view.tree.file_class(path) not in {FileClass.CODE, FileClass.OTHER}:
        return 0
    text = view.tree.text(path)
    if text is None or _TESTS_INSIDE.search(text):
        return 0
    return sum(1 for line in text.split("\n") if line.strip())


def _named_elsewhere(view: View, by_script: Mapping[str, Sequence[Call]], paths: list[str]) -> frozenset[str]:
    """Return the scripts that have a test or that one names, or a page does: the file, or a workflow that runs it."""
    tests, pages = {path: _in_tests(path) for path in paths}, {path: _on_pages(path, by_script[path]) for path in paths}
    words = sorted({*tests.values(), *pages.values()}, key=len, reverse=True)
    pattern = re.compile(rf"\b(?:{'|'.join(words)})\b".encode())
    own = frozenset(paths)
    found = {path for path in paths if _has_test(view, path)}
    for file in view.tree.search(pattern, lambda file: file.path not in own and _may_name(view, file.path)):
        is_test = view.tree.file_class(file.path) is FileClass.TEST
        text = _BADGE.sub("", view.tree.text(file.path) or "")
        found.update(path for path in paths if re.search(rf"\b(?:{(tests if is_test else pages)[path]})\b", text))
    return frozenset(found)


def _in_tests(path: str) -> str:
    """Return the pattern of what a test calls a script: its name without the ending, or a class of that name."""
    stem = path.rpartition("/")[2].partition(".")[0]
    parts = [part for part in re.split(r"[-_]", stem) if part]
    camel = "".join(parts)
    of_class = f"(?i:{re.escape(camel)})" if len(parts) > 1 else re.escape(camel.capitalize())
    return f"{re.escape(stem)}|{of_class}"


def _on_pages(path: str, calls: Sequence[Call]) -> str:
    """Return the pattern of what a page calls a script: its file's name, or that of a workflow which runs it."""
    workflows = {call.path for call in calls if _WORKFLOW.match(call.path)}
    return "|".join(sorted(re.escape(one.rpartition("/")[2]) for one in {path, *workflows}))


def _has_test(view: View, path: str) -> bool:
    """Say whether a test file has the script's name with the mark of a test before or behind it."""
    stem = re.escape(path.rpartition("/")[2].partition(".")[0])
    of_it = re.compile(rf"(?:^|/)(?:{stem}[-_.](?:spec|test)|test[-_]{stem})\.\w+$", re.IGNORECASE)
    return any(of_it.search(one) for one in view.tree.files)


def _may_name(view: View, path: str) -> bool:
    looks_so = path.lower().endswith(_TEXTS) or re.search(r"test|spec", path, re.IGNORECASE) is not None
    return looks_so and view.tree.file_class(path) in {FileClass.DOCS, FileClass.TEST}
