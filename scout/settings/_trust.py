"""Which settings files a user has accepted, and what an unaccepted one may not say.

A checkout may bring a `scout.toml` of its own, and a checkout may be hostile. What reaches outside (endpoints,
notification targets, secret files, live publishing, folders beyond the checkout, projects that a tracker lists) is
ignored in such a file until exactly that content has been accepted with `scout trust`, as direnv does with `.envrc`.

Tables of sources are read by their plugins, which this layer does not know: their keys are told by their names.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, cast

import platformdirs

from scout.settings._publish import FOLDER
from scout.settings._schema import SECTIONS

SERVER = "url"
OUTSIDE = frozenset({SERVER, "proxy", "auth", "app_id", "installation_id"})


def digest_of(content: bytes) -> str:
    """Return the digest by which a settings file is accepted (SHA-256)."""
    return hashlib.sha256(content).hexdigest()


def in_checkout(file: Path) -> bool:
    """Whether a settings file came with a git checkout (and not from the user's own settings folder)."""
    own = platformdirs.user_config_path("scout").absolute()
    return own not in file.absolute().parents and any((folder / ".git").exists() for folder in file.resolve().parents)


def accepted(memory: Path) -> dict[str, str]:
    """Return the accepted files by path, with their digests; an unreadable memory accepts nothing."""
    try:
        known: Any = json.loads(memory.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(path): str(value) for path, value in cast("dict[Any, Any]", known).items()} if _is_table(known) else {}


def reaches(key: str) -> bool:
    """Whether a key of a source's table reaches outside, by its name; every source keeps to this."""
    return key in OUTSIDE or key.endswith(("_file", "_env"))


def without_reach(table: dict[str, Any], base: Path) -> tuple[str, ...]:
    """Remove from `table` what reaches outside the checkout at `base`; return the names of what was removed."""
    removed: set[str] = {"discover"} & table.keys()
    for key in removed:
        del table[key]
    for name, value in table.items():
        for section in tables(value):
            removed |= _strip(section, name, name)
            for inner in tables(section.get("publish")):
                removed |= _strip(inner, "publish", f"{name}.publish")
    for project in tables(table.get("project")):
        start = base / str(project.get("path", "."))
        removed |= _keep_inside(project, "path", base, base, "project.path")
        removed |= _without_reach_of_sources(project)
        removed |= _without_tracker(project)
        for publish in tables(project.get("publish")):
            removed |= _keep_inside(publish, "folder", start, base, "project.publish.folder")
    return tuple(sorted(removed))


def tables(value: Any) -> list[dict[str, Any]]:
    """Return the tables in `value`: itself, or those in a list of them."""
    values = cast("list[Any]", value) if isinstance(value, list) else [value]
    return [cast("dict[str, Any]", one) for one in values if _is_table(one)]


def _strip(section: dict[str, Any], kind: str, place: str) -> set[str]:
    outside = SECTIONS[kind].reaches_outside if kind in SECTIONS else frozenset[str]()
    found = outside & section.keys()
    for key in found:
        del section[key]
    return {f"{place}.{key}" for key in found}


def _without_reach_of_sources(project: dict[str, Any]) -> set[str]:
    """Take what reaches outside from the project's sources.

    One that names its server goes whole: without the name another server would be asked for what it means here.
    """
    given = project.get("sources")
    if not isinstance(given, list):
        return set()
    removed: set[str] = set()
    kept: list[Any] = []
    for source in cast("list[Any]", given):
        table: dict[str, Any] = source if _is_table(source) else {}
        outside = {key for key in table if reaches(key)}
        removed |= {f"project.sources.{table.get('type', '')}.{key}" for key in outside}
        if SERVER not in outside:
            kept.append({key: value for key, value in table.items() if key not in outside} if outside else source)
    if removed and kept:
        project["sources"] = kept
    elif removed:
        del project["sources"]
    return removed


def _without_tracker(project: dict[str, Any]) -> set[str]:
    """Take away a publisher that writes elsewhere than into the checkout, whole: what it is told says where to."""
    given = project.get("publish")
    to = given if isinstance(given, str) else next((one.get("to", FOLDER) for one in tables(given)), FOLDER)
    if to == FOLDER:
        return set()
    del project["publish"]
    return {"project.publish.to"}


def _keep_inside(table: dict[str, Any], key: str, start: Path, base: Path, place: str) -> set[str]:
    if key in table and not (start / str(table[key])).resolve().is_relative_to(base.resolve()):
        del table[key]
        return {place}
    return set()


def _is_table(value: object) -> bool:
    return isinstance(value, dict)
