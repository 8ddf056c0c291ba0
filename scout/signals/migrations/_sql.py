"""Migrations in SQL: Flyway's, and those of runners that take numbered files from a folder."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scout.repository import Change, History
from scout.signals.migrations._graph import Chain, Migration, System

FLYWAY = re.compile(r"^V(?P<version>\d+(?:[._]\d+)*)__(?P<title>[^/]*)\.(?:sql|java|kt)$")
PLAIN = re.compile(r"^(?P<version>\d+)[_-](?P<title>[^/]*?)(?P<way>\.(?:up|down|do|undo))?\.sql$", re.IGNORECASE)
_FOLDER = re.compile(r"(?:^|/)(?:[\w.-]*migrat(?:e|es|ion|ions)[\w.-]*)(?:/|$)", re.IGNORECASE)
_BACKWARDS = frozenset({".down", ".undo"})
_A_DATE = 8
_FEW = 3


def read(path: str) -> tuple[System, Migration] | None:
    """Return the migration that a file's name says it is."""
    folder, _, name = path.rpartition("/")
    found = FLYWAY.match(name)
    if found:
        version = canonical(found.group("version"))
        return System.FLYWAY, Migration(path, version, version, title=found.group("title").lower())
    found = PLAIN.match(name)
    if found is None or not _FOLDER.search(folder):
        return None
    if (found.group("way") or "").lower() in _BACKWARDS:
        return None
    version = canonical(found.group("version"))
    return System.SQL, Migration(path, version, version, title=found.group("title").lower())


def canonical(version: str) -> str:
    """Return a version as Flyway compares it: `1_0`, `01` and `1` are the same."""
    parts = [part.lstrip("0") or "0" for part in re.split(r"[._]", version)]
    while len(parts) > 1 and parts[-1] == "0":
        parts.pop()
    return ".".join(parts)


@dataclass(frozen=True, slots=True)
class Gap:
    """A number that was there once.

    Attributes:
        number: what is missing.
        path: the file that had it.
        deleted: the change that took it away.
        before: the migration before it.
        after: the migration after it.
    """

    number: str
    path: str
    deleted: Change
    before: Migration
    after: Migration


def gaps(chain: Chain, history: History) -> Iterator[Gap]:
    """Give the numbers that are missing in a row, and that a file had which was deleted by itself.

    A number that never was is none: people skip them. A change that deletes more than three is a squash.
    """
    whole = sorted((one for one in chain.migrations if is_counted(one)), key=lambda one: (int(one.name), one.path))
    pairs = [(one, other) for one, other in pairwise(whole) if int(other.name) - int(one.name) in range(2, _FEW + 2)]
    once = _once_there(history, chain.folder) if pairs else dict[str, Sequence[str]]()
    for before, after in pairs:
        for number in map(str, range(int(before.name) + 1, int(after.name))):
            gone = _deleted(history, once.get(number, ()))
            if gone:
                yield Gap(number, *gone, before, after)


def is_counted(one: Migration) -> bool:
    """Say whether a migration's number counts: it is no date and no time."""
    return one.name.isdecimal() and len(one.name) < _A_DATE


def _deleted(history: History, paths: Sequence[str]) -> tuple[str, Change] | None:
    """Return the last file of a number and the change that deleted it, for good and not as one of many."""
    for path in paths:
        change = history.deleted(path)
        if change is None:
            continue
        same = [file for file in change.files if file.path == path and file.status == "D"]
        many = [file for file in change.files if file.status == "D" and read(file.path)]
        brought = [file for file in change.files if file.status in {"A", "R"} and read(file.path)]
        if same and len(many) <= _FEW and not brought:
            return path, change
    return None


def _once_there(history: History, folder: str) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for change in history.changes:
        for file in change.files:
            if file.path.rpartition("/")[0] == folder and (one := read(file.path)):
                names = found.setdefault(one[1].number or "", [])
                if file.path not in names:
                    names.append(file.path)
    return found
