"""Makefiles read without running them: targets, recipes, and whether all targets can be known."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from scout.repository import Tree
from scout.signals._paths import joined

_NAMES = ("GNUmakefile", "makefile", "Makefile")
_ASSIGNED = re.compile(r"^\s*(?:export\s+|override\s+)*([A-Za-z_][\w.-]*)\s*(\?=|:{0,3}=|\+=|!=)\s*(.*)$")
_RULE = re.compile(r"^(?! *#)([^\t:=#][^:=#]*?)(?:&?::?)(?!=)(.*)$")
_INCLUDE = re.compile(r"^\s*-?s?include\s+(.+)$")
_DIRECTIVE = re.compile(r"^\s*(?:ifn?eq|ifn?def|else|endif|export|unexport|override|vpath|undefine)\b")
_REFERENCE = re.compile(r"\$[({]([\w.-]+)[)}]")
_MOST_EXPANDED = 8


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        line: of its head, counted from 1.
        targets: its names, with plain variables replaced.
        needs: what has to be made before, likewise.
        recipe: line and text of each recipe line; continued lines are one, joined by a newline after the backslash.
    """

    line: int
    targets: tuple[str, ...]
    needs: tuple[str, ...]
    recipe: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Makefile:
    """A Makefile as far as it can be read.

    Attributes:
        includes: what it includes, as written, with plain variables replaced.
        opaque: whether it can have targets that are not listed: computed ones, patterns for anything, foreign includes.
    """

    rules: tuple[Rule, ...]
    includes: tuple[str, ...]
    opaque: bool

    @property
    def targets(self) -> frozenset[str]:
        """All names that its rules give."""
        return frozenset(target for rule in self.rules for target in rule.targets)


def is_makefile(path: str) -> bool:
    """Say whether `make` finds this file by itself."""
    return path.rpartition("/")[2] in _NAMES


def makefile_in(tree: Tree, folder: str) -> str | None:
    """Return the path of the Makefile that `make` uses in a folder."""
    paths = (f"{folder}/{name}".strip("/") for name in _NAMES)
    return next((path for path in paths if path in tree.files), None)


def known_targets(tree: Tree, path: str, seen: frozenset[str] = frozenset()) -> frozenset[str] | None:
    """Return the targets of a Makefile and what it includes; None when they cannot all be known."""
    text = tree.text(path) if path in tree.files else None
    if text is None or path in seen:
        return None
    read = parse(text)
    if read.opaque:
        return None
    found = set(read.targets)
    folder = path.rpartition("/")[0]
    for name in read.includes:
        inner = joined(folder, name)
        more = known_targets(tree, inner, seen | {path}) if inner else None
        if more is None:
            return None
        found |= more
    return frozenset(found)


@cache
def parse(text: str) -> Makefile:
    """Return what a Makefile says; conditionals count with all their branches."""
    lines = text.replace("\r\n", "\n").split("\n")
    variables = dict(_variables(lines))
    heads: list[tuple[int, tuple[str, ...], tuple[str, ...], list[tuple[int, str]]]] = []
    includes: list[str] = []
    # what a recipe evaluates is made when it runs, too late to be a rule
    opaque = ".RECIPEPREFIX" in text or any(
        "$(eval" in line and not line.startswith("\t") for _, line in _logical(lines)
    )
    recipe: list[tuple[int, str]] | None = None
    for number, line in _logical(lines):
        if line.startswith("\t") and recipe is not None:
            recipe.append((number, expanded(line[1:], variables)))
            continue
        bare = line.split(" #")[0].replace("\\\n", " ")
        if included := _INCLUDE.match(bare):
            includes += expanded(included.group(1), variables).split()
        elif not _DIRECTIVE.match(bare) and not _ASSIGNED.match(bare) and (rule := _RULE.match(bare)):
            targets = tuple(expanded(rule.group(1), variables).split())
            recipe = []
            if ";" in rule.group(2):
                recipe.append((number, rule.group(2).partition(";")[2]))
            needs = tuple(expanded(rule.group(2).partition(";")[0], variables).replace("|", " ").split())
            heads.append((number, targets, needs, recipe))
    rules = tuple(Rule(number, targets, needs, tuple(recipe)) for number, targets, needs, recipe in heads)
    names = [target for rule in rules for target in rule.targets]
    opaque = opaque or any(name in {"%", ".DEFAULT"} or ("$" in name and "/" not in name) for name in names)
    return Makefile(rules, tuple(includes), opaque or any("$" in name or "*" in name for name in includes))


def expanded(text: str, variables: dict[str, str]) -> str:
    """Return a text with the references to plain variables replaced; others stay."""
    for _ in range(_MOST_EXPANDED):
        after = _REFERENCE.sub(lambda found: variables.get(found.group(1), found.group()), text)
        if after == text:
            break
        text = after
    return text


def _variables(lines: list[str]) -> Iterator[tuple[str, str]]:
    yield "CURDIR", "."
    yield "MAKE", "make"
    found: dict[str, list[str]] = {}
    for _, line in _logical(lines):
        if not line.startswith("\t") and (assigned := _ASSIGNED.match(line.replace("\\\n", " "))):
            found.setdefault(assigned.group(1), []).append(assigned.group(3).split(" #")[0].strip())
    for name, values in found.items():
        if len(values) == 1 and "$(shell" not in values[0] and "$(" + name not in values[0]:
            yield name, values[0]


def _logical(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Give lines with their continuations; what stands between `define` and `endef` is left out."""
    at, inside = 0, False
    while at < len(lines):
        start, text = at, lines[at]
        while text.endswith("\\") and at + 1 < len(lines):
            at += 1
            text += "\n" + lines[at]
        at += 1
        word = text.split(maxsplit=1)[0] if text.strip() else ""
        inside = (inside or word == "define") and word != "endef"
        if not inside and word != "endef":
            yield start + 1, text
