"""What each commit of the default branch touches: code, tests, migrations, and whether tests are a rule there."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from scout.repository import Change, FileChange, Repository, Tag
from scout.repository.decoding import decoded
from scout.signals.at_once import runs
from scout.signals.behaviour import VERSION, Texts, working_lines
from scout.signals.landed_migrations import edited
from scout.signals.routine import is_routine
from scout.warehouse.tables.flow import PATHS

FLAGS = ("code", "tests", "docs", "changelog", "migration_added", "migration_edited")
RECENT = timedelta(days=3 * 365)
"""For so long contents are read, and tests asked for: as scouts compare four quarters with the eight before."""
LEAST = 5
"""Lines that do something, from which on tests are due."""
_SWEEP = 60
_MANY, _RULE = 10, 0.6
_ALIKE = {
    "script": {"js", "cjs", "mjs", "ts", "cts", "mts", "vue", "svelte"},
    "component": {"jsx", "tsx"},
    "jvm": {"java", "kt", "scala", "groovy"},
    "c": {"c", "cc", "cpp", "h", "hpp"},
    "elixir": {"ex", "exs"},
}
"""Endings of languages that test each other."""
_Place = tuple[str, str]
_PATTERNS = {name: re.compile(pattern) for name, pattern in PATHS.items()}


class Touched(NamedTuple):
    """What a commit touches.

    Attributes:
        flags: by the names of `FLAGS`.
        paths: files of code.
        tested: languages of tests.
        wanted: whether tests in other files are due for what it touches, by names alone; of the last three years, also
            whether they are a rule there.
        lines: how many lines of that may do something; -1 where it was not read.
        working: how many lines of all its code may do something; -1 where it was not read.
    """

    flags: Mapping[str, bool]
    paths: tuple[str, ...]
    tested: frozenset[str]
    wanted: bool
    lines: int = -1
    working: int = -1


def touched(
    repository: Repository, changes: Sequence[Change], releases: Sequence[Tag], now: datetime
) -> dict[str, Touched]:
    """Return what commits touch, by their names.

    Args:
        repository: for contents.
        changes: of the main line, newest first.
        releases: oldest first.
        now: the present moment.
    """
    wrong = edited(reversed(changes), _is_migration, repository.objects.read, releases)
    plain = {change.sha: _by_names(change, edits=change.sha in wrong) for change in changes}
    recent = [change for change in changes if now - change.at <= RECENT]
    return plain | _by_contents(repository, recent, plain)


def _is_ours(path: str) -> bool:
    return _PATTERNS["foreign"].search(path) is None


def _is_migration(path: str) -> bool:
    return bool(_PATTERNS["migration"].search(path)) and not _PATTERNS["tests"].search(path) and _is_ours(path)


def _is_code(path: str) -> bool:
    others = ("tests", "docs", "migration", "build")
    return bool(_PATTERNS["code"].search(path)) and not any(_PATTERNS[name].search(path) for name in others)


def _by_names(change: Change, *, edits: bool) -> Touched:
    files = [file for file in change.files if _is_ours(file.path)]
    paths = [file.path for file in files]
    code = tuple(path for path in paths if _is_code(path))
    flags = {
        "code": bool(code),
        **{name: any(map(_PATTERNS[name].search, paths)) for name in ("tests", "docs", "changelog")},
        "migration_added": any(file.status == "A" and _is_migration(file.path) for file in files),
        "migration_edited": edits,
    }
    tested = frozenset(_language(path) for path in paths if _PATTERNS["tests"].search(path))
    return Touched(flags, code, tested, wanted=any(not _PATTERNS["aside"].search(path) for path in code))


def _due(change: Change) -> tuple[FileChange, ...]:
    """Return the files of a commit for which tests in other files are due, by their names; none of sweeps."""
    if len(change.files) > _SWEEP or change.bot:
        return ()
    return tuple(
        file
        for file in change.files
        if file.status != "D"
        and _is_ours(file.path)
        and _is_code(file.path)
        and not _PATTERNS["aside"].search(file.path)
    )


def _by_contents(repository: Repository, changes: Sequence[Change], plain: Mapping[str, Touched]) -> dict[str, Touched]:
    """Return what commits touch, with how much of it may do something, where tests are a rule.

    Those whose contents are not in this copy have all their files, and no number.
    """
    due = {change.sha: _due(change) for change in changes}

    def ask(sha: str) -> dict[str, int] | None:
        texts = [_texts(repository, file) for file in due[sha]]
        return None if None in texts else working_lines(one for one in texts if one is not None)

    read: dict[str, dict[str, int]] = repository.told(
        f"working lines {VERSION}", [sha for sha, files in due.items() if files], ask
    )
    working = {sha: read.get(sha, {file.path: LEAST for file in files}) for sha, files in due.items()}
    ruled = _ruled(changes, plain, working)
    found: dict[str, Touched] = {}
    for sha, files in working.items():
        lines = sum(n for path, n in files.items() if ruled(path))
        told = {"lines": lines, "working": sum(files.values())} if sha in read or not files else {}
        found[sha] = plain[sha]._replace(wanted=lines > 0, **told)
    return found


def _texts(repository: Repository, file: FileChange) -> Texts | None:
    sides: list[str] = []
    for blob in (file.before, file.after):
        content = repository.objects.read(blob) if blob else b""
        if content is None:
            return None
        sides.append(decoded(content) or "")
    return Texts(file.path, *sides)


def _ruled(
    changes: Sequence[Change], plain: Mapping[str, Touched], working: Mapping[str, Mapping[str, int]]
) -> Callable[[str], bool]:
    """Return what says whether a file stands where three of five changes come with tests in its language.

    A place is the innermost folder around a file in which ten changes touched files of its language; without any it is
    the whole project.
    """
    asked, kept = Counter[_Place](), Counter[_Place]()
    for run in runs(changes):
        files = {path for one in run if not is_routine(one.title) for path in _much(working[one.sha])}
        places = {place for path in files for place in _around(path)}
        tested = {language for one in run for language in plain[one.sha].tested}
        asked.update(places)
        kept.update(place for place in places if place[1] in tested)

    @cache
    def ruled(path: str) -> bool:
        place = next((one for one in _around(path) if asked[one] >= _MANY), None)
        return place is not None and kept[place] >= _RULE * asked[place]

    return ruled


def _much(files: Mapping[str, int]) -> Iterable[str]:
    return files if sum(files.values()) >= LEAST else ()


def _around(path: str) -> list[_Place]:
    """Return the folders around a file, innermost first and the whole project at last, each with its language."""
    folder, language = path.rpartition("/")[0], _language(path)
    found: list[_Place] = []
    while folder:
        found.append((folder, language))
        folder = folder.rpartition("/")[0]
    return [*found, ("", language)]


def _language(path: str) -> str:
    ending = path.rpartition(".")[2]
    return next((name for name, endings in _ALIKE.items() if ending in endings), ending)
