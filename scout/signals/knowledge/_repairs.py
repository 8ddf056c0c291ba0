"""Fixes that repaired what a file does, not its texts, its looks or the names in it."""

import re
from collections.abc import Iterable

from scout.repository import Change
from scout.repository.decoding import decoded
from scout.signals._base import View

_TEXT = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|(?:#|//)[^\n]*|/\*.*?\*/", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_]\w*")
_LOOKS = re.compile(
    r"\b(?:dark[- ]mode|css|styl(?:e|es|ing)|colou?rs?|hover\w*|icons?|cent(?:re|er)(?:s|ed|ing)?|align\w*|padding"
    r"|margins?|spacing|gaps?|layout|themes?|fonts?|design|responsive|overflow|z-index|truncat\w+|wording|tooltips?"
    r"|contrast|animations?)\b",
    re.IGNORECASE,
)
"""Titles of fixes of how something looks: a test of the code would not have seen it."""
_NO_REPAIR = re.compile(
    r"^[^:]{0,40}:\s*(?:(?:remove|rename|move|revert|restore|bump|upgrade|migrate|refactor|clean|review)(?:s|d|ed|ing)?)\b"
    r"|^fix(?:e[sd])?:?\s+(?:rename|bump|upgrade)",
    re.IGNORECASE,
)
"""Titles that call something else a fix."""


def repairs(view: View, path: str, fixes: Iterable[Change]) -> tuple[Change, ...]:
    """Return those of some fixes that changed what a file does; what cannot be read counts as such.

    Args:
        view: of the repository.
        path: the file, under the name that it has now.
        fixes: changes that say that they mend something.
    """
    titled = (one for one in fixes if not _LOOKS.search(one.title) and not _NO_REPAIR.search(one.title))
    return tuple(one for one in titled if _changes_code(view, path, one))


def _changes_code(view: View, path: str, change: Change) -> bool:
    file = next((one for one in change.files if one.path == path), None)
    if file is None or not file.before or not file.after:
        return True
    before, after = view.blob(file.before), view.blob(file.after)
    return before is None or after is None or _code(before) != _code(after)


def _code(content: bytes) -> str:
    """Return the words and marks of code without texts, comments and spaces, names left open."""
    return "".join(_NAME.sub("a ", _TEXT.sub(" ", decoded(content) or "")).split())
