"""How alike texts are: words and runs of characters, weighted by how rare they are, two rankings made one.

Word weights are TF-IDF (Salton and Buckley, Term-weighting approaches in automatic text retrieval, 1988), rankings
are fused by reciprocal rank (Cormack, Clarke and Büttcher, Reciprocal Rank Fusion outperforms Condorcet, SIGIR 2009).
Features are hashed, so that no vocabulary is kept and memory grows with the texts alone; the same texts give the same
figures. Importing this module loads numpy and scikit-learn: import it where texts are compared.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, HashingVectorizer, TfidfTransformer

from scout.text.words import Words

__all__ = ["DEPTH", "LONGEST_BODY", "Embed", "Index", "Near", "plain_words", "ranked"]

Embed: TypeAlias = Callable[[Sequence[str]], Sequence[Sequence[float]] | None]
"""Gives a vector for each text, all of one length; None when there are none now."""

LONGEST_TITLE, LONGEST_BODY, LEAD = 300, 4000, 160
"""Characters of a title and of a body that are read; the runs of characters are those of the lead."""
DEPTH = 100
"""How far down each ranking is read."""
POOL = 30
"""Texts nearest by words and characters that are ranked by meaning, too, where somebody gives vectors."""
RANK_CONSTANT = 60
"""Of reciprocal rank fusion, as published."""

_FEATURES = 1 << 21
_AT_ONCE = 64
_UNSAID = re.compile(r"<!--.*?-->|https?://\S+", re.DOTALL)
_BLANKS = re.compile(r"\s+")
_TITLE_WORD = re.compile(r"\w+")
_TOKEN = r"(?u)\b\w{2,40}\b"  # noqa: S105 - a word's pattern


class Near(NamedTuple):
    """A text that is near another.

    Attributes:
        place: its place in the index.
        fused: by reciprocal rank over all rankings; orders, means nothing by itself.
        words: cosine of the words, 0..1; `characters` that of the leads' runs of three to five characters.
        titled: how many texts of the index have its title, or that of the query; many are a series, not one work.
    """

    place: int
    fused: float
    words: float
    characters: float
    titled: int = 1


class Index:
    """Texts that others are compared with.

    Args:
        texts: at least one.
        embed: gives vectors of meaning, by which the nearest are ranked a third time; asked once for all queries.
    """

    def __init__(self, texts: Sequence[Words], embed: Embed | None = None) -> None:
        self._texts = texts
        self._titled = Counter(map(_plain_title, texts))
        self._words = _Weighed("word", (1, 1))
        self._characters = _Weighed("char_wb", (3, 5))
        self._embed = embed
        self._by_words = self._words.fitted(map(_full, texts))
        self._by_characters = self._characters.fitted(map(_lead, texts))

    def nearest(
        self, queries: Sequence[Words], count: int = 10, without: Sequence[int] | None = None
    ) -> list[tuple[Near, ...]]:
        """Return for each query at most `count` texts that share something with it, the nearest first.

        Of two that are equally near the earlier one comes first.

        Args:
            queries: texts.
            count: at most 100.
            without: for each query the place of a text to pass over, such as itself.
        """
        found: list[tuple[Near, ...]] = []
        for start in range(0, len(queries), _AT_ONCE):
            some = queries[start : start + _AT_ONCE]
            words = _products(self._words.of(map(_full, some)), self._by_words)
            characters = _products(self._characters.of(map(_lead, some)), self._by_characters)
            if without is not None:
                rows = np.arange(len(some))
                for table in (words, characters):
                    table[rows, list(without[start : start + _AT_ONCE])] = 0
            for row in range(len(some)):
                fused = _fused([_best(words[row]), _best(characters[row])])
                mine = self._titled[_plain_title(some[row])]
                found.append(
                    tuple(
                        Near(at, rank, float(words[row, at]), float(characters[row, at]), max(mine, self._called(at)))
                        for at, rank in fused[: max(count, POOL if self._embed else 0)]
                    )
                )
        return [near[:count] for near in self._by_meaning(queries, found)]

    def _called(self, at: int) -> int:
        return self._titled[_plain_title(self._texts[at])]

    def _by_meaning(self, queries: Sequence[Words], found: list[tuple[Near, ...]]) -> list[tuple[Near, ...]]:
        """Return the nearest with those of the pool ranked by meaning, too; as they are where there are no vectors."""
        pools = [[near.place for near in some[:POOL]] for some in found]
        asked = [query for query, pool in zip(queries, pools, strict=True) if pool]
        if self._embed is None or not asked:
            return found
        said = dict.fromkeys((*map(_said, asked), *(_said(self._texts[at]) for pool in pools for at in pool)))
        given = self._embed(tuple(said))
        if given is None:
            return found
        vector = dict(zip(said, _unit(given), strict=True))
        return [
            _fused_again(some, [float(vector[_said(query)] @ vector[_said(self._texts[at])]) for at in pool])
            for query, some, pool in zip(queries, found, pools, strict=True)
        ]


def plain_words(texts: Iterable[Words]) -> Any:
    """Return how often each word stands in each text, as a sparse matrix, titles and bodies alike."""
    return _counter("word", (1, 1)).transform([f"{one.title}\n{one.body}" for one in texts])


def ranked(queries: Any, transposed: Any, without: Sequence[int]) -> list[list[int]]:
    """Return for each row of `queries` the columns of `transposed` by product, highest first, at most a hundred.

    Args:
        queries: a sparse matrix, a query a row.
        transposed: a sparse matrix, a text a column.
        without: for each query a column to pass over.
    """
    found: list[list[int]] = []
    for start in range(0, len(without), _AT_ONCE):
        table = _products(queries[start : start + _AT_ONCE], transposed)
        table[np.arange(len(table)), list(without[start : start + _AT_ONCE])] = 0
        found += [[int(place) for place in _best(row)] for row in table]
    return found


class _Weighed:
    """Counts of features and their weights by inverse document frequency, rows of length one."""

    def __init__(self, analyzer: str, runs: tuple[int, int]) -> None:
        self._count = _counter(analyzer, runs)
        self._weigh: Any = TfidfTransformer(sublinear_tf=True)

    def fitted(self, texts: Iterable[str]) -> Any:
        counts = self._count.transform(texts)
        weighed = self._weigh.fit(counts).transform(counts, copy=False)
        return weighed.astype(np.float32).T.tocsr()

    def of(self, texts: Iterable[str]) -> Any:
        return self._weigh.transform(self._count.transform(texts), copy=False).astype(np.float32)


def _counter(analyzer: str, runs: tuple[int, int]) -> Any:
    counting: Any = HashingVectorizer  # its defaults say less than what it takes
    return counting(
        analyzer=analyzer,
        ngram_range=runs,
        token_pattern=_TOKEN,
        stop_words=sorted(ENGLISH_STOP_WORDS) if analyzer == "word" else None,
        lowercase=True,
        n_features=_FEATURES,
        alternate_sign=False,
        norm=None,
        dtype=np.float32,
    )


def _full(text: Words) -> str:
    """Return what is compared by words: the title twice, for it says most, and the body."""
    title = text.title[:LONGEST_TITLE]
    return _UNSAID.sub(" ", f"{title}\n{title}\n{text.body[:LONGEST_BODY]}")


def _plain_title(text: Words) -> str:
    """Return a title without marks and capitals."""
    return " ".join(_TITLE_WORD.findall(text.title.casefold()))


def _lead(text: Words) -> str:
    """Return what is compared by characters: the title and the body's beginning."""
    return _BLANKS.sub(" ", _UNSAID.sub(" ", f"{text.title[:LONGEST_TITLE]} {text.body[:LONGEST_TITLE]}"))[:LEAD]


