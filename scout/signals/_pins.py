"""Versions that a project declares: floors it supports, exact ones it runs with, and its own releases."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

from scout.repository import Tag, Tree
from scout.repository.decoding import decoded
from scout.signals._base import View
from scout.signals._conditions import Condition
from scout.signals._vocabulary import DROPPED, FLOOR, OWN_RELEASE

_LINES = (
    (
        re.compile(r"(?:^|/)pyproject\.toml$|(?:^|/)setup\.(?:py|cfg)$"),
        re.compile(r"requires.python\s*=\s*[\"']?\s*(?P<op>>=|\^|~=?)\s*(?P<version>\d[\d.]*)"),
    ),
    (
        re.compile(
            r"(?:^|/)(?:pyproject\.toml|[\w.-]*requirements[\w.-]*\.(?:txt|in)|setup\.(?:py|cfg))$|(?:^|/)requirements/[^/]+\.(?:txt|in)$"
        ),
        re.compile(r"^\s*[\"']?(?P<name>[A-Za-z][\w.-]*)(?:\[[^\]]*\])?\s*(?P<op>==|>=|~=)\s*(?P<version>\d[\d.]*)"),
    ),
    (
        re.compile(r"(?:^|/)(?:pyproject\.toml|package\.json|Pipfile|Cargo\.toml)$"),
        re.compile(
            r"^\s*\"?(?P<name>@?[A-Za-z][\w./@-]*)\"?\s*[:=]\s*\"(?P<op>\^|~|>=|==)?\s*v?(?P<version>\d+\.[\d.]*)"
        ),
    ),
    (
        re.compile(r"(?:^|/)pyproject\.toml$"),
        re.compile(
            r"=\s*\[\s*[\"'](?P<name>[A-Za-z][\w.-]*)(?:\[[^\]]*\])?\s*(?P<op>>=|~=|==)\s*(?P<version>\d[\d.]*)[\"']\s*\]"
        ),
    ),
    (
        re.compile(r"(?:^|/)(?:Docker|Container)file[\w.-]*$"),
        re.compile(r"^FROM (?:\S+/)?(?P<name>python|ruby|node|golang):(?P<version>\d[\d.]*)", re.IGNORECASE),
    ),
    (re.compile(r"(?:^|/)Gemfile\.lock$"), re.compile(r"^    (?P<name>[\w-]+) \((?P<version>\d[\d.]*)\)$")),
    (re.compile(r"(?:^|/)Gemfile$"), re.compile(r"^(?P<name>ruby) [\"'](?P<version>\d[\d.]*)")),
    (
        re.compile(r"(?:^|/)go\.mod$"),
        re.compile(r"^\s*(?:require )?(?:\S+/)?(?P<name>[\w.-]+?)(?:/v\d+)? v(?P<version>\d[\d.]*)"),
    ),
    (
        re.compile(r"(?:^|/)\.(?P<name>ruby|python|node)-version$|(?:^|/)\.(?P<nvm>nvm)rc$"),
        re.compile(r"^(?:\w+-|v)?(?P<version>\d[\d.]*)$"),
    ),
)
_BARE = re.compile(r"(?:after|once|by|in|until|when) v?\d+\.\d+(?:\.x)?\b", re.IGNORECASE)
_YEAR = 1990
_KEEPS_UP = 2 / 3
_LOCKED = re.compile(r'^name = "(?P<name>[\w.-]+)"\nversion = "(?P<version>\d[\w.]*)"', re.MULTILINE)
_LOCKED_NODE = re.compile(
    r'^    "node_modules/(?P<name>(?:@[\w.-]+/)?[\w.-]+)": \{\n      "version": "(?P<version>\d[\w.]*)', re.MULTILINE
)
_RELEASE = re.compile(r"(?:[a-zA-Z_-]*?[-_/@]?)?v?(\d+(?:\.\d+)+)")
_LOCKS = (
    (re.compile(r"(?:^|/)(?:poetry|uv)\.lock$"), _LOCKED),
    (re.compile(r"(?:^|/)package-lock\.json$"), _LOCKED_NODE),
)
_RUNTIMES = frozenset({"python", "ruby", "node", "go"})
_SAME = {
    "py": "python",
    "ts": "typescript",
    "node.js": "node",
    "nodejs": "node",
    "golang": "go",
    "ror": "rails",
    "cpython": "python",
}
_TOP = re.compile(
    r"^[^/]+$|^(?:requirements|backend|frontend|api|server|web|src|app|ui|docker)/[^/]+$|^[^/]+/(?:pyproject\.toml|package\.json|setup\.py)$"
)
_PACKAGE = re.compile(r"^(?!(?:tests?|docs?|examples?|scripts|tools|migrations)/)([A-Za-z]\w+)/__init__\.py$")
_OWN = (
    ("pyproject.toml", re.compile(r"^name\s*=\s*[\"']([\w.-]+)[\"']", re.MULTILINE)),
    ("package.json", re.compile(r"^  \"name\":\s*\"(?:@[\w-]+/)?([\w.-]+)\"", re.MULTILINE)),
    ("go.mod", re.compile(r"^module \S*?([\w.-]+?)(?:/v\d+)?$", re.MULTILINE)),
    ("setup.py", re.compile(r"\bname\s*=\s*[\"']([\w.-]+)[\"']")),
    ("Cargo.toml", re.compile(r"^name\s*=\s*\"([\w-]+)\"", re.MULTILINE)),
)


@dataclass(frozen=True, slots=True)
class Pin:
    """A version that a file declares.

    Attributes:
        floor: whether later versions do too.
        text: the line.
    """

    name: str
    version: tuple[int, ...]
    floor: bool
    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Met:
    """Where it can be seen that a condition is met.

    Attributes:
        why: in words.
        pin: the line that shows it; None when a tag does.
        sha: the tag's commit.
        at: the tag's time (UTC).
    """

    why: str
    pin: Pin | None = None
    sha: str = ""
    at: datetime | None = None


class Pins:
    """What the project declares, read at the first question."""

    def __init__(self, view: View) -> None:
        self._view = view

    def verdict(self, condition: Condition) -> Met | Literal[False] | None:
        """Return how a condition's versions are met, False when one is visibly not met, None when nothing shows it."""
        clause = condition.clause
        lowest = FLOOR.search(clause) is not None
        for name, number in condition.versions:
            dropped = not lowest and number in clause and DROPPED.search(clause) is not None
            wanted = as_version(number)
            if not dropped and self._is_own(name, wanted, clause):
                return self._released(wanted)
            pin = self._strongest(_SAME.get(name, name), floors=dropped or lowest)
            if pin is None:
                continue
            reached = pin.version[: len(wanted)] > wanted if dropped else pin.version >= wanted
            return Met(f"`{pin.path}` has `{pin.text.strip()[:80]}`", pin) if reached else False
        return None

    def _is_own(self, name: str, wanted: tuple[int, ...], clause: str) -> bool:
        """Say whether a version is one of the project's own releases."""
        if name:
            return bool(self._releases) and any(
                own == name or re.sub(r"\d+$", "", own) == name for own in self.own_names
            )
        releases = self._alike(wanted)
        newest = max((number for number, _ in releases), default=())
        if _BARE.match(clause) and any(number[: len(wanted)] == wanted for number, _ in releases):
            return True
        return bool(newest) and (OWN_RELEASE.search(clause) is not None or newest[0] == wanted[0] != 0)

    def _released(self, wanted: tuple[int, ...]) -> Met | Literal[False]:
        reached = [tag for number, tag in self._alike(wanted) if number >= wanted]
        if not reached:
            return False
        first = min(reached, key=lambda tag: (tag.at, tag.name))
        return Met(f"the tag `{first.name}` of {first.at:%Y-%m-%d} is there", None, first.sha, first.at)

    def _alike(self, wanted: tuple[int, ...]) -> list[tuple[tuple[int, ...], Tag]]:
        """Return the releases that count as a version does: by year, or not."""
        return [(number, tag) for number, tag in self._releases if (number[0] >= _YEAR) == (wanted[0] >= _YEAR)]

    @cached_property
    def _releases(self) -> tuple[tuple[tuple[int, ...], Tag], ...]:
        named = ((_RELEASE.fullmatch(tag.name), tag) for tag in self._view.tags)
        return tuple((as_version(found.group(1)), tag) for found, tag in named if found)

    def _strongest(self, name: str, *, floors: bool) -> Pin | None:
        known = [pin for pin in self._pins if _joined(pin.name) == _joined(name)]
        if floors:
            known = [pin for pin in known if pin.floor or pin.name in _RUNTIMES]
            return min(known, key=lambda pin: (pin.version, pin.path, pin.line), default=None)
        return min(known, key=lambda pin: (pin.floor, pin.version, pin.path, pin.line), default=None)

    @cached_property
    def own_names(self) -> frozenset[str]:
        """Names by which the project's own packages go."""
        found = (pattern.search(text) for path, pattern in _OWN if (text := _text(self._view.tree, path)))
        packages = map(_PACKAGE.match, self._view.tree.files)
        return frozenset(match.group(1).lower() for match in (*found, *packages) if match)

    @cached_property
    def _pins(self) -> tuple[Pin, ...]:
        paths = [path for path in self._view.tree.files if _TOP.match(path)]
        return tuple(pin for path in paths for pin in declared(path, _text(self._view.tree, path) or ""))

    def at_rest(self, name: str, sha: str) -> Pin | None:
        """Return the pin of a package that kept its version since a commit, in a file where most others did not.

        Whoever keeps up takes what a package releases: then it has released nothing since.
        """
        pin = self._strongest(name, floors=False)
        before = decoded(self._view.blob(f"{sha}:{pin.path}") or b"") if pin and pin.path.isascii() else None
        if pin is None or not before:
            return None
        then = {one.name: one.version for one in declared(pin.path, before)}
        now = {one.name: one.version for one in self._pins if one.path == pin.path}
        both = then.keys() & now.keys() - {pin.name}
        moved = sum(then[one] != now[one] for one in both)
        return pin if then.get(pin.name) == pin.version and both and moved >= _KEEPS_UP * len(both) else None


