"""What failed in a project, and by what it can be told to be the same failure as in another."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from scout.model import Evidence
from scout.repository import Change, File, FileClass
from scout.signals._base import View
from scout.signals._changes import bare_title, kind, touches, units
from scout.signals._evidence import at_change, at_line
from scout.signals._words import normalised
from scout.text.comments import comments, may_have_comments

_PERIOD = timedelta(days=730)
_PRODUCT = (FileClass.CODE, FileClass.CONFIG, FileClass.OTHER)
_ERROR = re.compile(
    r"\b[A-Z][A-Za-z]+(?:Error|Exception|Violation|Refused|NotFound|Overflow)\b"
    r"|\b(?:ECONN\w+|ENO\w+|EPIPE|ETIMEDOUT|EACCES)\b"
    r"|\bSIG[A-Z]{3,}\b|\bCVE-\d{4}-\d+|\b(?:HTTP|status) (?:4[0-3]\d|50[0-4])\b"
)
_ANY_PROGRAM = """
KeyError ValueError TypeError AttributeError IndexError NameError RuntimeError ImportError AssertionError
NullPointerException OSError IOError NoMethodError
"""
_PLAIN = frozenset(_ANY_PROGRAM.split())
_QUOTED = re.compile(r"(?<!\w)['\"`]([^'\"`]{12,80})['\"`](?!\w)")
_ROUTINE = re.compile(
    r"\b(?:bump\w*|updat\w+|upgrad\w+|releas\w+|version\w*|change-?logs?|sync\w*|backport\w*|depend\w*|deps|lock\w*|merge\w*"
    r"|revert\w*|rename\w*|clean\w*|refactor\w*|wip|minor|small|misc\w*|various|tests?|ci|build|workflow\w*|flak\w+)\b",
    re.IGNORECASE,
)
_TERM = re.compile(r"[a-z][a-z0-9_]{2,}")
_SAYS_LITTLE = """
the and for from with when while not are was its this that again fix fixes fixed fixing bug issue error errors problem
hotfix some all our use using add added handle handling make makes avoid prevent correct incorrect wrong invalid missing
properly broken support after before without into only also raise raised raises
"""
_SMALL = frozenset(_SAYS_LITTLE.split())
_HARM = re.compile(
    rb"work-?\s?around|broken|\bbug\b|\bhack\b|regression|\bcrash|\bfails?\b|\bincompatible|\bbreaks?\b", re.IGNORECASE
)
_REPORT = re.compile(
    r"https?://(?P<place>[\w.-]+/[\w./-]*?(?:issues?|pull|merge_requests|browse|ticket|bugs?|show_bug\.cgi\?id=)"
    r"[/=]?[A-Z0-9-]*\d+)\b"
)
_REPORT_BYTES = re.compile(rb"https?://[^\s)>\"']*\d")
_FEWEST_WORDS = 3
_ALIKE = 0.75
_WRITTEN = frozenset({FileClass.CODE, FileClass.CONFIG, FileClass.TEST})


class Failure(NamedTuple):
    """Something that failed.

    Attributes:
        keys: what makes it the same as another: one equal key is enough.
        words: what is said about it beside the key's error.
        said: in the project's own words, one line.
        at: when it was repaired; None for a comment.
        contents: names of the contents that came of it, or that it stands in.
    """

    keys: tuple[str, ...]
    words: frozenset[str]
    said: str
    at: datetime | None
    evidence: Evidence
    path: str
    contents: frozenset[str]


def failures(view: View) -> tuple[Failure, ...]:
    """Return the failures that fixes of two years and comments in the tree tell of, newest fixes first."""
    return (*_repaired(view), *_worked_around(view))


def _repaired(view: View) -> Iterator[Failure]:
    for change in units(view, view.now - _PERIOD):
        plain = bare_title(change.title)
        said = kind(plain)
        if not said.is_fix or said.is_polish or said.is_revert or _ROUTINE.search(plain):
            continue
        if touches(view, change, *_PRODUCT) and (keys := tuple(_keys(plain))):
            contents = frozenset(file.after for file in change.files if file.after)
            words = _words(_ERROR.sub(" ", plain))
            yield Failure(keys, words, plain, change.at, at_change(change), _path(view, change), contents)


def _keys(plain: str) -> Iterator[str]:
    for error in _ERROR.findall(plain):
        yield f"error {error}"
    for quoted in _QUOTED.findall(plain):
        if len(normalised(quoted).split()) >= _FEWEST_WORDS:
            yield f"text {normalised(quoted)}"
    if len(words := _words(plain)) >= _FEWEST_WORDS:
        yield from (f"word {word}" for word in sorted(words))


def _words(plain: str) -> frozenset[str]:
    prefixless = re.sub(r"^(?:\[[^\]]*\]\s*)?(?:[\w./-]+(?:\([^)]*\))?!?:\s+)?", "", plain.lower())
    return frozenset(word.removesuffix("s") for word in _TERM.findall(prefixless) if word not in _SMALL)


def _path(view: View, change: Change) -> str:
    there = [file.path for file in change.files if view.tree.exists(file.path)]
    return next((path for path in there if view.tree.file_class(path) in _PRODUCT), ".")


def _worked_around(view: View) -> Iterator[Failure]:
    def may_tell(file: File) -> bool:
        return may_have_comments(file.path)

    for file in view.tree.search(_HARM, may_tell):
        raw = view.tree.content(file.path)
        if not _REPORT_BYTES.search(raw) or view.tree.file_class(file.path) not in _WRITTEN:
            continue
        text = view.tree.text(file.path) or ""
        rows = text.replace("\r\n", "\n").split("\n")
        for comment in comments(file.path, text):
            found = _REPORT.search(comment.text)
            if found and _HARM.search(comment.text.encode()):
                line = comment.line_of(found.start())
                keys = (f"report {found['place'].lower().replace('/pull/', '/issues/')}",)
                said = " ".join(comment.text.split())
                evidence = at_line(file.path, line, rows[line - 1])
                yield Failure(keys, frozenset(), said, None, evidence, file.path, frozenset({file.blob}))


def is_same(key: str, one: Failure, other: Failure) -> bool:
    """Say whether two failures with an equal key are the same.

    The same error needs words in common as well, two where any program may raise it; where no error is named, most of
    the words have to be the same.
    """
    what, _, name = key.partition(" ")
    shared = one.words & other.words
    match what:
        case "error":
            return len(shared) >= (2 if name in _PLAIN or name[:4] in {"HTTP", "stat"} else 1)
        case "word":
            return len(shared) >= max(_FEWEST_WORDS, _ALIKE * len(one.words | other.words))
        case _:
            return True
