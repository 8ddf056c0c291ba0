"""What projects require of packages, by the lines of their manifests."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from scout.repository import FileClass
from scout.signals._base import View

PYTHON, NODE = "python", "node"
_PYTHON_FILE = re.compile(
    r"^(?:[\w-]+/)?(?:pyproject\.toml|setup\.cfg|requirements(?:[-_.]\w+)?\.(?:txt|in))$|^requirements/[\w.-]+\.(?:txt|in)$"
)
_NODE_FILE = re.compile(r"^(?:[\w-]+/)?package\.json$")
_ASIDE = re.compile(r"(?:^|[/_.-])(?:docs?|tests?|dev|lint|examples?|benchmarks?)(?:[/_.-]|$)", re.IGNORECASE)
_QUOTED = re.compile(r"^\s*[\"'](?P<said>[A-Za-z][\w.-]*\s*(?:\[[^\]]*\])?\s*(?:[<>=!~;(][^\"']*)?)[\"'],?\s*(?:#.*)?$")
_POETRY = re.compile(
    r"^(?P<name>[A-Za-z][\w.-]*)\s*=\s*(?:\{.*?version\s*=\s*)?[\"'](?P<range>[\^~]?[\d<>=!][^\"']*)[\"']"
)
_BARE = re.compile(r"^\s*(?P<said>[A-Za-z][\w.-]*\s*(?:\[[^\]]*\])?\s*[<>=!~][^#]*?)\s*(?:\\|#.*)?$")
_NPM = re.compile(r"^\s*\"(?P<name>@?[a-z][\w./-]*)\"\s*:\s*\"(?P<range>[\^~]?\d[\w.-]*)\",?\s*$")
_SECTION = re.compile(r"^\s*\[(?P<name>[^\[\]\"']+)\]\s*$|^\s*\"(?P<key>\w*[dD]ependencies|\w+)\"\s*:\s*\{\s*$")
_PIPED = re.compile(r"^[^\S\n]*# +via\b|--hash=", re.MULTILINE)
_OWN = (
    ("pyproject.toml", re.compile(r"^name\s*=\s*[\"']([\w.-]+)[\"']", re.MULTILINE)),
    ("setup.cfg", re.compile(r"^name\s*=\s*([\w.-]+)\s*$", re.MULTILINE)),
    ("setup.py", re.compile(r"\bname\s*=\s*[\"']([\w.-]+)[\"']")),
)


class Required(NamedTuple):
    """A line that requires a package.

    Attributes:
        name: the package's normalised name.
        range: as it is written.
    """

    ecosystem: str
    name: str
    range: str
    path: str
    line: int
    text: str

    @property
    def allowed(self) -> SpecifierSet | None:
        """The versions that the range allows; None where it is none that Python's packaging knows."""
        try:
            return SpecifierSet(self.range.replace(" ", "")) if self.ecosystem == PYTHON else None
        except InvalidSpecifier:
            return None

    @property
    def exact(self) -> Version | None:
        """The one version that is allowed, or None."""
        found = re.fullmatch(r"===?\s*(\d[\w.]*)", self.range.strip())
        return version(found.group(1)) if found else None

    @property
    def major(self) -> int | None:
        """The major version that the range is bound to; None where it leaves that open."""
        found = re.fullmatch(r"(?:===?|~=|\^|~|)\s*v?(\d+)\.\d[\w.*-]*", self.range.strip())
        return int(found.group(1)) if found else None


def version(text: str) -> Version | None:
    """Return a version, or None."""
    try:
        return Version(text)
    except InvalidVersion:
        return None


def required(view: View) -> tuple[Required, ...]:
    """Return what the project's manifests require for running, not what tools compiled from them."""
    return tuple(_required(view))


def own_name(view: View) -> str:
    """Return the normalised name under which Python projects require this one; empty where it has none."""
    for path, pattern in _OWN:
        text = view.tree.text(path) if path in view.tree.files else None
        if text and (found := pattern.search(text)):
            return canonicalize_name(found.group(1))
    return ""


def _required(view: View) -> Iterator[Required]:
    for path in view.tree.files:
        names = (path, view.history.origin(path))
        python, node = (any(map(pattern.match, names)) for pattern in (_PYTHON_FILE, _NODE_FILE))
        if not (python or node) or _ASIDE.search(path):
            continue
        if view.tree.file_class(path) in {FileClass.VENDORED, FileClass.FIXTURE, FileClass.TEST}:
            continue
        text = view.tree.text(path)
        if text and not _PIPED.search(text):
            yield from _in_node(path, text) if node else _in_python(path, text)


def _in_python(path: str, text: str) -> Iterator[Required]:
    section = ""
    for number, row in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if found := _SECTION.match(row):
            section = found["name"] or ""
        if "dev" in section or "test" in section or "doc" in section or section.startswith("build"):
            continue
        if "poetry" in section:
            if (named := _POETRY.match(row)) and section == "tool.poetry.dependencies":
                yield Required(PYTHON, canonicalize_name(named["name"]), named["range"], path, number, row)
            continue
        said = (_QUOTED if path.endswith("pyproject.toml") else _BARE).match(row)
        if said is None:
            continue
        try:
            one = Requirement(said["said"].strip())
        except InvalidRequirement:
            continue
        if one.specifier and one.marker is None:
            yield Required(PYTHON, canonicalize_name(one.name), str(one.specifier), path, number, row)


def _in_node(path: str, text: str) -> Iterator[Required]:
    section = ""
    for number, row in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if found := _SECTION.match(row):
            section = found["key"] or ""
        elif section == "dependencies" and (named := _NPM.match(row)):
            yield Required(NODE, named["name"], named["range"], path, number, row)
