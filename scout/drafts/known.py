"""What a brief says, apart by who says it: the scouts' own words, and the words of others that they quote."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from scout.drafts.brief import Brief
from scout.text.characters import visible

_UNTOLD = {"links", "seen_on", "project", "readiness", "fingerprint", "evidence_digest", "identity", "score"}
"""What a model is not told: it would change nothing, or ask the same again another day."""
_OWN = {"story", "signal", "kind", "outcome", "cut", "size"}
_NAMES = {"locator", "path", "sha", "key", "subject", "where", "candidate", "ticket"}
_CODE = re.compile(r"`([^`]+)`")
_NUMBER = re.compile(r"(?<![\w.])v?\d[\d.,]*\w*%?")
_WORD = re.compile(r"\w+")
_FEWEST_LETTERS = 4
_STEM = 5
_ECHO = 5
_MOST_LISTED, _MOST_CHARACTERS = 40, 1500
_SPELLED_OUT = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
SPELLED = {name: str(number) for number, name in enumerate(_SPELLED_OUT.split(), 2)} | {
    "twenty": "20",
    "thirty": "30",
    "fifty": "50",
    "dozen": "12",
    "hundred": "100",
    "thousand": "1000",
}
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "about above after again against also because been before being below between both does down during each every "
        "from have having here into itself just made make makes more most must once only other over same should some "
        "such take takes than that their them then there these they this those through under until very were what when "
        "where which while will with without would your",
    )
)


@dataclass(frozen=True)
class Known:
    """A brief as sets of words and names.

    Attributes:
        own: what scouts say in their own words.
        others: what stands in files, tickets and commits, as it was quoted.
        names: paths, keys and commits.
        counts: numbers that are no words: lines, counts.
    """

    own: str
    others: str
    names: frozenset[str]
    counts: frozenset[str]

    @classmethod
    def of(cls, brief: Brief) -> "Known":
        """Return what a brief says."""
        own, others, names, counts = list[str](), list[str](), set[str](), {str(len(brief.cluster.evidence))}
        for key, value, told in _leaves(facts(brief), "", own=False):
            if isinstance(value, str):
                (own if told else others).append(value)
                names.update({value, value.rpartition(":")[0]} if key in _NAMES else set[str]())
            elif isinstance(value, int):
                counts.add(str(value))
        for one in brief.evidence:
            names.update(filter(None, (one.locator, one.path, one.sha)))
        names.update(match.strip() for text in own for match in _CODE.findall(text))
        return cls("\n".join(own), "\n".join(others), frozenset(names - {""}), frozenset(counts))

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of scouts and of names, as they are written."""
        return frozenset(_WORD.findall("\n".join((self.own, *self.names))))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """All numbers of the brief."""
        found = _NUMBER.findall(f"{self.own}\n{self.others}")
        spelled = (SPELLED[word] for word in _WORD.findall(self.own.lower()) if word in SPELLED)
        return frozenset(number.rstrip(".,") for number in found) | self.counts | frozenset(spelled)

    @cached_property
    def stems(self) -> frozenset[str]:
        """What the work is about: the beginnings of the scouts' words, outside of quotations."""
        return frozenset(stems(_CODE.sub(" ", self.own)))

    @cached_property
    def _said(self) -> str:
        return flat(f"{self.own}\n{self.others}")

    @cached_property
    def _own_flat(self) -> str:
        return flat(self.own)

    @cached_property
    def _runs(self) -> frozenset[tuple[str, ...]]:
        return frozenset(_runs(self.others)) - frozenset(_runs(_CODE.sub(" ", self.own)))

    def says(self, quotation: str) -> bool:
        """Whether exactly these words stand in the brief."""
        words = flat(quotation)
        return bool(words) and words in self._said

    def states(self, words: str) -> bool:
        """Whether a scout says exactly these words, as whole ones."""
        wanted = flat(words)
        return bool(wanted) and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", self._own_flat) is not None

    def echoes(self, sentence: str) -> bool:
        """Whether a sentence says five words in a row of others as if they were its own."""
        return any(run in self._runs for run in _runs(sentence))


def facts(brief: Brief) -> dict[str, Any]:
    """Return what a model is told of a brief, as JSON values, cut to size and without what nobody can see."""
    said: dict[str, Any] = json.loads(brief.model_dump_json())
    for finding in said["cluster"]["findings"]:
        del finding["evidence"]  # the places to show stand in the brief itself
    return told(said)


def told(table: dict[str, Any]) -> dict[str, Any]:
    """Return a table as a model is told it: without what says nothing, what is too long, and what nobody can see."""
    return cast("dict[str, Any]", _told(table))


def stems(text: str) -> Iterator[str]:
    """Yield the beginnings of words that mean something, in the singular, so that 'links' are about a 'link'."""
    for word in _WORD.findall(text.lower()):
        if len(word) >= _FEWEST_LETTERS and word not in _COMMON and word.isalpha():
            yield word.removesuffix("s")[:_STEM]


def flat(text: str) -> str:
    """Return a text with single spaces."""
    return " ".join(text.split())


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return zip(*(words[at:] for at in range(_ECHO)), strict=False)


def _told(value: Any) -> Any:
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        kept = {key: _told(inner) for key, inner in table.items() if key not in _UNTOLD}
        return {key: inner for key, inner in kept.items() if inner not in ("", None, [], {})}
    if isinstance(value, list):
        return [_told(inner) for inner in cast("list[Any]", value)[:_MOST_LISTED]]
    return visible(value)[:_MOST_CHARACTERS] if isinstance(value, str) else value


def _leaves(value: Any, key: str, *, own: bool) -> Iterator[tuple[str, Any, bool]]:
    """Yield each value with the key it stands under, and whether a scout says it."""
    if isinstance(value, dict):
        for name, inner in cast("dict[str, Any]", value).items():
            yield from _leaves(inner, name, own=own or name in _OWN)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _leaves(inner, key, own=own)
    else:
        yield key, value, own
