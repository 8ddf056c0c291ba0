"""Keep people out of figures: a word whose pseudonym is somebody's is not shown."""

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scout.service.wiring import Workspace
from scout.sources._people import People

HIDDEN = "(hidden)"
_WORDS = re.compile(r"[^\w.-]+")


class Names:
    """Knows which words are names of people who did something in the project, without knowing who they are.

    Args:
        work: for the key of the pseudonyms.
        known: pseudonyms of everybody.
    """

    def __init__(self, work: Workspace, known: frozenset[str]) -> None:
        self._people = People(work.salt()) if known else None
        self._known = known

    def hides(self, text: str) -> bool:
        """Whether a text is, or has a word that is, somebody's account name."""
        return self._people is not None and any(self._people.id(word) in self._known for word in _parts(text))

    def shown(self, texts: NDArray[Any]) -> NDArray[Any]:
        """Return a column of texts in which those with a name are hidden."""
        known, places = np.unique(texts.astype(str), return_inverse=True)
        return np.array([HIDDEN if self.hides(one) else one for one in known.tolist()], dtype=object)[places]


def _parts(text: str) -> Iterable[str]:
    words = [word.strip("._-") for word in _WORDS.split(text)]
    return dict.fromkeys(filter(None, (text.strip(), *words)))
