"""What any rubric has to beat: the length of the text, and a script that looks for headings."""

import re
from typing import Final

_HEADING = r"^[ \t]*(?:#{1,6}[ \t]+|h[1-6]\.[ \t]*|[*_]{1,3})?[ \t]*"
_SECTIONS: Final = tuple(
    re.compile(_HEADING + rf"[^\n]{{0,20}}\b(?:{words})\b[^\n]{{0,30}}$", re.IGNORECASE | re.MULTILINE)
    for words in (
        r"description|summary|problem|background",
        r"expected|desired|proposed|solution",
        r"actual|observed|current behaviou?r",
        r"steps|reproduce|reproduction|example",
        r"environment|versions?|system details",
        r"acceptance|definition of done|requirements",
    )
)


def length(title: str, body: str) -> float:
    """Return the length of a text in characters: the longer, the readier."""
    return float(len(title) + len(body))


def headings(title: str, body: str) -> float:
    """Return how many of six customary sections have a line that looks like their heading."""
    del title
    return float(sum(bool(pattern.search(body)) for pattern in _SECTIONS))
