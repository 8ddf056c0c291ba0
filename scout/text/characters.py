"""Characters that a reader cannot see, and lines as everybody counts them."""

import re
import unicodedata
from functools import lru_cache

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
# Letters and marks that draw nothing: their category says 'letter' or 'mark', so the category alone cannot tell.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_KEPT_SELECTORS = frozenset("\ufe0f")  # asks for the coloured form of an emoji: seen, harmless
_SUSPECT = re.compile(r"[^\n\t\x20-\x7e\xa1-\xac\xae-\u02ff]")


def visible(text: str) -> str:
    """Return the text without control, bidirectional, zero-width and other invisible characters.

    Line ends of all kinds become a newline; tabs stay. Applying it twice changes nothing.
    """
    return _SUSPECT.sub(lambda match: _shown(match.group()), _LINE_ENDS.sub("\n", text))


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    if character in _KEPT_SELECTORS:
        return character
    selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    blank = selector or character in _BLANK_LETTERS
    return "" if blank or unicodedata.category(character) in _UNSEEN else character
