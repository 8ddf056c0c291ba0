"""Feature flags that a project declares in a place of their own, by the systems that are known."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from scout.repository import File, FileClass
from scout.signals._base import View

_SYSTEM = re.compile(
    rb"\b(?:[Ff]lipper|[Ww]affle|[Uu]nleash\w*|[Ll]aunch[Dd]arkly|ldclient|ld-client|[Gg]row[Bb]ook|[Ff]lagsmith|[Oo]pen[Ff]eature)\b"
)
_SYSTEM_FILES = re.compile(
    r"(?:^|/)(?:Gemfile|package\.json|pyproject\.toml|Pipfile|go\.mod|[\w.-]*requirements[\w.-]*\.(?:txt|in))$|\.(?:rb|py)$"
)
_REGISTRY = re.compile(
    r"(?:^|/)(?:feature[-_]?(?:flags?|toggles?|switch(?:es)?)|features|flags|toggles|flipper|waffle\w*)"
    r"\.(?P<kind>py|rb|[jt]sx?|ya?ml)$",
    re.IGNORECASE,
)
_YAML_KEY = re.compile(r"^(?P<name>[A-Za-z][\w-]{3,})\s*:(?:\s|$)")
_YAML_NAME = re.compile(r"^\s*-?\s*(?P<key>flag_name|name)\s*:\s*[\"']?(?P<name>[A-Za-z][\w.-]{3,})[\"']?\s*$")
_RUBY = re.compile(
    r"\bFlipper\.(?:add|enable|disable)[ (]+(?::|[\"'])(?P<name>[a-z]\w{3,})[\"']?"
    r"|^\s*(?P<const>[A-Z][A-Z0-9_]{3,})\s*=\s*(?::[a-z]\w+|[\"'][\w.-]+[\"'])(?:\.freeze)?\s*$"
    r"|^\s*[\"'](?P<key>[a-z]\w{3,})[\"']\s*=>"
)
_RUBY_LIST = re.compile(r"%[iw]\[(?P<names>[\w\s]+)\]")
_PYTHON = re.compile(r"^(?:    )?(?P<name>[A-Z][A-Z0-9_]{3,})\s*=\s*[\"'](?P<value>[\w.-]+)[\"']\s*(?:#.*)?$")
_SCRIPT = re.compile(
    r"^\s+[\"']?(?P<name>[A-Za-z]\w{3,})[\"']?\s*[:=]\s*(?:true|false|[\"'][\w.-]+[\"'])\s*,?\s*(?://.*)?$"
)
_SCRIPT_FLAGS = re.compile(r"\b(?:FEATURE_FLAGS|featureFlags|FeatureFlags?|FLAGS|Flags)\b")
_PYTHON_FLAGS = re.compile(r"\bwaffle\b|\bis_enabled\b|\bflag_is_active\b|\bclass \w*Flag\w*\(.*[Ee]num|\bFEATURES\b")
_STRUCTURE = frozenset(
    {
        "flags",
        "switches",
        "features",
        "samples",
        "default",
        "defaults",
        "shared",
        "production",
        "test",
        "development",
        "staging",
    }
)
_CLASSES = frozenset({FileClass.CODE, FileClass.CONFIG, FileClass.DATA, FileClass.OTHER})


class Flag(NamedTuple):
    """A flag where it is declared.

    Attributes:
        names: how it may be called: its key and, where it has one, its constant.
        line: counted from 1.
    """

    names: tuple[str, ...]
    path: str
    line: int
    text: str


def declared(view: View) -> Iterator[Flag]:
    """Give the flags of the project's registries, in the order of their places."""
    registries = [path for path in view.tree.files if _REGISTRY.search(path) and view.tree.file_class(path) in _CLASSES]
    if not registries:
        return
    has_system = _has_system(view)
    for path in registries:
        text = view.tree.text(path) or ""
        rows = text.replace("\r\n", "\n").split("\n")
        for number, names in _in_registry(path, text, rows, has_system=has_system):
            yield Flag(names, path, number, rows[number - 1])


def _has_system(view: View) -> bool:
    """Say whether the project uses a system of flags that is known here."""

    def may_say(file: File) -> bool:
        return _SYSTEM_FILES.search(file.path) is not None

    return next(view.tree.search(_SYSTEM, may_say), None) is not None


def _in_registry(path: str, text: str, rows: list[str], *, has_system: bool) -> Iterator[tuple[int, tuple[str, ...]]]:
    suffix = path.rpartition(".")[2].lower()
    if suffix in {"yml", "yaml"} and has_system:
        yield from _in_yaml(rows, is_configuration="config/" in path)
    elif suffix == "rb" and "Flipper" in text:
        yield from _in_ruby(rows)
    elif suffix == "py" and _PYTHON_FLAGS.search(text):
        for number, row in enumerate(rows, start=1):
            if found := _PYTHON.match(row):
                yield number, (found["name"], found["value"])
    elif suffix in {"js", "jsx", "ts", "tsx"} and _SCRIPT_FLAGS.search(text):
        for number, row in enumerate(rows, start=1):
            if found := _SCRIPT.match(row):
                yield number, (found["name"],)


def _in_yaml(rows: list[str], *, is_configuration: bool) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Give the keys of a mapping, or the entries of lists that have a `name`."""
    constant = ""
    listed = any((found := _YAML_NAME.match(row)) and row.lstrip().startswith("-") for row in rows)
    for number, row in enumerate(rows, start=1):
        if found := _YAML_NAME.match(row) if listed else None:
            if found["key"] == "flag_name":
                constant = found["name"]
            else:
                yield number, tuple(filter(None, (found["name"], constant)))
                constant = ""
        elif is_configuration and not listed and (found := _YAML_KEY.match(row)) and found["name"] not in _STRUCTURE:
            yield number, (found["name"],)


def _in_ruby(rows: list[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        if row.lstrip().startswith("#"):
            continue
        names = [name for found in _RUBY.finditer(row) for name in found.groupdict().values() if name]
        names += [name for found in _RUBY_LIST.finditer(row) for name in found["names"].split()]
        for name in names:
            if name not in seen:
                seen.add(name)
                yield number, (name,)
