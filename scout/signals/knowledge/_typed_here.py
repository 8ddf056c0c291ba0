"""The commands of pages that are meant for this project, not for another checkout."""

import re
from collections.abc import Iterator, Sequence

from scout.signals._base import View
from scout.signals._commands import Known, Typed, entered, typed
from scout.signals._markdown import Code, Page, page
from scout.signals._pages import Pages
from scout.signals._pins import Pins
from scout.signals.knowledge import _restructured

_SHELLS = frozenset(
    {
        "",
        "bash",
        "sh",
        "shell",
        "zsh",
        "console",
        "shell-session",
        "sh-session",
        "terminal",
        "text",
        "plain",
        "plaintext",
        "makefile",
        "cmd",
    }
)
_QUICK = re.compile(r"\b(?:make|npm run|pnpm run|run-script)\s|manage\.py\s")
_ELSEWHERE = re.compile(
    r"\bgit clone\b|\btar\s|\bunzip\b|\./configure\b|\bcmake\b|\bssh\s|\bnpm (?:create|init)\b|\bnpx create"
)
_OUT = re.compile(r"^\W*cd\s+(?:\.\./)+\w")
_HEADING = re.compile(r"#{1,6}\s|([=~^\"'#*+-])\1{2,}\s*$")
_IN_REPOSITORY = re.compile(
    r"\b(?:from|in|inside|within)\s+(?:your|the|a)\s+(?:local\s+)?`*(?P<name>[A-Za-z][\w-]{2,})`*\s+"
    r"(?:repo|repository|checkout|clone)\b",
    re.IGNORECASE,
)
_IN_FOLDER = re.compile(
    r"\b(?:from|in|inside|within)\s+(?:(?:your|the|a)\s+)?`*(?P<name>[A-Za-z][\w-]{2,})`*\s+(?:directory|folder)\b",
    re.IGNORECASE,
)
_NO_NAME = frozenset(
    {
        "this",
        "that",
        "each",
        "home",
        "working",
        "new",
        "parent",
        "root",
        "project",
        "main",
        "top-level",
        "base",
        "same",
        "cloned",
        "git",
        "github",
        "current",
        "source",
        "own",
        "code",
    }
)


def pages_with_commands(view: View, pages: Pages) -> Iterator[tuple[str, Page]]:
    """Give the pages that speak about this project as it is now and may tell people to type something, by path."""
    for path in pages.current(restructured=True):
        text = view.tree.text(path)
        if text is not None and _QUICK.search(text):
            yield path, _restructured.page(text) if _restructured.is_restructured(path) else page(text)


def commands_here(view: View, known: Known, content: Page) -> Iterator[tuple[Code, Typed]]:
    """Give the commands of a page that are meant for this project.

    Whoever was sent out of it by a block (`cd ../other`) stays there until the next heading, or until a command of this
    project follows; a sentence right before a block may send them out, too ('from your other repo, run').
    """
    fence, folder, away, last = 0, "", False, 0
    out = elsewhere = False
    waiting: list[tuple[Code, Typed]] = []
    for code in content.code:
        if code.fence == 0:
            yield from ((code, command) for command in typed(code.text))
            continue
        if code.fence != fence:
            between = content.lines[last : code.line - 1]
            out = out and not any(map(_HEADING.match, between))
            fence, folder, away, waiting = code.fence, "", out, []
            elsewhere = _is_elsewhere(view, between)
        last = code.line
        if elsewhere or code.language not in _SHELLS:
            continue
        for command in typed(code.text, folder):
            if not away:
                yield code, command
            elif known.has(command):
                yield from waiting
                waiting, away, out = [], False, False
            else:
                waiting.append((code, command))
        after = entered(code.text, folder)
        out = out or (after is None and _OUT.match(code.text) is not None)
        away = away or _ELSEWHERE.search(code.text) is not None or after is None or not view.tree.exists(after)
        folder = after if after is not None and view.tree.exists(after) else ""


def _is_elsewhere(view: View, between: Sequence[str]) -> bool:
    """Say whether the lines right before a block say that it is for a checkout of another repository."""
    above = " ".join([line for line in between if line.strip(" `~")][-2:])
    named = {found["name"].lower() for found in _IN_REPOSITORY.finditer(above)}
    folders = {found["name"].lower() for found in _IN_FOLDER.finditer(above)}
    if folders := folders - _NO_NAME:
        known = {part.lower() for path in view.tree.files for part in path.split("/")[:-1]}
        named |= folders - known
    ours = Pins(view).own_names
    return any(name not in _NO_NAME and not any(name in one for one in ours) for name in named)
