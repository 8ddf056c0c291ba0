"""Versions of runtimes and frameworks in tool files, manifests and lock files."""

import re
from collections.abc import Iterator
from typing import NamedTuple


class _Rule(NamedTuple):
    path: re.Pattern[str]
    line: re.Pattern[str]
    role: str
    runtime: str = ""


class Declared(NamedTuple):
    """A version that a file declares, with the line where and what for."""

    runtime: str
    written: str
    line: int
    role: str


_RANGE = r"[\"']?(?P<version>[^\"'#\n]*\d[^\"'#\n]*)[\"']?"
_RULES = (
    _Rule(
        re.compile(r"(?:^|/)\.python-version$"),
        re.compile(r"^(?:cpython-|python-)?v?(?P<version>\d[\d.]*)\s*$"),
        "tool",
        "python",
    ),
    _Rule(
        re.compile(r"(?:^|/)\.ruby-version$"),
        re.compile(r"^(?:ruby-)?(?P<version>\d[\d.]*)(?:-p\d+)?\s*$"),
        "tool",
        "ruby",
    ),
    _Rule(re.compile(r"(?:^|/)\.(?:nvmrc|node-version)$"), re.compile(r"^v?(?P<version>\d[\d.]*)\s*$"), "tool", "node"),
    _Rule(re.compile(r"(?:^|/)\.go-version$"), re.compile(r"^(?P<version>\d[\d.]*)\s*$"), "tool", "go"),
    _Rule(
        re.compile(r"(?:^|/)\.tool-versions$"),
        re.compile(r"^(?P<name>python|ruby|nodejs|golang|postgres|php|java)\s+(?:\w+-)?(?P<version>\d[\d.]*)"),
        "tool",
    ),
    _Rule(
        re.compile(r"(?:^|/)\.?mise\.toml$"),
        re.compile(r"^(?P<name>python|ruby|node|go|postgres|php|java)\s*=\s*\"(?P<version>\d[\d.]*)\""),
        "tool",
    ),
    _Rule(
        re.compile(r"(?:^|/)runtime\.txt$"), re.compile(r"^(?P<name>python|ruby|node)-(?P<version>\d[\d.]*)"), "tool"
    ),
    _Rule(
        re.compile(r"(?:^|/)netlify\.toml$"),
        re.compile(r"^\s*(?P<name>NODE|PYTHON|RUBY|GO)_VERSION\s*=\s*\"v?(?P<version>\d[\d.]*)\""),
        "tool",
    ),
    _Rule(
        re.compile(r"(?:^|/)\.?readthedocs\.ya?ml$"),
        re.compile(r"^\s+(?P<name>python|nodejs|ruby|golang)\s*:\s*[\"']?(?P<version>\d[\d.]*)[\"']?\s*$"),
        "tool",
    ),
    _Rule(
        re.compile(r"(?:^|/)\.?readthedocs\.ya?ml$"),
        re.compile(r"^\s+os\s*:\s*[\"']?(?P<name>ubuntu)-(?P<version>\d[\d.]*)[\"']?\s*$"),
        "tool",
    ),
    _Rule(
        re.compile(r"(?:^|/)(?:serverless|template|sam|app)\.ya?ml$"),
        re.compile(
            r"^\s*(?:runtime|Runtime)\s*:\s*[\"']?(?P<name>python|nodejs|ruby)(?P<version>\d[\d.]*)(?:\.x)?[\"']?\s*$"
        ),
        "tool",
    ),
    _Rule(
        re.compile(r"(?:^|/)pyproject\.toml$"), re.compile(rf"^requires-python\s*=\s*{_RANGE}"), "manifest", "python"
    ),
    _Rule(re.compile(r"(?:^|/)pyproject\.toml$"), re.compile(rf"^python\s*=\s*{_RANGE}"), "manifest", "python"),
    _Rule(
        re.compile(r"(?:^|/)setup\.(?:py|cfg)$"),
        re.compile(rf"^\s*python_requires\s*=\s*{_RANGE}"),
        "manifest",
        "python",
    ),
    _Rule(
        re.compile(r"(?:^|/)Pipfile$"),
        re.compile(r"^python_(?:full_)?version\s*=\s*\"(?P<version>\d[\d.]*)\""),
        "manifest",
        "python",
    ),
    _Rule(
        re.compile(r"(?:^|/)Gemfile$"),
        re.compile(r"^ruby[ (]+[\"'](?P<version>[^\"']*\d[^\"']*)[\"']"),
        "manifest",
        "ruby",
    ),
    _Rule(
        re.compile(r"(?:^|/)package\.json$"),
        re.compile(r"^\s+\"node\"\s*:\s*\"(?P<version>[^\"]*\d[^\"]*)\""),
        "manifest",
        "node",
    ),
    _Rule(
        re.compile(r"(?:^|/)pyproject\.toml$"),
        re.compile(r"^django\s*=\s*\"(?P<version>[^\"]*\d[^\"]*)\"", re.IGNORECASE),
        "manifest",
        "django",
    ),
    _Rule(
        re.compile(r"(?:^|/)[\w.-]*requirements[\w.-]*\.txt$|(?:^|/)requirements/[^/]+\.txt$"),
        re.compile(r"^(?P<name>django)==(?P<version>\d[\d.]*)", re.IGNORECASE),
        "lock",
    ),
    _Rule(re.compile(r"(?:^|/)Gemfile\.lock$"), re.compile(r"^    (?P<name>rails) \((?P<version>\d[\d.]*)\)$"), "lock"),
)
_LOCKED = re.compile(r"(?:^|/)(?:poetry|uv|pdm)\.lock$")
_LOCKED_DJANGO = re.compile(r'^name = "django"\nversion = "(?P<version>\d[\d.]*)"', re.MULTILINE | re.IGNORECASE)
_PIPFILE_LOCK = re.compile(r"(?:^|/)Pipfile\.lock$")
_PIPFILE_DJANGO = re.compile(r'"django": \{[^}]*?"version": "==(?P<version>\d[\d.]*)"', re.DOTALL)
_SAME = {"nodejs": "node", "golang": "go", "postgres": "postgresql"}


def may_declare(path: str) -> bool:
    """Say whether a file of this name can declare a version."""
    return (
        _LOCKED.search(path) is not None
        or _PIPFILE_LOCK.search(path) is not None
        or any(rule.path.search(path) for rule in _RULES)
    )


def declared(path: str, text: str) -> Iterator[Declared]:
    """Give the versions that a file declares."""
    rules = [rule for rule in _RULES if rule.path.search(path)]
    for number, row in enumerate(text.split("\n") if rules else (), start=1):
        for rule in rules:
            if found := rule.line.match(row.rstrip("\r")):
                name = (found.groupdict().get("name") or rule.runtime).lower()
                yield Declared(_SAME.get(name, name), found["version"].strip(), number, rule.role)
    for where, pattern in ((_LOCKED, _LOCKED_DJANGO), (_PIPFILE_LOCK, _PIPFILE_DJANGO)):
        for found in pattern.finditer(text) if where.search(path) else ():
            yield Declared("django", found["version"], text.count("\n", 0, found.start("version")) + 1, "lock")
