"""What two pieces of work have in common, in words that a reader can check at a glance."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from scout.model import Frozen

ENOUGH: Final = 0.4
"""Share of telling words that two titles have in common (Jaccard) from which on they may ask for the same."""
FEWEST: Final = 2
_WORD = re.compile(r"[^\W_]{3,}")
_ENDING = re.compile(r"(?<=[a-z]{3})(?:ings?|ed|es|s|e)$")
_EMPTY_WORDS: Final = (
    "the and for with this that from are was were has have not but can all should would will does into onto over when "
    "then than its our your any their which what there here also per via under"
)
_EMPTY: Final = frozenset(_EMPTY_WORDS.split())


class Alike(Frozen):
    """What is alike of two titles and texts.

    Attributes:
        shared: telling words of both titles, as the first one writes them.
        here: telling words that only the first title has; `there` those of the other.
        places: files that both are about.
        near: share of the telling words that both have, 0..1.
    """

    shared: tuple[str, ...]
    here: tuple[str, ...]
    there: tuple[str, ...]
    places: tuple[str, ...]
    near: float

    @property
    def enough(self) -> bool:
        """Whether the two are worth a look side by side."""
        return (len(self.shared) >= FEWEST and self.near >= ENOUGH) or (bool(self.places) and bool(self.shared))


def nearness(title: str, other: str) -> float:
    """Return the share of their telling words that two titles have in common, 0..1; 0 for fewer than two words."""
    mine, theirs = telling(title), telling(other)
    both = mine & theirs
    return len(both) / len(mine | theirs) if len(both) >= FEWEST else 0.0


def alike(title: str, places: Iterable[str], other: str, text: str) -> Alike:
    """Return what a title and its files have in common with another title and the text below it."""
    mine, theirs = _stems(title), _stems(other)
    both = mine.keys() & theirs.keys()
    said = f"{other}\n{text}"
    return Alike(
        shared=tuple(mine[stem] for stem in mine if stem in both),
        here=tuple(mine[stem] for stem in mine if stem not in both),
        there=tuple(theirs[stem] for stem in theirs if stem not in both),
        places=tuple(path for path in dict.fromkeys(places) if path in said),
        near=len(both) / max(1, len(mine.keys() | theirs.keys())),
    )


def pieces(text: str, words: Iterable[str]) -> tuple[tuple[bool, str], ...]:
    """Return a text in pieces, each with whether it is one of these words in whatever ending."""
    wanted = {_stem(word) for word in words}
    found: list[tuple[bool, str]] = []
    at = 0
    for match in _WORD.finditer(text):
        if _stem(match[0]) in wanted:
            found += [(False, text[at : match.start()])] if match.start() > at else []
            found.append((True, match[0]))
            at = match.end()
    return (*found, *([(False, text[at:])] if at < len(text) else []))


@lru_cache(maxsize=1 << 16)
def telling(title: str) -> frozenset[str]:
    """Return the stems of a title's words that say something."""
    return frozenset(_stems(title))


def _stems(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in _WORD.findall(text):
        if word.lower() not in _EMPTY:
            found.setdefault(_stem(word), word)
    return found


def _stem(word: str) -> str:
    return _ENDING.sub("", word.lower())
