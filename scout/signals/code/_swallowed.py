"""Where an application swallows failures."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from scout.repository import File, FileClass
from scout.signals._base import View
from scout.signals.code._commented import said
from scout.signals.code._swallowing import Swallowing, swallowing
from scout.signals.code._swallowing_elsewhere import swallowing_elsewhere

_SUSPECT = re.compile(rb"except(?:\s*:|\s+(?:Base)?Exception\b)")
_SUSPECT_ELSEWHERE = re.compile(rb"\bcatch\b|\brescue\b|\b_ = |err != nil")
_IN_BROWSER = re.compile(
    r"(?:^|/)(?:app/(?:javascript|assets|webpack)|assets|static|frontend|client|web|ui|webui|components|pages|public)/"
)
_ELSEWHERE = re.compile(
    r"(?:^|/)(?:tasks?|commands?|cmd|jobs?|workers?|handlers?|controllers?|services?|mailers?|crons?|consumers?|queues?"
    r"|lambdas?|functions|server|api)/(?:.*/)?[^/]+\.(?:[cm]?[jt]s|rb|rake|go)$"
)
_MADE_UP = re.compile(rb"^\s*(?:from|import) (?:faker|mimesis|factory)\b", re.MULTILINE)
_PASSED_OVER = re.compile(
    r"(?:^|/)(?:\w*migrations?|versions|alembic|\.ci|\.github|scripts?/dev|tools|docs|benchmarks?)/"
    r"|(?:^|/)(?:populate|seeds?|demo|sample|fake)(?:_\w+)?\.py$"
)
_FEW_WORDS = 3


class Place(NamedTuple):
    """A handler that swallows, where it stands."""

    path: str
    text: str
    what: Swallowing


def places(view: View) -> Iterator[Place]:
    """Give the handlers that swallow without a word of comment, by file."""
    python = view.tree.search(_SUSPECT, lambda one: one.path.endswith(".py"))
    others = view.tree.search(_SUSPECT_ELSEWHERE, _is_served)
    for file in (*python, *others):
        if _PASSED_OVER.search(file.path) or view.tree.file_class(file.path) is not FileClass.CODE:
            continue
        text = view.tree.text(file.path) or ""
        within = swallowing(text) if file.path.endswith(".py") else swallowing_elsewhere(file.path, text)
        found = [] if _MADE_UP.search(text.encode()) else list(within)
        if not found:
            continue
        told = _told(view, file.path, text)
        rows = text.split("\n")
        for one in found:
            if not any(line in told for line in range(one.line, one.last + 1)):
                yield Place(file.path, rows[one.line - 1], one)


def _is_served(file: File) -> bool:
    """Say whether a file runs where nobody looks on: what fails in a browser, its user sees."""
    return _ELSEWHERE.search(file.path) is not None and _IN_BROWSER.search(file.path) is None


def _told(view: View, path: str, text: str) -> frozenset[int]:
    """Return the lines of a file on which a comment of a few words stands."""
    return frozenset(
        comment.line + at
        for comment in said(view.tree, path, text)
        for at, row in enumerate(comment.lines)
        if len(row.split()) >= _FEW_WORDS and not row.startswith(("noqa", "type:", "pragma", "pylint"))
    )
