"""Which files a ticket will likely change, and which tickets therefore cannot be worked on at once.

A ticket names some of its files; the rest follows from the history: what was changed together with those files, what
changes with similar titles touched, and which files are called like its words. Each reason gives a chance, and chances
from several reasons are joined as if they were independent (noisy-or). Two tickets collide where the chance that both
change the same file is at least one in five, a threshold set on other repositories than those it is measured on
(`tests/precision/fronts.py`).

Sources: changes that go together, Zimmermann et al., Mining Version Histories to Guide Software Changes, ICSE 2004;
files of similar reports, Zhou et al., Where Should the Bugs Be Fixed?, ICSE 2012.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import nlargest
from typing import NamedTuple

TOGETHER = 0.2
"""Two tickets collide from this chance on that both change the same file."""

LIKELY = 0.2
"""A file is likely from this chance on; no less likely one can make two tickets collide."""

_MOST_FILES = 12  # wider changes say little about what belongs together
_RECENT = 3000  # changes that are learned from
_HALF = 1500.0  # changes after which one counts half
_ALIKE = 15  # changes with similar titles that have a say
_UNSURE = 0.3  # what stands against their votes
_CALLED = 0.5  # chance of a file whose path says exactly what the title says
_SYMBOL = 0.6  # chance of the only file that is called like a symbol
_SHRINK = 6.0  # changes without the other file, assumed of every pair
_MOST_CALLED = 60
_MOST_NAMESAKES = 3
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_IDENTIFIER = re.compile(r"\b(?:[A-Za-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+|[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+)\b")
_ENDINGS = ("ing", "ies", "ed", "es", "s")
_SHORTEST = 3
_STEM = 4
_COMMON = frozenset(
    {"the", "and", "for", "from", "with", "this", "that", "into", "not", "are", "was", "when", "all", "can", "should"}
    | {"via", "use", "add", "fix", "fixes", "remove", "update", "make", "new", "bump", "change", "changes", "support"}
    | {"allow", "closes", "merge", "pull", "request", "branch"}
)


class Past(NamedTuple):
    """A finished change: what it said of itself, and the files it changed, by their present names."""

    title: str
    paths: tuple[str, ...]


class Likely(NamedTuple):
    """A file that a ticket will likely change: its chance 0..1, and why."""

    path: str
    chance: float
    why: str


@dataclass(frozen=True, slots=True)
class Footprint:
    """Where a ticket's work will leave traces.

    Attributes:
        named: files and folders that it names.
        chances: by path, how likely it changes the file, 0..1; a named file is certain, what is unlikely left out.
        why: by path, what that rests on.
    """

    named: frozenset[str] = frozenset()
    chances: Mapping[str, float] = field(default_factory=dict[str, float])
    why: Mapping[str, str] = field(default_factory=dict[str, str])

    def likely(self) -> tuple[Likely, ...]:
        """Return the likely files, the likeliest first."""
        found = (Likely(path, chance, self.why.get(path, "")) for path, chance in self.chances.items())
        return tuple(sorted((one for one in found if one.chance >= LIKELY), key=lambda one: (-one.chance, one.path)))


def collide(one: Collection[str], other: Collection[str]) -> str:
    """Return a path of `one` that is, contains or lies in a path of `other`; empty when there is none."""
    for path in sorted(one):
        if any(path == theirs or _contains(path, theirs) or _contains(theirs, path) for theirs in other):
            return path
    return ""


def clash(one: Footprint, other: Footprint) -> str:
    """Return the path in which two pieces of work would meet, with the reason in words; empty when they keep apart."""
    if path := collide(one.named, other.named):
        return path
    fewer, more = sorted((one.chances, other.chances), key=len)
    both = ((chance * more[path], path) for path, chance in fewer.items() if path in more)
    chance, path = max(both, key=lambda pair: (pair[0], pair[1]), default=(0.0, ""))
    if chance < TOGETHER:
        return ""
    reasons = dict.fromkeys(why for why in (one.why.get(path, ""), other.why.get(path, "")) if why)
    return f"{path} ({'; '.join(reasons)})" if reasons else path


class Terrain:
    """What a history says of the files of its newest commit.

    Args:
        paths: the files that are there.
        changes: what was changed before, newest first; wide changes are passed over.
    """

    def __init__(self, paths: Collection[str], changes: Iterable[Past]) -> None:
        self._touched = Counter[str]()
        self._together: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._past: list[tuple[Past, float]] = []
        self._said: defaultdict[str, list[int]] = defaultdict(list)
        for past in _narrow(changes, frozenset(paths)):
            self._learn(past)
        self._weight = {word: math.log1p(len(self._past) / len(who)) for word, who in self._said.items()}
        self._length = [0.0] * len(self._past)
        for word, who in self._said.items():
            for number in who:
                self._length[number] += self._weight[word] ** 2
        self._called = _Called(paths)

    def footprint(self, title: str, text: str = "", named: Collection[str] = (), *, least: float = LIKELY) -> Footprint:
        """Return where a piece of work will leave traces.

        Args:
            title: of the ticket; its words are compared.
            text: the ticket's whole text; only the names of symbols in it are used.
            named: files and folders that the ticket names.
            least: chance from which on a file is kept.
        """
        found, why = dict[str, float](), dict[str, str]()
        said = words(title)
        for path, chance, reason in (
            *self._alike(said, f"{title}\n{text}"),
            *self._called.like(said),
            *self._called.symbols(f"{title}\n{text}"),
            *self._with(named),
        ):
            if chance > found.get(path, 0.0):
                why[path] = reason
            found[path] = 1 - (1 - found.get(path, 0.0)) * (1 - chance)
        kept = {path: chance for path, chance in found.items() if chance >= least and path not in named}
        return Footprint(frozenset(named), {**dict.fromkeys(named, 1.0), **kept}, {path: why[path] for path in kept})

    def _learn(self, past: Past) -> None:
        number = len(self._past)
        self._past.append((past, 0.5 ** (number / _HALF)))
        for word in words(past.title):
            self._said[word].append(number)
        for path in past.paths:
            self._touched[path] += 1
            for other in past.paths:
                if other != path:
                    self._together[path][other] += 1

    def _with(self, named: Iterable[str]) -> Iterator[Likely]:
        """Give the files that were changed together with the named ones."""
        for path in sorted(named):
            times = self._touched[path]
            for other, both in self._together.get(path, Counter[str]()).items():
                yield Likely(other, both / (times + _SHRINK), f"changed with {path} in {both} of {times} changes")

    def _alike(self, said: frozenset[str], text: str) -> Iterator[Likely]:
        """Give the files of changes whose titles are similar: a vote among the nearest, by squared cosine.

        A file that only the other title names is that change's own: titles made by one pattern are alike, their files
        are not.
        """
        rare = math.log1p(len(self._past))
        asked = math.sqrt(sum(self._weight.get(word, rare) ** 2 for word in said))
        shared = defaultdict[int, float](float)
        for word in sorted(said):
            for number in self._said.get(word, ()):
                shared[number] += self._weight[word] ** 2
        cosines = ((alike / (asked * math.sqrt(self._length[number])), -number) for number, alike in shared.items())
        votes, first, total = defaultdict[str, float](float), dict[str, str](), _UNSURE
        for cosine, number in nlargest(_ALIKE, cosines):
            past, weight = self._past[-number]
            total += cosine**2 * weight
            for path in past.paths:
                name = path.rpartition("/")[2]
                if name in text or name not in past.title:
                    votes[path] += cosine**2 * weight
                    first.setdefault(path, past.title)
        for path, vote in votes.items():
            yield Likely(path, vote / total, f"changed by '{first[path]}'")


class _Called:
    """Files by the words of their paths."""

    def __init__(self, paths: Collection[str]) -> None:
        self._words = {path: words(path) for path in paths}
        self._of: defaultdict[str, list[str]] = defaultdict(list)
        self._stems: defaultdict[str, list[str]] = defaultdict(list)
        for path in sorted(paths):
            for word in self._words[path]:
                self._of[word].append(path)
            self._stems[_joined(path.rpartition("/")[2].partition(".")[0])].append(path)
        self._rare = math.log1p(len(paths))
        self._weight = {word: math.log1p(len(paths) / len(who)) for word, who in self._of.items()}
        self._whole = {path: sum(self._weight[word] for word in said) for path, said in self._words.items()}

    def like(self, said: frozenset[str]) -> Iterator[Likely]:
        """Give the files whose paths have words of a title: the part of the title times the part of the path."""
        shared = defaultdict[str, float](float)
        for word in sorted(said):
            for path in self._of.get(word, ()):
                shared[path] += self._weight[word]
        asked = sum(self._weight.get(word, self._rare) for word in said)
        for both, path in nlargest(_MOST_CALLED, ((both, path) for path, both in shared.items())):
            yield Likely(path, _CALLED * both / asked * both / self._whole[path], "called like the title")

    def symbols(self, text: str) -> Iterator[Likely]:
        """Give the files that are called like a symbol of a text: `OrderList` is `order_list.py` or `order-list.ts`."""
        for name in sorted(set(_IDENTIFIER.findall(text))):
            found = self._stems.get(_joined(name), ())
            if 0 < len(found) <= _MOST_NAMESAKES:
                yield from (Likely(path, _SYMBOL / len(found), f"called like {name}") for path in found)


def words(text: str) -> frozenset[str]:
    """Return the words of a title or a path, parts of names included, without endings and common words."""
    found = (word.lower() for word in _WORD.findall(text))
    return frozenset(_stem(word) for word in found if len(word) >= _SHORTEST and word not in _COMMON)


def _stem(word: str) -> str:
    ending = next((end for end in _ENDINGS if word.endswith(end) and len(word) - len(end) >= _STEM), "")
    return word.removesuffix(ending)


def _joined(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _narrow(changes: Iterable[Past], there: frozenset[str]) -> Iterator[Past]:
    """Give the newest changes of few files, with the files that are still there."""
    count = 0
    for past in changes:
        kept = tuple(dict.fromkeys(path for path in past.paths if path in there))
        if 0 < len(kept) <= _MOST_FILES:
            yield Past(past.title, kept)
            count += 1
        if count == _RECENT:
            return


def _contains(folder: str, path: str) -> bool:
    return path.startswith(f"{folder}/")
