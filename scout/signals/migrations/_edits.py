"""Edits of migrations that were merged before: found in history, kept when what the migration does was changed."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Literal
from weakref import WeakKeyDictionary

from scout.repository import Change, FileChange, Tag, Tree
from scout.repository.decoding import decoded
from scout.signals._base import View
from scout.signals.migrations._all import Migrations, is_migration
from scout.signals.migrations._graph import Chain, Migration
from scout.signals.migrations._meaning import Meaning, changed, goes_back, meaning, new_guards

SETTLED = timedelta(days=2)
"""Age from which on a migration may have been applied by others."""
RECENT = timedelta(days=731)
MOST_MIGRATIONS = 8
"""Migrations of a change beyond which it is a sweep."""
_MOST_TAGS = 6
_LONG_AGO = 730
_SQUASHED = 3
_SQUASH = re.compile(
    r"\b(?:squash(?:ed|es|ing)?|consolidat\w+|collaps\w+|reset\w*) (?:\S+ ){0,3}migrations?\b", re.IGNORECASE
)
_LINT = r"lint\w*|ruff|flake8|pylint|black|isort|pyupgrade|rubocop|mypy|semgrep|codemod|pre-commit|warnings?"
_POLISH = re.compile(rf"\b(?:{_LINT}|optimi[sz]\w*|perf(?:ormance)?|faster|speed\w*)\b", re.IGNORECASE)
_LOOKS = re.compile(rf"\b(?:{_LINT})\b", re.IGNORECASE)
_OTHER = re.compile(
    r"\b\d{3,14}_[a-z]\w{3,}|\bmigrations? [`'\"#]?\d{4,14}\b|\brevisions? [`'\"]?[0-9a-f]{10,12}\b", re.IGNORECASE
)
"""Names of migrations in remarks."""
_WORD = re.compile(r"\w+")
_TAKES_AWAY = re.compile(r"remove|drop|delete|alter|rename", re.IGNORECASE)
_RECONCILES = re.compile(
    r"\bmatch(?:es|ing)? (?:\w+ ){0,2}(?:production|prod|live)\b"
    r"|\b(?:new|fresh) (?:environments?|databases?|installs?|installations?|deployments?|set-?ups?)\b",
    re.IGNORECASE,
)
"""Titles of edits that bring what a fresh database gets in line with what the others have."""
RELEASE = re.compile(
    r"^(?:[\w.-]*[-_/])?[a-z]{0,10}\d+(?:\.\d+)+(?!.*(?:rc|alpha|beta|dev))|^v\d+$|^release[-_/]?\d", re.IGNORECASE
)

_MEANINGS: "WeakKeyDictionary[Tree, dict[tuple[str, str], Meaning | None]]" = WeakKeyDictionary()

Kind = Literal["schema", "content", "guard"]


@dataclass(frozen=True)
class Edit:
    """One edit of one migration.

    Attributes:
        kind: what it changed: operations, what they write, or guards that it added.
        change: the change that made it.
        guards: the guards that it added.
        takes_away: whether it brought nothing in place of what it took away.
    """

    kind: Kind
    change: Change
    guards: tuple[str, ...] = ()
    takes_away: bool = False


@dataclass(frozen=True)
class Edited:
    """A merged migration and its edits.

    Attributes:
        chain: where it belongs.
        migration: as it is now.
        first: the change that merged it.
        edits: newest first.
        release: a release tag between the merge and the newest edit, or None.
    """

    chain: Chain
    migration: Migration
    first: Change
    edits: tuple[Edit, ...]
    release: Tag | None

    @cached_property
    def cause(self) -> tuple[str, ...]:
        """The edits' changes: migrations that were edited by the same changes have one cause."""
        return tuple(edit.change.sha for edit in self.edits)


def steps(view: View, path: str) -> list[tuple[Change, FileChange]]:
    """Return the changes of a file under all its names, newest first, each with what it did to the file."""
    found: list[tuple[Change, FileChange]] = []
    name = path
    for change in view.history.touching(path):
        file = next((one for one in change.files if one.path == name), None)
        if file is None:
            break
        found.append((change, file))
        name = file.old_path or name
    return found


