"""What documentation says about single files of code: which it names, and which names of theirs it uses."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from scout.repository import Change, FileClass
from scout.repository.decoding import decoded
from scout.signals._base import View
from scout.signals._changes import SOURCE, kind, named_now
from scout.signals._markdown import Page, page
from scout.signals._pages import Pages
from scout.signals._paths import joined
from scout.signals.knowledge import _restructured

_PATH = re.compile(r"(?<![\w./@:~$%+-])(?:\./)?((?:[A-Za-z0-9_.][\w.-]*/)*[\w.-]*\w\.[a-z]{1,6})(?![\w/*(-])")
_NAME = re.compile(r"(?<![\w./-])([A-Za-z_]\w{5,})(?![\w/-]|\.\w)")
_TELLING = re.compile(r"[a-z0-9]_[a-z0-9]|[a-z][A-Z]|[A-Z][a-z]+[A-Z]")
_PLAIN = re.compile(
    r"(?:^|/)(?:settings|config\w*|urls|routes|conftest|__init__|setup|manage|index|main|constants)\.\w+$"
)
_SWEEP = re.compile(
    r"\b(?:format\w*|lint\w*|typos?|links?|prettier|black|spelling|licen[cs]e|copyright|rename\w*)\b", re.IGNORECASE
)


_COMMENT = re.compile(r"<!--.*?-->|^\.\. (?!\w+::|_).*$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"[\w/-]\.(?:py|rb|go|[cm]?[jt]sx?|java|rs|php)\b")


class Named(NamedTuple):
    """A file of code that a page names, with a word of it that is gone.

    Attributes:
        line: of the page where the word stands, counted from 1.
        word: which the file had when the page was written, and which the tree has no more.
        changes: of the file since, that changed its behaviour and were no fixes, newest first.
    """

    path: str
    line: int
    text: str
    word: str
    changes: tuple[Change, ...]


class Aged(NamedTuple):
    """A page that has not kept up.

    Attributes:
        written: the last change of its meaning.
    """

    path: str
    written: Change
    named: tuple[Named, ...]


def aged(view: View, until: datetime, fewest: int) -> Iterator[Aged]:
    """Give the pages last written before a moment that name code which changed often since, and words that are gone.

    Args:
        view: what to look at.
        until: the page was written before it.
        fewest: changes of a file that count as often.
    """
    pages = [
        (path, written) for path in Pages(view.tree).current(restructured=True) if (written := _written(view, path))
    ]
    old = [(path, written) for path, written in pages if written.at <= until]
    if not old:
        return
    changed = _changed(view, min(written.at for _, written in old))
    found: list[tuple[str, Change, list[Named]]] = []
    for path, written in old:
        text = view.tree.text(path)
        if text is None:
            continue
        read = _restructured.page(text) if _restructured.is_restructured(path) else page(text)
        named = list(_named(view, path, read, written, changed, fewest))
        if named:
            found.append((path, written, named))
    gone = _gone(view, {one.word for _, _, named in found for one in named})
    for path, written, named in found:
        lost = tuple(one for one in named if one.word in gone)
        if lost:
            yield Aged(path, written, lost)


def _written(view: View, path: str) -> Change | None:
    """Return the newest change of what a page says: no sweep, no program's, none of its name, looks or comments."""
    origin = view.history.origin(path)
    for change in view.history.touching(path):
        if change.bot or len(change.files) > 60 or _SWEEP.search(change.title):  # noqa: PLR2004 a sweep has more
            continue
        file = next((one for one in change.files if one.path == path or view.history.origin(one.path) == origin), None)
        if file is None or _said(view, file.before) != _said(view, file.after):
            return change
    return None


def _said(view: View, blob: str) -> tuple[str, ...]:
    """Return the words of a page, without comments and what is only for looks."""
    raw = view.blob(blob) if blob else None
    text = (decoded(raw) or "") if raw else ""
    return tuple(re.findall(r"\w+", _COMMENT.sub("", text)))


def _changed(view: View, since: datetime) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for change, paths in named_now(view, since):
        said = kind(change.title)
        if not (said.is_fix or said.is_polish or said.is_revert):
            for path in paths:
                found.setdefault(path, []).append(change)
    return found


def _named(  # noqa: PLR0913, PLR0917 a page and what is known of the code
    view: View, path: str, read: Page, written: Change, changed: dict[str, list[Change]], fewest: int
) -> Iterator[Named]:
    seen: set[str] = set()
    spans = [code for code in read.code if code.fence == 0]
    targets = [written_as for code in spans for written_as in _PATH.findall(code.text)]
    targets += [link.target for link in read.links if "://" not in link.target]
    for target in dict.fromkeys(targets):
        code = next((one for one in (target, joined(path.rpartition("/")[0], target)) if one in view.tree.files), None)
        if code is None or code in seen or not SOURCE.search(code) or _PLAIN.search(code):
            continue
        seen.add(code)
        since = tuple(one for one in changed.get(code, ()) if one.at > written.at)
        if len(since) < fewest or view.tree.file_class(code) is not FileClass.CODE:
            continue
        then, now = _words(_before(view, code, written)), _words(view.tree.text(code) or "")
        for span in spans:
            words = [word for word in _NAME.findall(span.text) if _TELLING.search(word)]
            for word in words:
                if word in then and word not in now:
                    yield Named(code, span.line, read.lines[span.line - 1], word, since)


def _before(view: View, path: str, written: Change) -> str:
    """Return what a file said when the page was written."""
    oldest = None
    for change in view.history.touching(path):
        if change.at <= written.at:
            break
        oldest = change
    files = oldest.files if oldest is not None else ()
    origin = view.history.origin(path)
    file = next((one for one in files if one.path == path or view.history.origin(one.path) == origin), None)
    raw = view.blob(file.before) if file is not None and file.before else None
    return (decoded(raw) or "") if raw else ""


def _words(text: str) -> frozenset[str]:
    return frozenset(_NAME.findall(text)) | frozenset(re.findall(r"\w{6,}", text))


def _gone(view: View, words: set[str]) -> frozenset[str]:
    """Return those of some words that no file but documentation has."""
    if not words:
        return frozenset()
    pattern = re.compile(b"|".join(re.escape(word.encode()) for word in sorted(words)))
    there: set[str] = set()
    for file in view.tree.search(pattern, lambda _: True):
        if view.tree.file_class(file.path) is not FileClass.DOCS:
            there.update(one.decode() for one in pattern.findall(view.tree.content(file.path)))
    return frozenset(words - there)
