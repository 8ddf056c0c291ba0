"""Manifests and their lock files, compared by what the lock itself says that it was made from."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, cast

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

_NPM_GROUPS = ("dependencies", "devDependencies", "optionalDependencies")
_PLAIN_RANGE = re.compile(r"^[\^~>=<\d*x][\w.*^~>=<| -]*$")
_GEM = re.compile(r"^\s*gem[ (]+[\"'](?P<name>[\w.-]+)[\"']")
_GEM_DYNAMIC = re.compile(
    r"^[^\S\n]*(?:if|unless|case|eval_gemfile|gemspec|Dir|plugin|instance_eval)\b|\s(?:if|unless)\s", re.MULTILINE
)
_COMPILED = re.compile(r"^#.*\b(?:pip-compile|uv pip compile)\b", re.MULTILINE)
_COMPILED_FROM = re.compile(r"[\w./-]+\.in\b")
_PINNED = re.compile(r"^([A-Za-z][\w.-]*)(?:\[[^\]]*\])?\s*(?:==|@)", re.MULTILINE)
_NEVER_COMPILED = frozenset({"pip", "setuptools", "wheel", "distribute"})
_ASKED = re.compile(r"^([A-Za-z][\w.-]*)(?:\[[^\]]*\])?\s*(?P<version>[=<>~!][^;#]*)?\s*(?:#.*)?$")
_GEM_LOCKED = re.compile(r"^DEPENDENCIES\n(?P<body>(?:  \S.*\n?)+)", re.MULTILINE)


class Difference(NamedTuple):
    """A dependency of which manifest and lock say different things.

    Attributes:
        name: as the manifest writes it.
        declared: what the manifest asks for; empty when it does not ask for it any more.
        locked: what the lock was made for; empty when it does not know it.
    """

    name: str
    declared: str
    locked: str


def differences(lock: str, manifest: str, lock_text: str, manifest_text: str) -> tuple[Difference, ...]:
    """Return where a lock file was made for something else than its manifest; nothing where that cannot be told.

    Args:
        lock: name of the lock file, without folder.
        manifest: name of the manifest, without folder.
        lock_text: its content.
        manifest_text: its content.
    """
    compare = _COMPARED.get((lock, manifest))
    if compare is None:
        return ()
    try:
        return tuple(compare(lock_text, manifest_text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, InvalidRequirement):
        return ()


def pairs() -> tuple[tuple[str, str], ...]:
    """Return the names of locks with their manifests."""
    return tuple(_COMPARED)


def compiled_from(text: str) -> tuple[str, ...]:
    """Return the manifests that a compiled list of requirements names, as written; nothing for other files."""
    return tuple(dict.fromkeys(_COMPILED_FROM.findall(text))) if _COMPILED.search(text) else ()


def compiled_differences(lock: str, manifest: str) -> tuple[Difference, ...]:
    """Return the requirements of a manifest that a list compiled from it lacks; those with markers are passed over."""
    locked = {canonicalize_name(name) for name in _PINNED.findall(lock)}
    asked = (found for row in manifest.splitlines() if (found := _ASKED.match(row.strip())))
    return tuple(
        Difference(found.group(1), (found["version"] or "any version").strip(), "")
        for found in asked
        if canonicalize_name(found.group(1)) not in locked | _NEVER_COMPILED
    )


def _npm(lock: str, manifest: str) -> Iterator[Difference]:
    """Compare by the copy of the manifest that npm keeps in its lock (versions 2 and 3)."""
    root = _table(_table(json.loads(lock).get("packages")).get(""))
    declared = _table(json.loads(manifest))
    if not root:
        return
    for group in _NPM_GROUPS:
        yield from _compared(_strings(declared.get(group)), _strings(root.get(group)))


def _yarn(lock: str, manifest: str) -> Iterator[Difference]:
    """Compare by the keys of the lock, which are the ranges that were asked for."""
    package = _table(json.loads(manifest))
    replaced = {key.rpartition("/")[2] for key in _table(package.get("resolutions"))}
    for group in _NPM_GROUPS:
        for name, wanted in _strings(package.get(group)).items():
            if name in replaced or not _PLAIN_RANGE.match(wanted):
                continue
            keys = (f"{name}@{wanted}", f"{name}@npm:{wanted}")
            if not any(re.search(rf"(?m)(?:^|[\",] ?){re.escape(key)}(?=[\",:])", lock) for key in keys):
                known = re.search(rf"(?m)^\"?{re.escape(name)}@(?:npm:)?([^\",:]+)", lock)
                yield Difference(name, wanted, known.group(1) if known else "")


def _bundler(lock: str, manifest: str) -> Iterator[Difference]:
    """Compare by the names that Bundler lists as dependencies; a Gemfile with conditions is not judged."""
    body = _GEM_LOCKED.search(lock)
    if body is None or _GEM_DYNAMIC.search(manifest):
        return
    locked = {line.split()[0].rstrip("!") for line in body["body"].splitlines() if line.strip()}
    for line in manifest.splitlines():
        found = _GEM.match(line)
        if found and found["name"] not in locked:
            yield Difference(found["name"], "any version", "")


def _uv(lock: str, manifest: str) -> Iterator[Difference]:
    """Compare by the requirements that uv keeps of the project itself."""
    project = _table(tomllib.loads(manifest).get("project"))
    if not project or "dependencies" in cast("list[str]", project.get("dynamic", [])):
        return
    name = canonicalize_name(str(project.get("name", "")))
    packages = cast("list[dict[str, Any]]", tomllib.loads(lock).get("package", []))
    own = next((one for one in packages if canonicalize_name(one["name"]) == name and "source" in one), None)
    if own is None or not {"editable", "virtual", "directory"} & set(own["source"]):
        return
    kept = cast("list[dict[str, Any]]", _table(own.get("metadata")).get("requires-dist", []))
    locked = {canonicalize_name(one["name"]): str(one.get("specifier", "")) for one in kept}
    wanted = [Requirement(text) for text in cast("list[str]", project.get("dependencies", []))]
    for one in wanted:
        key = canonicalize_name(one.name)
        if key not in locked:
            yield Difference(one.name, str(one.specifier) or "any version", "")


def _poetry(lock: str, manifest: str) -> Iterator[Difference]:
    """Compare by name: each requirement that is not optional has to be locked."""
    tool = _table(_table(tomllib.loads(manifest).get("tool")).get("poetry"))
    packages = cast("list[dict[str, Any]]", tomllib.loads(lock).get("package", []))
    locked = {canonicalize_name(one["name"]) for one in packages}
    groups = [_table(tool.get("dependencies")), _table(tool.get("dev-dependencies"))]
    groups += [_table(_table(group).get("dependencies")) for group in _table(tool.get("group")).values()]
    for name, wanted in ((name, wanted) for group in groups for name, wanted in group.items()):
        if name.lower() != "python" and canonicalize_name(name) not in locked and isinstance(wanted, str):
            yield Difference(name, wanted, "")


def _pipenv(lock: str, manifest: str) -> Iterator[Difference]:
    """Compare by name."""
    declared, made = tomllib.loads(manifest), _table(json.loads(lock))
    for group, key in (("packages", "default"), ("dev-packages", "develop")):
        locked = {canonicalize_name(name) for name in _table(made.get(key))}
        for name, wanted in _table(declared.get(group)).items():
            if canonicalize_name(name) not in locked and isinstance(wanted, str):
                yield Difference(name, wanted, "")


def _compared(declared: Mapping[str, str], locked: Mapping[str, str]) -> Iterator[Difference]:
    for name in sorted(declared.keys() | locked.keys()):
        if declared.get(name) != locked.get(name):
            yield Difference(name, declared.get(name, ""), locked.get(name, ""))


def _table(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _strings(value: object) -> dict[str, str]:
    return {name: one for name, one in _table(value).items() if isinstance(one, str)}


_COMPARED: dict[tuple[str, str], Callable[[str, str], Iterator[Difference]]] = {
    ("package-lock.json", "package.json"): _npm,
    ("npm-shrinkwrap.json", "package.json"): _npm,
    ("yarn.lock", "package.json"): _yarn,
    ("Gemfile.lock", "Gemfile"): _bundler,
    ("uv.lock", "pyproject.toml"): _uv,
    ("poetry.lock", "pyproject.toml"): _poetry,
    ("Pipfile.lock", "Pipfile"): _pipenv,
}
