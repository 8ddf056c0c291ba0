"""What trackers listed: `discovered.json` in the state folder, and the projects that follow from it."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from scout.model import Frozen, digest
from scout.service.memory import alone
from scout.service.project import slug
from scout.settings import Discover

FILE_NAME = "discovered.json"


class Listed(Frozen):
    """Something a tracker listed.

    Attributes:
        id: of the project it is, for good.
        name: what patterns are about.
        mark: what it is known by.
        keys: what a source's table must say to read it.
    """

    id: str
    name: str
    mark: str
    keys: dict[str, Any]
    archived: bool = False
    fork: bool = False


class Listing(Frozen):
    """What one table of `[[discover]]` brought.

    Attributes:
        table: digest of what was asked.
        type: the source that was asked.
        fetched_at: when it last answered (UTC); None when it never did.
        tried_at: when it was last asked (UTC).
        reason: why it did not answer the last time; empty when it did.
        found: all it has, whatever the patterns say.
    """

    table: str
    type: str
    fetched_at: datetime | None = None
    tried_at: datetime
    reason: str = ""
    found: tuple[Listed, ...] = ()


class _Sheet(Frozen):
    listings: dict[str, Listing] = Field(default_factory=dict[str, Listing])


def asked(table: Discover) -> str:
    """Return a digest of what a table asks the tracker; patterns and flags are ours and not part of it."""
    return digest(table.type, table.rest)


def read(home: Path) -> Mapping[str, Listing]:
    """Return what was listed, by the digest of what was asked; nothing where the file cannot be read."""
    try:
        return _Sheet.model_validate_json((home / FILE_NAME).read_bytes()).listings
    except (OSError, ValidationError):
        return {}


def keep(home: Path, made: Iterable[Listing], current: Collection[str]) -> None:
    """Replace what was listed; what no table asks any more is dropped.

    Args:
        home: the state folder, which must exist.
        made: what was asked now.
        current: digests of all tables of the settings.
    """
    from scout.warehouse.freshness import replace_file

    file = home / FILE_NAME
    with alone(file):
        merged = {**read(home), **{one.table: one for one in made}}
        sheet = _Sheet(listings={name: one for name, one in merged.items() if name in current})
        replace_file(file, (json.dumps(sheet.model_dump(mode="json"), indent=1) + "\n").encode())


def wanted(table: Discover, found: Iterable[Listed]) -> tuple[Listed, ...]:
    """Return what a table takes: by name, whatever its case, without what is archived or a fork unless it says so."""
    return tuple(
        one
        for one in found
        if (table.archived or not one.archived)
        and (table.forks or not one.fork)
        and _matches(one.name, table.include)
        and not _matches(one.name, table.exclude)
    )


def mark(table: Discover, keys: Mapping[str, Any]) -> str:
    """Return what a listed thing is known by: its keys at its server, whoever asks with whatever token."""
    return digest(table.type, table.rest.get("url"), dict(keys))


def identified(found: Iterable[tuple[str, str]], before: Mapping[str, str], taken: Collection[str]) -> tuple[str, ...]:
    """Return an id for each thing that was found: the one it has, or one of its name that nobody has.

    Args:
        found: names and marks.
        before: ids by mark, from earlier listings.
        taken: ids that others have.
    """
    given: list[str] = []
    used = {*taken, *before.values()}
    for name, known_by in found:
        plain = slug(name)
        identity = before.get(known_by) or (plain if plain not in used else f"{plain}-{known_by[:4]}")
        used.add(identity)
        given.append(identity)
    return tuple(given)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)
