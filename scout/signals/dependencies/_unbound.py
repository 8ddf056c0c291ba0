"""What manifests ask for in whatever version there is."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_PYTHON = re.compile(r"^(?P<name>[A-Za-z][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?:;[^#]*)?(?:\s#.*)?$")
_PINNED = re.compile(r"^[A-Za-z][\w.-]*\s*(?:\[[^\]]*\])?\s*(?:[=<>~!]=|[<>@])")
_ELSEWHERE = re.compile(r"^\s*(?:-c|--constraint|--hash|--no-index)\b|--hash=", re.MULTILINE)
_RUBY = re.compile(r"^\s*gem[\s(]+[\"'](?P<name>[\w.-]+)[\"']\s*(?P<rest>,[^#]*)?(?:#.*)?$")
_RUBY_BOUND = re.compile(r"^,\s*[\"']\s*[~<>=!]*\s*\d|\b(?:git|github|path|ref|tag)(?::|\s*=>)")
_NODE = re.compile(r"^\s*\"(?P<name>@?[a-z][\w./-]*)\"\s*:\s*\"(?P<range>[^\"]*)\",?\s*$")
_NODE_SECTION = re.compile(r"^\s*\"(?P<key>\w+)\"\s*:\s*\{\s*$")
_PIPENV = re.compile(r"^(?P<name>[A-Za-z][\w.-]*)\s*=\s*\"\*\"")
_SECTION = re.compile(r"^\[(?P<name>[^\]]+)\]")
_ANY = frozenset({"*", "latest", "x", ""})


class Unbound(NamedTuple):
    """A line that asks for a package in any version."""

    name: str
    line: int
    text: str


class Asked(NamedTuple):
    """What a manifest asks for.

    Attributes:
        unbound: in any version.
        bound: how many packages it asks for in certain versions.
    """

    unbound: tuple[Unbound, ...]
    bound: int


def asked(name: str, text: str) -> Asked:
    """Return what a manifest of this name asks for; nothing where another file says the versions."""
    rows = text.replace("\r\n", "\n").split("\n")
    if name.endswith(".txt"):
        if _ELSEWHERE.search(text):
            return Asked((), 0)
        found = [
            Unbound(one["name"], number, row) for number, row in enumerate(rows, start=1) if (one := _PYTHON.match(row))
        ]
        return Asked(tuple(found), sum(1 for row in rows if _PINNED.match(row)))
    if name == "Gemfile":
        return _counted(_in_ruby(rows))
    return _counted(_in_node(rows) if name == "package.json" else _in_pipenv(rows))


def _counted(found: Iterator[tuple[Unbound, bool]]) -> Asked:
    every = tuple(found)
    return Asked(tuple(one for one, bound in every if not bound), sum(bound for _, bound in every))


def _in_ruby(rows: list[str]) -> Iterator[tuple[Unbound, bool]]:
    group = ""
    for number, row in enumerate(rows, start=1):
        if row.startswith("group"):
            group = row
        elif row.startswith("end"):
            group = ""
        one = _RUBY.match(row)
        if one and not re.search(r":(?:test|development)", group):
            yield Unbound(one["name"], number, row), _RUBY_BOUND.search(one["rest"] or "") is not None


def _in_node(rows: list[str]) -> Iterator[tuple[Unbound, bool]]:
    section = ""
    for number, row in enumerate(rows, start=1):
        if found := _NODE_SECTION.match(row):
            section = found["key"]
        elif section == "dependencies" and (one := _NODE.match(row)):
            yield Unbound(one["name"], number, row), one["range"].strip() not in _ANY


def _in_pipenv(rows: list[str]) -> Iterator[tuple[Unbound, bool]]:
    section = ""
    for number, row in enumerate(rows, start=1):
        if found := _SECTION.match(row):
            section = found["name"]
        elif section == "packages" and "=" in row:
            one = _PIPENV.match(row)
            yield Unbound(one["name"] if one else "", number, row), one is None