def _joined(name: str) -> str:
    """Return a name as one word: what prose calls `GoodJob` is locked as `good_job` or `good-job`."""
    return re.sub(r"[-_.]", "", name.lower())


def as_version(text: str) -> tuple[int, ...]:
    """Return a version's leading numbers."""
    return tuple(int(part) for part in re.findall(r"\d{1,18}", text)[:3])


def declared(path: str, text: str) -> Iterator[Pin]:
    """Give the versions that a file of this name declares."""
    for where, pattern in _LINES:
        named = where.search(path)
        if named is None:
            continue
        fallback = "node" if (named.groupdict().get("nvm")) else named.groupdict().get("name") or "python"
        for number, line in enumerate(text.split("\n"), start=1):
            if found := pattern.search(line):
                groups = found.groupdict()
                name = (groups.get("name") or fallback).lower().rpartition("/")[2]
                name = _SAME.get(name, name)
                floor = groups.get("op") in {">=", "^", "~", "~="}
                yield Pin(name, as_version(groups["version"]), floor, path, number, line)
    locked = next((pattern for where, pattern in _LOCKS if where.search(path)), None)
    if locked:
        for found in locked.finditer(text):
            line = text.count("\n", 0, found.start("version")) + 1
            yield Pin(
                found.group("name").lower().rpartition("/")[2],
                as_version(found.group("version")),
                floor=False,
                path=path,
                line=line,
                text=text.split("\n")[line - 1],
            )


def _text(tree: Tree, path: str) -> str | None:
    return tree.text(path) if path in tree.files else None
