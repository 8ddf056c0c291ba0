"""How well duplicates are found among tickets that people have linked, beside two rankings that ours has to beat."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from scout.model import Frozen, Report
from scout.service.linked import Linked, SkippedLine, read
from scout.text.rivals import bm25, tf_idf
from scout.text.sameness import SAME, same
from scout.text.similarity import DEPTH, Index, Near
from scout.text.words import Words

if TYPE_CHECKING:
    from scout.service.meaning import Meaning

SHOWN = 10
ALL_UP_TO = 5_000
"""Tickets up to which each is looked up, also those that nobody linked; of more only the linked ones are."""
DRAWS, SEED = 1_000, 20_261_121
_LOW, _HIGH = 0.025, 0.975
_OURS, _BM25, _TF_IDF = "scout", "BM25", "TF-IDF"
_MEANT = "scout, and by meaning"


class Recall(Frozen):
    """Share of the queries with a linked duplicate among the first `depth`, with the ends of its interval of 95 %."""

    depth: int
    recall: float
    low: float
    high: float


class RankingLine(Frozen):
    """One ranking; `mean_reciprocal_rank` looks 100 deep."""

    ranking: str
    recalls: tuple[Recall, ...]
    mean_reciprocal_rank: float


class Merge(Frozen):
    """Two tickets that would be taken for the same, with their titles; `words` and `characters` are cosines, 0..1."""

    one: str
    other: str
    title: str
    other_title: str
    linked: bool
    words: float
    characters: float


class DuplicateRow(Frozen):
    """One ticket and what is nearest to it.

    Attributes:
        duplicates: what people linked it to; empty where they linked nothing.
        ranks: by ranking, where the first of these stands, from 1; 0 when it is not among the first hundred.
        predicted: the nearest ticket; empty when none shares a word with it.
        confidence: cosine of the words, 0..1.
        nearest: the ten nearest, nearest first.
    """

    id: str
    duplicates: tuple[str, ...]
    ranks: dict[str, int]
    predicted: str
    confidence: float
    nearest: tuple[str, ...]


class DuplicatesEvaluation(Report):
    """Recall of linked duplicates, and what would be merged.

    Attributes:
        tickets: among how many each is looked for: all of the files, the later ones too.
        queries: tickets that people linked as duplicates of another one of the files.
        threshold: least cosine of words from which two may be merged.
        merges: pairs that would be, nearest first, of the rows that were looked up.
        notes: why meanings were not compared, where a model of them is set.
        rows: each ticket, or those linked where there are more than 5,000.
    """

    schema_id: ClassVar[str] = "scout.evaluation.duplicates/1"

    files: tuple[str, ...]
    tickets: int
    queries: int
    rankings: tuple[RankingLine, ...]
    threshold: float
    merges: tuple[Merge, ...]
    skipped: tuple[SkippedLine, ...]
    rows: tuple[DuplicateRow, ...]
    notes: tuple[str, ...] = ()


class _Looked(NamedTuple):
    """What was looked up: keys, and by ranking the keys of what is nearest."""

    keys: tuple[str, ...]
    near: Mapping[str, tuple[Near, ...]]
    found: Mapping[str, Mapping[str, Sequence[str]]]


def evaluate_duplicates(files: Sequence[Path], meant: "Meaning | None" = None) -> DuplicatesEvaluation:
    """Look each linked duplicate up among all other tickets of the files, by three rankings.

    A query is a ticket that somebody said to repeat another one of the files; it is found when one of those it repeats
    is. Titles and bodies are compared, nothing else, so that no link or comment tells the answer.

    Args:
        files: archives as `scout import` takes them, or JSON lines with `id`, `title`, `body` and `duplicates`,
            `duplicate_of` or `links`.
        meant: compares meanings, too: a ranking more, of the tickets that people linked.

    Raises:
        UsageError: a file cannot be opened or has no known shape.
    """
    linked = read(files)
    duplicates = linked.duplicates
    looked = _looked_up(linked, tuple(linked.texts) if len(linked.texts) <= ALL_UP_TO else tuple(duplicates), meant)
    rows = tuple(_row(key, duplicates, looked) for key in looked.keys)
    queries = [row for row in rows if row.duplicates]
    return DuplicatesEvaluation(
        files=tuple(path.name for path in files),
        tickets=len(linked.texts),
        queries=len(queries),
        rankings=tuple(_line(name, queries) for name in looked.found),
        threshold=SAME,
        merges=_merges(linked, looked),
        skipped=tuple(linked.skipped),
        rows=rows,
        notes=meant.notes if meant else (),
    )


def _looked_up(linked: Linked, keys: tuple[str, ...], meant: "Meaning | None") -> _Looked:
    if not keys:
        return _Looked((), {}, {name: {} for name in (_OURS, _BM25, _TF_IDF)})
    names = list(linked.texts)
    place = {name: at for at, name in enumerate(names)}
    texts = [Words(*text) for text in linked.texts.values()]
    own = [place[key] for key in keys]
    near = Index(texts).nearest([texts[at] for at in own], DEPTH, own)
    found = {
        _OURS: [[one.place for one in some] for some in near],
        _BM25: bm25(texts, own),
        _TF_IDF: tf_idf(texts, own),
    }
    return _Looked(
        keys,
        dict(zip(keys, near, strict=True)),
        {
            name: {key: [names[at] for at in places] for key, places in zip(keys, lists, strict=True)}
            for name, lists in found.items()
        }
        | _by_meaning(linked, texts, place, meant),
    )


def _by_meaning(
    linked: Linked, texts: Sequence[Words], place: Mapping[str, int], meant: "Meaning | None"
) -> dict[str, dict[str, list[str]]]:
    """Return the ranking with vectors, of what people linked; nothing where there are no vectors."""
    asked = [place[key] for key in linked.duplicates]
    if meant is None or not asked:
        return {}
    near = Index(texts, meant).nearest([texts[at] for at in asked], DEPTH, asked)
    if meant.notes:
        return {}
    names = list(place)
    ranked = zip(linked.duplicates, near, strict=True)
    return {_MEANT: {key: [names[one.place] for one in some] for key, some in ranked}}


def _row(key: str, duplicates: Mapping[str, frozenset[str]], looked: _Looked) -> DuplicateRow:
    wanted = duplicates.get(key, frozenset[str]())
    ours, near = looked.found[_OURS][key], looked.near[key]
    ranks = {name: _rank(found[key], wanted) for name, found in looked.found.items()} if wanted else {}
    return DuplicateRow(
        id=key,
        duplicates=tuple(sorted(wanted)),
        ranks=ranks,
        predicted=ours[0] if ours else "",
        confidence=round(near[0].words, 4) if near else 0.0,
        nearest=tuple(ours[:SHOWN]),
    )


def _rank(found: Sequence[str], wanted: frozenset[str]) -> int:
    return next((rank for rank, key in enumerate(found, 1) if key in wanted), 0)


def _line(ranking: str, queries: Sequence[DuplicateRow]) -> RankingLine:
    ranks = [row.ranks[ranking] for row in queries]
    reciprocal = sum(1 / rank for rank in ranks if rank) / len(ranks) if ranks else 0.0
    recalls = tuple(_recall(depth, ranks) for depth in (1, SHOWN)) if ranks else ()
    return RankingLine(ranking=ranking, recalls=recalls, mean_reciprocal_rank=round(reciprocal, 4))


def _recall(depth: int, ranks: Sequence[int]) -> Recall:
    """Return the recall with percentiles of a seeded bootstrap over queries (Efron, 1979)."""
    hits = [0 < rank <= depth for rank in ranks]
    chance = random.Random(SEED)  # noqa: S311 - a sample, no secret
    drawn = sorted(sum(chance.choices(hits, k=len(hits))) / len(hits) for _ in range(DRAWS))
    return Recall(
        depth=depth,
        recall=round(sum(hits) / len(hits), 4),
        low=round(drawn[int(_LOW * DRAWS)], 4),
        high=round(drawn[int(_HIGH * DRAWS)], 4),
    )


def _merges(linked: Linked, looked: _Looked) -> tuple[Merge, ...]:
    names, duplicates = list(linked.texts), linked.duplicates
    found: dict[frozenset[str], Merge] = {}
    for key in looked.keys:
        for near in looked.near[key][:SHOWN]:
            other = names[near.place]
            pair = frozenset((key, other))
            if pair not in found and same(Words(*linked.texts[key]), Words(*linked.texts[other]), near):
                known = other in duplicates.get(key, ()) or key in duplicates.get(other, ())
                found[pair] = Merge(
                    one=key,
                    other=other,
                    title=linked.texts[key][0],
                    other_title=linked.texts[other][0],
                    linked=known,
                    words=round(near.words, 4),
                    characters=round(near.characters, 4),
                )
    return tuple(sorted(found.values(), key=lambda one: (-one.words, one.one, one.other)))
