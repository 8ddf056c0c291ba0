"""How alike two tickets are: words that are rare in the project count, templates and numbers apart.

Cosine of the tickets' words, weighted by inverse document frequency (Salton and Buckley, Term-weighting approaches in
automatic text retrieval, 1988), for title and text apart. Deterministic, without a model.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from scout.signals._words import normalised
from scout.signals.backlog._words import spoken
from scout.warehouse.records import TicketRow

_WORD = re.compile(r"[A-Za-z][A-Za-z_]+|\d+(?:\.\d+)*")
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_ENDING = re.compile(r"(?:ing|ed|es|s|ly|e)$")
_STOP_WORDS = """
    the a an is are was were be been to of in on for with and or not no it its this that when if as at by from we
    you i my our can could should would will do does did have has had but so there which what how why use using used
    after before into make add adding please get also any all one then than via issue
"""
_STOP = frozenset(_STOP_WORDS.split())
_CHOICE = frozenset({
    *("updat", "upgrad", "bump", "latest", "creat", "support", "enabl", "allow", "command", "option", "new", "when"),
})  # fmt: skip
"""Words that may stand in one title only: they don't change what is asked for."""
_APART = re.compile(
    r"\d|^(?:android|ios|os|iphon|ipad|mac|macos|window|windows|linux|ubuntu|debian|fedora|arm|web|mobil|desktop|tablet"
    r"|client|server|front|back|frontend|backend|doc|docs|documentation|test|tests|sampl|exampl|read|writ|input|output"
    r"|import|export|python|java|ruby|go|rust|part|phas|step|add|remov|delet|enforc|disabl|revert|\w)$"
)
"""Words that make another ticket of the same title."""
_FEWEST_WORDS = 2
_FEWEST_SHARED = 3
_LIKE, _CLOSE, _ALIKE, _NEAR, _EQUAL, _CLOSEST, _RATHER = 0.3, 0.75, 0.4, 0.6, 0.9, 0.85, 0.25
_COMMON_LINE = 3
_LONGEST = 4000
_RAREST = 4


@dataclass(frozen=True)
class _Words:
    title: Mapping[str, float]
    body: Mapping[str, float]


class Alike:
    """The words of some tickets, weighted by how rare they are among them."""

    def __init__(self, rows: Iterable[TicketRow]) -> None:
        self._rows = {row.key: row for row in rows}
        lines = Counter(line for row in self._rows.values() for line in {*_lines(row.body)})
        self._template = frozenset(line for line, count in lines.items() if count >= _COMMON_LINE)

    def title(self, one: str, other: str) -> float:
        """Return how alike two titles are, 0..1."""
        return _cosine(self._weighed[one].title, self._weighed[other].title)

    def body(self, one: str, other: str) -> float:
        """Return how alike two texts are, 0..1; 0 where one is empty."""
        return _cosine(self._weighed[one].body, self._weighed[other].body)

    def same(self, one: str, other: str) -> bool:
        """Say whether two tickets ask for the same, as far as words can tell.

        Their titles are equal, and so is what they say, as far as both say anything; or the words of one title all
        stand in the other, words of choice apart, most of them are the same, and so is what they say. Another platform,
        number or version is another ticket.
        """
        title, body = self.title(one, other), self.body(one, other)
        if normalised(self._rows[one].title) == normalised(self._rows[other].title):
            return len(self._weighed[one].title) >= _FEWEST_WORDS and (
                body >= _LIKE or self._bare(one) or self._bare(other)
            )
        first, second = self._differing(one, other)
        if (first and second) or any(_APART.match(word) for word in (*first, *second)):
            return False
        shared = len(self._weighed[one].title.keys() & self._weighed[other].title.keys())
        return shared >= _FEWEST_SHARED and (
            (title >= _CLOSE and body >= _ALIKE)
            or (title >= _CLOSEST and body >= _RATHER)
            or (title >= _NEAR and body >= _EQUAL and not self._bare(one))
        )

    def _bare(self, key: str) -> bool:
        return len(self._weighed[key].body) < _FEWEST_SHARED

    def _differing(self, one: str, other: str) -> tuple[frozenset[str], frozenset[str]]:
        first, second = (frozenset(_whole(self._rows[key].title)) for key in (one, other))
        return first - second, second - first

    def near(self, least: float) -> Iterator[tuple[str, str, float]]:
        """Give the pairs of tickets whose titles are that alike, each once, with the figure, in the rows' order.

        They have to share one of the four rarest words of either title: without that titles are hardly ever alike.
        """
        places: dict[str, list[str]] = {}
        for key in self._rows:
            title = self._weighed[key].title
            rarest = sorted(title, key=lambda word: (-title[word], word))[:_RAREST]
            for other in dict.fromkeys(other for word in rarest for other in places.get(word, ())):
                figure = self.title(other, key)
                if figure >= least:
                    yield other, key, figure
            for word in rarest:
                places.setdefault(word, []).append(key)

    @cached_property
    def _said(self) -> Mapping[str, tuple[Counter[str], Counter[str]]]:
        return {
            key: (Counter(words(row.title)), Counter(words(" ".join(self._own_lines(row.body))[:_LONGEST])))
            for key, row in self._rows.items()
        }

    @cached_property
    def _documents(self) -> Counter[str]:
        return Counter(word for title, body in self._said.values() for word in {*title, *body})

    @cached_property
    def _weighed(self) -> Mapping[str, _Words]:
        return {key: _Words(self._weights(title), self._weights(body)) for key, (title, body) in self._said.items()}

    def _weights(self, counts: Counter[str]) -> Mapping[str, float]:
        number = len(self._rows) + 1
        return {
            word: (1 + math.log(count)) * math.log(number / self._documents[word])
            for word, count in sorted(counts.items())
        }

    def _own_lines(self, text: str) -> Sequence[str]:
        return [line for line in _lines(text) if line not in self._template]


def words(text: str) -> Iterator[str]:
    """Give the words of a text in lower case, without endings and empty words; names in code are taken apart."""
    for match in _WORD.finditer(text):
        whole = match[0]
        for part in _PARTS.findall(whole) if not whole[0].isdigit() else [whole]:
            low = part.lower()
            if low not in _STOP and (len(low) > 1 or low.isdigit()):
                yield _ENDING.sub("", low) if len(low) > 4 else low  # noqa: PLR2004 short words have no endings


def _whole(title: str) -> Iterator[str]:
    """Give the words of a title as `words` does, words of choice left out, and single letters kept."""
    for match in _WORD.finditer(title):
        parts = list(words(match[0]))
        yield from (part for part in parts if part not in _CHOICE)
        yield from (tail[0].lower() for tail in [re.search(r"(?<=[a-z])[A-Z]$", match[0])] if tail)


def _lines(text: str) -> Iterator[str]:
    return (line for raw in spoken(text).split("\n") if (line := raw.strip()))


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = sum(weight * other[word] for word, weight in one.items() if word in other)
    size = math.sqrt(
        sum(weight * weight for weight in one.values()) * sum(weight * weight for weight in other.values())
    )
    return shared / size if size else 0.0
