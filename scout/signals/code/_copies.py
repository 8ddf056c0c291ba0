"""Two files of one name that were one once, and what was changed in one of them only."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from difflib import SequenceMatcher
from typing import NamedTuple

from scout.repository import Change, File, FileClass
from scout.repository.decoding import decoded
from scout.signals._base import View
from scout.signals._changes import SOURCE, units

_PERIOD = timedelta(days=730)
_FEWEST_LINES = 40
_MOST_BYTES = 300_000
_FEWEST_BYTES = 800
_UNLIKE = 2.5
_ALIKE = 0.6
_PAIR = 2
_FEWEST_CHARACTERS = 16
_ASIDE = re.compile(
    r"(?:^|/)(?:migrations?|migrate|versions?|v\d[\w.]*|legacy[\w-]*|[\w-]*deprecated|compat|old|admin)/"
)
_COMMON = re.compile(
    r"^(?:import|from|use|using|require|include|package|export \{|else|try|finally|end|#|//|\*|/\*|<!--|--)(?:\W|$)"
)
_WORD = re.compile(r"[A-Za-z_]\w{2,}")


class Missed(NamedTuple):
    """A change of one file that its copy did not get.

    Attributes:
        line: of the copy, counted from 1, that still says what the change took out.
        now: what the changed file says instead; empty when nothing.
    """

    change: Change
    line: int
    text: str
    now: str


class Copies(NamedTuple):
    """Two files of one name that are alike.

    Attributes:
        changed: the one that was changed.
        left: the one that was not.
        alike: the share of lines that are the same, 0..1.
        missed: the newest first.
    """

    changed: str
    left: str
    alike: float
    missed: tuple[Missed, ...]


def copies(view: View) -> Iterator[Copies]:
    """Give the pairs of files in two folders of which one did not get what the other got within two years."""
    recent = {unit.sha: unit for unit in units(view, view.now - _PERIOD)}
    touched = {file.path for unit in recent.values() for file in unit.files}
    for one, other in _pairs(view):
        if one.path not in touched and other.path not in touched:
            continue
        ours, theirs = _text(view, one.path), _text(view, other.path)
        alike = _alike(ours, theirs)
        if not _ALIKE <= alike < 1:
            continue
        for changed, left, now in ((one.path, other.path, theirs), (other.path, one.path, ours)):
            missed = tuple(_missed(view, changed, left, now, recent))
            if missed:
                yield Copies(changed, left, alike, missed)


def _pairs(view: View) -> Iterator[tuple[File, File]]:
    by_name: dict[str, list[File]] = defaultdict(list)
    for path, file in view.tree.files.items():
        if SOURCE.search(path) and not _ASIDE.search(path):
            by_name[path.rpartition("/")[2]].append(file)
    for _, files in sorted(by_name.items()):
        if len(files) != _PAIR or files[0].blob == files[1].blob:
            continue
        sizes = [file.size or 0 for file in files]
        if not _FEWEST_BYTES <= min(sizes) <= max(sizes) <= min(_MOST_BYTES, int(_UNLIKE * min(sizes))):
            continue
        if all(view.tree.file_class(file.path) is FileClass.CODE for file in files):
            yield files[0], files[1]


def _text(view: View, path: str) -> list[str]:
    return (view.tree.text(path) or "").replace("\r\n", "\n").split("\n")


def _alike(ours: list[str], theirs: list[str]) -> float:
    one, other = ([row.strip() for row in rows if row.strip()] for rows in (ours, theirs))
    if min(len(one), len(other)) < _FEWEST_LINES:
        return 0
    shared = (Counter(one) & Counter(other)).total()
    if 2 * shared < _ALIKE * (len(one) + len(other)):
        return 0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _missed(view: View, changed: str, left: str, now: list[str], recent: dict[str, Change]) -> Iterator[Missed]:
    elsewhere = {change.sha for change in view.history.touching(left)}
    first = view.history.first_seen(left)
    there = {row.strip(): number for number, row in reversed(list(enumerate(now, start=1)))}
    kept = {row.strip() for row in _text(view, changed)}
    for change in view.history.touching(changed):
        if change.sha not in recent or change.sha in elsewhere or (first and change.at <= first.at):
            continue
        removed, added = _difference(view, change, changed)
        for row, instead in _replaced(removed, added):
            if row in there and row not in kept and instead in kept and instead not in there:
                yield Missed(change, there[row], now[there[row] - 1], instead)
                break


def _difference(view: View, change: Change, path: str) -> tuple[list[str], list[str]]:
    """Return the lines that a change took out of a file and put in, as two texts of equal places."""
    origin = view.history.origin(path)
    file = next((one for one in change.files if path == one.path or view.history.origin(one.path) == origin), None)
    if file is None or not file.before or not file.after:
        return [], []
    texts = [decoded(raw) or "" if (raw := view.blob(name)) else "" for name in (file.before, file.after)]
    before, after = ([row.strip() for row in text.split("\n")] for text in texts)
    return before, after


def _replaced(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    """Give the lines of a text that say something and that others took the place of."""
    for what, start, end, begin, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "replace":
            new = [row for row in after[begin:stop] if _is_telling(row)]
            yield from ((row, new[0]) for row in before[start:end] if new and _is_telling(row))


def _is_telling(row: str) -> bool:
    return len(row) >= _FEWEST_CHARACTERS and not _COMMON.match(row) and len(set(_WORD.findall(row))) > 1
