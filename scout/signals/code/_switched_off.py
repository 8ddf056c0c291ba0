"""Tests that are switched off in a repository for half a year, each with the commit that switched it off."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from scout.errors import UnavailableError
from scout.repository import FileClass
from scout.signals._base import View
from scout.signals._words import normalised
from scout.signals.code._commented import said
from scout.signals.code._skips import STUB, Skip, skips
from scout.text.comments import Comment

_OLD = timedelta(days=180)
_SUITE = re.compile(r"((?:[^/]+/)*?(?:tests?|specs?|e2e|__tests__|cypress|playwright))/", re.IGNORECASE)
_DEAD = timedelta(days=3 * 365)
"""A folder of tests in which nothing changed for so long belongs to a suite that is dead as a whole."""
_SUSPECT = re.compile(
    rb"mark\.(?:skip|xfail)\b|@(?:unittest\.|testtools\.)?(?:skip|expectedFailure)\b|skipTest\(|\.skip\(|\bt\.Skip|\bskip\("
    rb"|\bx(?:it|test|describe|context|specify|feature|scenario)\b|^[ \t]*(?:skip|pending)\b|\b(?:skip|pending):"
    rb"|,\s*:(?:skip|pending)\b",
    re.MULTILINE,
)
_LANGUAGES = re.compile(r"\.(?:py|rb|go|[cm]?[jt]sx?)$")
_MEANT = re.compile(
    r"\b(?:benchmark\w*|performance|manual(?:ly)?|requires?|needs?(?! (?:to|an? fix|work|fixing)\b)"
    r"|only (?:on|when|for|run)|platform|windows|macos"
    r"|darwin|locally|interactive|slow|long[- ]running|integration|credentials|api key|gpu|unsupported|by design"
    r"|abstract|not (?:supported|applicable|available)|base class|placeholder|n/?a|for debugging"
    r"|not a (?:real )?test|example|optional|not worth|net (?:drag|loss)|convenience|by choice|policy)\b",
    re.IGNORECASE,
)
_MEANT_BY_NAME = re.compile(
    r"\b(?:benchmark\w*|performance|manual(?:ly)?|slow|stress|interactive|placeholder|example)\b", re.IGNORECASE
)
_ON_PURPOSE = re.compile(
    r"\b(?:intentional\w*|deliberate\w*|on purpose|by design|manual(?:ly)?|keep (?:this|these) tests?)\b", re.IGNORECASE
)
_FRAMEWORK = re.compile(r"(?:^|/)(?:test_?)?(?:skip(?:p?ing)?|xfail)\w*\.\w+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """A test that is switched off, what comments say about it, and since when its mark stands there."""

    path: str
    text: str
    skip: Skip
    note: str
    sha: str
    since: datetime

    @property
    def reason(self) -> str:
        """Why it is switched off, as its mark or the comment at it says."""
        return self.skip.reason or self.note


def switched_off(view: View) -> Iterator[Place]:
    """Give the tests that are switched off without a condition, by path.

    Raises:
        UnavailableError: the age of none of them can be told.
    """
    candidates = untraced = 0
    for file in view.tree.search(_SUSPECT, lambda one: _LANGUAGES.search(one.path) is not None):
        if view.tree.file_class(file.path) is not FileClass.TEST or _FRAMEWORK.search(file.path):
            continue
        text = view.tree.text(file.path)
        if text is None or _suite(file.path) not in view.once(_alive):
            continue
        rows = text.split("\n")
        off = list(skips(file.path, text))
        remarks = said(view.tree, file.path, text) if off else ()
        found: dict[int, tuple[Skip, str]] = {}
        for skip in off:
            note, beside = _note(remarks, skip.line)
            named = _MEANT_BY_NAME.search(skip.name.replace("_", " "))
            if not named and not _MEANT.search(f"{skip.reason} {beside}") and not _ON_PURPOSE.search(note):
                found[skip.line] = (skip, note)
        if not found:
            continue
        since = view.history.text_since_many(file.path, tuple(found))
        candidates += len(found)
        untraced += len(found) - len(since)
        for line, (sha, at) in since.items():
            if view.now - at >= _OLD:
                skip, note = found[line]
                yield Place(file.path, rows[line - 1], skip, note, sha, at)
    if candidates and untraced == candidates:
        message = "The age of no mark could be told: contents of older commits are not in this clone."
        raise UnavailableError(message, "Use a clone with all its blobs.")


def _alive(view: View) -> frozenset[str]:
    """Return the suites in which something changed, was added or left within three years; all where nothing did."""
    recent = [one for one in view.history.changes if view.now - one.at < _DEAD]
    suites = {_suite(file.path) for change in recent for file in change.files}
    return frozenset(suites or map(_suite, view.tree.files))


def _suite(path: str) -> str:
    """Return the outermost folder of tests that a file belongs to, or its own folder."""
    folder = path.rpartition("/")[0]
    found = _SUITE.match(f"{folder}/")
    return found.group(1) if found else folder


def _note(remarks: tuple[Comment, ...], line: int) -> tuple[str, str]:
    """Return what comments say right above a line and on it, and what they say on it alone."""
    beside = next((one.text for one in remarks if one.line == line), "")
    above = next((one.text for one in remarks if one.alone and one.line + len(one.lines) == line), "")
    return re.sub(r"\s+", " ", f"{above} {beside}").strip(), beside


def decisions(same: Mapping[str, list[Place]]) -> dict[str, list[Place]]:
    """Return places by cause; what one commit switched off with the same short words, or without any, is one cause."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for cause, places in same.items():
        words = normalised(places[0].skip.reason)
        whole = cause == words or places[0].skip.reason == STUB or len({place.sha for place in places}) > 1
        kind = "fails" if places[0].skip.fails else "skipped"
        groups.setdefault((cause,) if whole else (places[0].sha, words, kind), []).append(cause)
    return {min(causes): [place for cause in causes for place in same[cause]] for causes in groups.values()}


def why(places: list[Place]) -> str:
    """Return why it matters that these are switched off, or were never written."""
    one = len(places) == 1
    if places[0].skip.reason == STUB:
        return (
            f"{'A file stands' if one else 'Files stand'} where tests belong, so everybody takes for tested what "
            "nothing tests, and reports count what was never written."
        )
    return (
        f"What {'this test was' if one else 'these tests were'} written to protect has been unprotected since then, "
        f"while reports count {'it' if one else 'them'} as known. A test that nobody runs for so long no longer fits "
        "the code and misleads whoever reads it."
    )