def _said(text: Words) -> str:
    """Return what a model of meanings is given of a text."""
    return f"{text.title[:LONGEST_TITLE]}\n{text.body[:LONGEST_BODY]}".strip()


def _unit(vectors: Sequence[Sequence[float]]) -> Any:
    found = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return found / np.where(lengths > 0, lengths, 1)


def _fused_again(some: tuple[Near, ...], cosines: Sequence[float]) -> tuple[Near, ...]:
    """Return the nearest with their rank by meaning added to the other two; what was not ranked by it stays behind."""
    meant = {at: rank for rank, at in enumerate(sorted(range(len(cosines)), key=lambda at: (-cosines[at], at)), 1)}
    ranked = [
        near._replace(fused=near.fused + 1 / (RANK_CONSTANT + meant[at])) if at in meant else near
        for at, near in enumerate(some)
    ]
    return tuple(sorted(ranked, key=lambda near: (-near.fused, near.place)))


def _products(queries: Any, transposed: Any) -> Any:
    return (queries @ transposed).toarray()


def _best(scores: Any) -> Any:
    """Return the places of the highest scores above 0, highest first, earlier places first among equals."""
    places = np.flatnonzero(scores > 0)
    if len(places) > DEPTH:
        least = np.partition(scores[places], -DEPTH)[-DEPTH]
        places = places[scores[places] >= least]
    return places[np.lexsort((places, -scores[places]))][:DEPTH]


def _fused(rankings: Sequence[Any]) -> list[tuple[int, float]]:
    fused: dict[int, float] = {}
    for ranking in rankings:
        for rank, place in enumerate(ranking, 1):
            fused[int(place)] = fused.get(int(place), 0.0) + 1 / (RANK_CONSTANT + rank)
    return sorted(fused.items(), key=lambda one: (-one[1], one[0]))
