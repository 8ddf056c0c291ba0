"""What calls itself temporary: a script in its first lines, or a place in it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from scout.repository import FileClass
from scout.signals._conditions import conditions
from scout.signals._view import View
from scout.text.comments import comments, may_have_comments

_HEAD = 12
_ITSELF = re.compile(
    r"\b(?:this|the) (?:whole |entire )?(?:script|file|job|step|tool|hack|workaround)\b[^.\n]{0,40}?"
    r"\b(?:is|are|was)\b[^.\n]{0,40}?\b(?:temporar(?:y|ily)|stop-?gap|interim|short-term|throw-?away)\b"
    r"|\b(?:temporary|interim|stop-?gap|throw-?away|one-?off)\s+(?:script|tool|hack|solution|work-?around|measure)\b"
    r"|\b(?:script|tool|hack|workaround)\b[^.\n]{0,60}\b(?:for now|until we|(?:will|to) be removed|should go away)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:temporar(?:y|ily)|work-?around|stop-?gap|for now|until we|remove (?:this )?(?:when|once|after)|interim)\b",
    re.IGNORECASE,
)
_NO_FILES = re.compile(
    r"\btemporary\s+(?:\w+\s+)?(?:files?|director\w+|folders?|paths?|copy|copies|branch\w*|worktrees?|databases?|tables?"
    r"|tokens?|keys?|keychains?|credentials?|access|storage|containers?|images?|volumes?|names?|locations?|output\w*"
    r"|index\w*|clones?|checkouts?|errors?|failures?|outages?|redirect\w*|users?|accounts?|variables?|environments?)\b"
    r"|\btemporarily (?:unavailable|down|move|rename|store|copy|save|write|set|change|switch)",
    re.IGNORECASE,
)
_HINT = re.compile(
    rb"(?i)temporar|stop-?gap|interim|throw-?away|one-?off|for now|until we|remove|go away|short-term|work-?around"
)
_NOT_OURS = frozenset({FileClass.VENDORED, FileClass.GENERATED, FileClass.FIXTURE})


class Said(NamedTuple):
    """A line that calls its script, or something in it, temporary."""

    line: int
    text: str


def of_itself(view: View, path: str) -> Said | None:
    """Return the comment in a script's first twelve lines that calls the script itself temporary.

    Comments that name their end are none, and neither are those about temporary files.
    """
    return next((said for said in _said(view, path, _ITSELF, 4000) if said.line <= _HEAD), None)


def places(view: View, path: str) -> Iterator[Said]:
    """Give the comments of a file that call something in it temporary."""
    return _said(view, path, _PLACE, None)


def _said(view: View, path: str, pattern: re.Pattern[str], most: int | None) -> Iterator[Said]:
    text = view.tree.text(path)
    if text is None or view.tree.file_class(path) in _NOT_OURS or not _HINT.search(text[:most].encode()):
        return
    if not may_have_comments(path) and not text.startswith("#!"):
        return
    rows = text.replace("\r\n", "\n").split("\n")
    for comment in comments(path, text):
        found = pattern.search(comment.text)
        if found is None or _NO_FILES.search(comment.text) or next(conditions(comment.text), None) is not None:
            continue
        line = comment.line_of(found.start())
        if line <= len(rows):
            yield Said(line, rows[line - 1])
