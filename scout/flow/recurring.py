"""What comes again and again under different names: tickets, reverts, hot fixes and failing jobs that are alike.

Words are weighed by how rare they are (TF-IDF; Spärck Jones 1972) and clusters are stars around the text that most
others are like (Aslam, Pelekhov and Rus, The star clustering algorithm, 2004): the same texts give the same clusters.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from scout.flow.failing import GENERAL, in_common, ways
from scout.flow.log import as_date, quarter
from scout.flow.reading import ENOUGH
from scout.model import Frozen

ALIKE = 0.42
_MOST = 20_000
_CHUNK = 1_000
_RECENT, _LONG = 365, 60
_LATELY, _FEWEST_LATELY = 730, 3
_MONTHS = 3
_TERMS = 4
_SHARE = 0.5
_COMMON = 20
"""Texts that may share a word before it says nothing; of many texts, a fifth."""
_WORDS = 2
_PATTERN = r"(?u)\b[^\W\d_][\w-]{2,}\b"
_NOISE = re.compile(r"https?://\S+|@[\w-]+|#\d+|\b[0-9a-f]{7,40}\b|`+|\d+")
_STOP_WORDS = (
    "a an and are as at be but by can cannot do does doesn don for from get has have how if in into is isn it "
    "its new no not of on or should so some than that the their there these this to too up use used using via "
    "was when where which while will with without add added adds adding allow change changes fix fixed fixes "
    "fixing make need needs remove revert support update updated would hotfix hotfixes again correct correctly "
    "properly "
)
_STOP = frozenset(_STOP_WORDS.split())


@dataclass(frozen=True, slots=True)
class Told:
    """Something that happened, in its own words.

    Attributes:
        kind: `ticket`, `revert`, `hot fix`, `fix` or `failed job`.
        locator: a key, or the name of a job with its run.
        text: title or name.
        day: when, as a day since 1970.
        days: how long it took, elapsed days; NaN where it has not ended or took no time.
    """

    kind: str
    locator: str
    text: str
    day: int
    days: float


class Recurrence(Frozen):
    """A cluster of what is alike.

    Attributes:
        name: words that most of its members share, in the order of the most typical one.
        members: their locators, the newest first.
        kinds: how many of each kind.
        first: day of the first.
        last: day of the last.
        per_quarter: how many in each quarter of a year from the first to the last one.
        waited: days that its members took together; None where none of them tells, as commits do not.
        alike: how alike its members are to the most typical one on average, 0..1.
    """

    name: str
    members: tuple[str, ...]
    kinds: dict[str, int]
    first: date
    last: date
    per_quarter: dict[str, int]
    waited: float | None
    alike: float


def recurrences(
    told: Sequence[Told], hidden: Callable[[str], bool] = lambda _: False, own: frozenset[str] = frozenset()
) -> tuple[Recurrence, ...]:
    """Return what repeats often enough to deserve a better path, the most frequent first.

    At least five members that go wrong in the same way, under at least two names, over two months and in three of
    them, one in the last year of data and three in the last two. A component that many fixes touch is a hot spot, and
    races in different places are different bugs: neither is an exception that recurs.

    Args:
        told: in any order; of very many the newest 20,000 count.
        hidden: whether a word must not be shown, such as a person's name.
        own: words of the project's own name, which say nothing.
    """
    rows = sorted(told, key=lambda one: (one.day, one.kind, one.locator))[-_MOST:]
    if len(rows) < ENOUGH:
        return ()
    vectors, terms = _vectors([one.text for one in rows], own)
    if vectors is None:
        return ()
    last = rows[-1].day
    found: list[Recurrence] = []
    for centre, members in _stars(vectors):
        way, sharing = _one_way(rows, _sharing(vectors, terms, centre, members))
        part = [rows[place] for place in sharing]
        if not _worth(part, last):
            continue
        name = _name(vectors, terms, sharing, rows[centre].text, hidden)
        if name and in_common(way, name):
            alike = float(np.asarray((vectors[sharing] @ vectors[centre].T).todense()).mean())
            found.append(_recurrence(name, part, alike))
    return tuple(sorted(found, key=lambda one: (-len(one.members), one.name)))


def _vectors(texts: Sequence[str], own: frozenset[str]) -> tuple[Any, NDArray[Any]]:
    from sklearn.feature_extraction.text import TfidfVectorizer  # pyright: ignore[reportMissingTypeStubs] no types

    made: Any = TfidfVectorizer(
        preprocessor=_plain,
        stop_words=sorted(_STOP | own),
        ngram_range=(1, 2),
        min_df=2,
        max_df=max(_COMMON, len(texts) // 5),
        sublinear_tf=True,
        token_pattern=_PATTERN,
    )
    try:
        vectors = made.fit_transform(texts)
    except ValueError:  # not one word is left that two texts share
        return None, np.zeros(0, dtype=object)
    return vectors, np.asarray(made.get_feature_names_out(), dtype=object)


def _plain(text: str) -> str:
    return _NOISE.sub(" ", text.lower())


def _stars(vectors: Any) -> list[tuple[int, list[int]]]:
    """Return stars: the text with most neighbours that are free yet, and these; ties go to the older text."""
    count = int(vectors.shape[0])
    near: list[NDArray[np.int64]] = []
    for start in range(0, count, _CHUNK):
        part = (vectors[start : start + _CHUNK] @ vectors.T).tocsr()
        part.data[part.data < ALIKE] = 0
        part.eliminate_zeros()
        near += [
            np.asarray(part.indices[part.indptr[row] : part.indptr[row + 1]], dtype=np.int64)
            for row in range(part.shape[0])
        ]
    free = np.ones(count, dtype=np.bool_)
    sizes = np.array([one.size for one in near])
    made: list[tuple[int, list[int]]] = []
    while True:
        centre = int(sizes.argmax())
        if sizes[centre] < ENOUGH:
            return made
        members = sorted(int(one) for one in near[centre].tolist() if free[one])
        if len(members) < sizes[centre]:
            sizes[centre] = len(members)
            continue
        made.append((centre, members))
        free[members] = False
        sizes[members] = 0


def _sharing(vectors: Any, terms: NDArray[Any], centre: int, members: list[int]) -> list[int]:
    """Return the members that share at least two single words with the centre."""
    single = np.array([" " not in term for term in terms.tolist()])
    words = (vectors[:, np.flatnonzero(single)] > 0).astype(np.int64)
    shared = np.asarray((words[members] @ words[centre].T).todense()).ravel()
    return [place for place, count in zip(members, shared.tolist(), strict=True) if count >= _WORDS]


def _one_way(rows: Sequence[Told], members: list[int]) -> tuple[str, list[int]]:
    """Return the way in which most members go wrong, the general one where no other has enough, and these members."""
    known = {place: ways(rows[place].kind, rows[place].text) for place in members}
    many = Counter(way for told in known.values() for way in told)
    exact = {way: number for way, number in many.items() if way != GENERAL and number >= ENOUGH} or many
    most = min(exact, key=lambda way: (-exact[way], way), default="")
    return most, [place for place, told in known.items() if most in told]


def _worth(part: Sequence[Told], last: int) -> bool:
    if len(part) < ENOUGH:
        return False
    days = sorted(one.day for one in part)
    names = {_plain(one.text).strip() for one in part}
    months = {as_date(day).strftime("%Y-%m") for day in days}
    lately = sum(last - day <= _LATELY for day in days) >= _FEWEST_LATELY and last - days[-1] <= _RECENT
    return lately and days[-1] - days[0] >= _LONG and len(months) >= _MONTHS and len(names) > 1


def _name(vectors: Any, terms: NDArray[Any], members: list[int], text: str, hidden: Callable[[str], bool]) -> str:
    part = vectors[members]
    weights = np.asarray(part.mean(axis=0)).ravel()
    spread = np.asarray((part > 0).mean(axis=0)).ravel()
    good = [
        place
        for place in np.argsort(-weights, kind="stable").tolist()
        if spread[place] >= _SHARE and weights[place] > 0
    ]
    words = dict.fromkeys(word for place in good for word in cast("str", terms[place]).split())
    shown = [word for word in words if not hidden(word)][:_TERMS]
    plain = _plain(text)
    if len(shown) < _WORDS:
        return ""
    return " ".join(sorted(shown, key=lambda word: (plain.find(word) < 0, plain.find(word))))


def _recurrence(name: str, part: Sequence[Told], alike: float) -> Recurrence:
    newest = sorted(part, key=lambda one: (-one.day, one.locator))
    quarters: dict[str, int] = {}
    for one in sorted(part, key=lambda one: one.day):
        within = quarter(as_date(one.day))
        quarters[within] = quarters.get(within, 0) + 1
    days = np.array([one.days for one in part])
    kinds = {kind: sum(one.kind == kind for one in part) for kind in sorted({one.kind for one in part})}
    return Recurrence(
        name=name,
        members=tuple(one.locator for one in newest),
        kinds=kinds,
        first=as_date(newest[-1].day),
        last=as_date(newest[0].day),
        per_quarter=quarters,
        waited=float(np.nansum(days)) if np.isfinite(days).any() else None,
        alike=min(max(alike, 0.0), 1.0),
    )