class Edits:
    """The edits of merged migrations that a view shows.

    Attributes:
        unread: how many edits could not be read: their contents are not in this copy.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._meanings = _MEANINGS.setdefault(view.tree, {})
        self._swept: dict[str, bool] = {}
        self.unread = 0
        self.read = 0

    def of_kind(self, *kinds: Kind, within: timedelta | None = None) -> Iterator[Edited]:
        """Give the migrations with edits of some kinds, not older than `within`, by path."""
        for chain in Migrations.of(self._view).chains:
            for migration in chain.migrations:
                trail = steps(self._view, migration.path)
                if len(trail) < 2:  # noqa: PLR2004 brought in, and edited
                    continue
                first = trail[-1][0]
                late = [one for one in trail[:-1] if self._is_late(first, *one, within)]
                edits = tuple(edit for edit in self._edits(migration.path, late, first) if edit.kind in kinds)
                if edits:
                    newest = late[0][1]
                    name = newest.old_path or migration.path
                    release = release_between(self._view, name, first, edits[0].change, newest.after)
                    yield Edited(chain, migration, first, edits, release)

    def _is_late(self, first: Change, change: Change, file: FileChange, within: timedelta | None) -> bool:
        """Say whether others may have applied what a change edits: after some days, or when it was released."""
        if change.at > self._view.now or (within is not None and self._view.now - change.at > within):
            return False
        if change.sha not in self._swept:
            self._swept[change.sha] = is_sweep(change)
        if self._swept[change.sha]:
            return False
        name = file.old_path or file.path
        if change.at - first.at >= SETTLED:
            return True
        return release_between(self._view, name, first, change, file.after) is not None

    def _edits(self, path: str, late: list[tuple[Change, FileChange]], first: Change) -> Iterator[Edit]:
        """Give the edits that changed something and were not taken back later, newest first."""
        undone: set[str] = set()
        for change, file in late:
            if file.before == file.after or not file.before or not file.after:
                continue
            before, after = self._meaning(path, file.before), self._meaning(path, file.after)
            if before is None or after is None:
                continue
            if before.whole == after.whole:
                continue
            if after.whole in undone:
                undone.add(before.whole)
                continue
            undone |= self._taken_back(path, late, change, after)
            newer = brought(self._view.blob, change, file.path)
            edit = judged(change, (before, after), (change.at - first.at).days, newer)
            if edit is not None and after.whole not in undone:
                yield edit

    def _taken_back(self, path: str, late: list[tuple[Change, FileChange]], change: Change, after: Meaning) -> set[str]:
        """Return the meanings between an earlier state and this one, when this one is the earlier state again."""
        between: set[str] = set()
        older = [file for one, file in late if one.at < change.at or one.sha == change.sha]
        for file in older:
            before = self._meaning(path, file.before) if file.before else None
            if before is None:
                break
            if before.whole == after.whole:
                return between | {after.whole}
            between.add(before.whole)
        return set()

    def _meaning(self, path: str, blob: str) -> Meaning | None:
        key = (path.rpartition(".")[2], blob)
        if key not in self._meanings:
            content = self._view.blob(blob)
            if content is None:
                self.unread += 1
                return None
            text = decoded(content)
            self._meanings[key] = meaning(path, text) if text is not None else None
        self.read += self._meanings[key] is not None
        return self._meanings[key]


def release_between(view: View, path: str, first: Change, last: Change, after: str = "") -> Tag | None:
    """Return a release between two changes that had a migration, under the name `path`; None when there is none.

    Args:
        view: of the repository.
        path: what the migration was called then.
        first: the change that merged it.
        last: the change that edited it.
        after: name of the content that it got: a release that has it already, say of a hot fix, is none from before.
    """
    between = [tag for tag in view.tags if first.at < tag.at < last.at and RELEASE.search(tag.name)]
    if not path.isascii() or "\n" in path:
        return None
    edited = view.blob(after) if after else None
    for tag in between[: -_MOST_TAGS - 1 : -1]:
        content = view.blob(f"{tag.sha}:{path}")
        if content is not None and content != edited:
            return tag
    return None


def is_sweep(change: Change) -> bool:
    """Say whether a change rewrites migrations as a body: very many of them, or a squash."""
    own = [file for file in change.files if is_migration(file.path)]
    gone = sum(file.status == "D" for file in own)
    edited = sum(file.status != "A" for file in own)
    return edited - gone > MOST_MIGRATIONS or gone >= _SQUASHED or is_squash(change)


def is_squash(change: Change) -> bool:
    """Say whether a change says that it puts migrations together."""
    return _SQUASH.search(change.title) is not None


def brought(blob: Callable[[str], bytes | None], change: Change, path: str) -> list[str]:
    """Return the texts of the newer migrations that a change brings beside one that it edits."""
    folder, _, name = path.rpartition("/")
    beside = [one for one in change.files if one.status == "A" and one.path.rpartition("/")[0] == folder]
    newer = [one for one in beside if one.path.rpartition("/")[2] > name and is_migration(one.path)]
    return [decoded(blob(one.after) or b"") or "" for one in newer]


def _reconciles(before: Meaning, after: Meaning, newer: list[str]) -> bool:
    """Say whether newer migrations do the rest for databases that had one before its edit.

    What an edit only takes away, one of them has to take away as well.
    """
    old, new = (Counter(_WORD.findall(one.whole)) for one in (before, after))
    return bool(newer) and (bool(new - old) or any(map(_TAKES_AWAY.search, newer)))


def judged(change: Change, meanings: tuple[Meaning, Meaning], days: int, newer: list[str]) -> Edit | None:
    """Return what an edit did.

    Passed over are texts and rows of migrations that everybody applied long ago, edits for a linter's sake where the
    language says no more, those that bring or name the migration which brings older databases in line, and guards with
    which the way back was changed: what it leaves is met on the way forth again.
    """
    before, after = meanings
    guards = new_guards(before, after)
    if guards:
        return None if goes_back(before, after) else Edit("guard", change, tuple(guards))
    if _reconciles(before, after, newer) or _RECONCILES.search(change.title):
        return None
    if any(map(_OTHER.search, after.remarks - before.remarks)):
        return None
    match changed(before, after, days):
        case "schema" if before.facts is not None or not _LOOKS.search(change.title):
            old, new = (Counter(_WORD.findall(one.whole)) for one in meanings)
            return Edit("schema", change, takes_away=not new - old)
        case "content" if days < _LONG_AGO and not _POLISH.search(change.title):
            return Edit("content", change)
        case _:
            return None
