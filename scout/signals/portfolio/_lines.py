"""Lines of code that say something, so that two projects' texts can be compared."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_SPACE = re.compile(r"\s+")
_COMMENT = re.compile(r"^(?:#(?!include|define|if|!\[)|//|/\*|\*(?:\s|/|$)|--\s|<!--|;;|%\s)")
_COMMON = re.compile(
    r"^(?:import|from|use|using|require|include|package|namespace|export \*|#include|@\w+\b|else|try|finally|end"
    r"|return(?: None| nil| null| err| false| true|;)?$|(?:if|unless) err != nil|raise$|pass$|break|continue|default:)"
    r"(?:\s|\b|$)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z_]\w{2,}")
_FEWEST_CHARACTERS = 16
_FEWEST_WORDS = 2


class Line(NamedTuple):
    """A line that is neither empty nor a comment.

    Attributes:
        number: counted from 1.
        text: as it is written.
        key: with single spaces, without indentation and a trailing comma: equal keys say the same.
    """

    number: int
    text: str
    key: str


def telling(text: str) -> tuple[Line, ...]:
    """Return the lines of a file that say something."""
    return tuple(_lines(text))


def _lines(text: str) -> Iterator[Line]:
    for number, row in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        key = _SPACE.sub(" ", row).strip()
        if key and not _COMMENT.match(key):
            yield Line(number, row, key.rstrip(",;"))


def is_distinctive(key: str) -> bool:
    """Say whether a line is more than what any file might have: long enough, of two words, no import and no brace."""
    if len(key) < _FEWEST_CHARACTERS or _COMMON.match(key):
        return False
    return len(set(_WORD.findall(key))) >= _FEWEST_WORDS
