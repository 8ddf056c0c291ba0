"""Two baselines that any classifier has to beat: always the commonest class, and a bag of words.

Both are judged by five-fold cross-validation: what says a ticket's class has never seen that ticket.
"""

import warnings
from collections import Counter
from collections.abc import Sequence
from typing import Any

from scout.lifecycle.record import Record

FOLDS = 5
_SEED = 20_261_121


def folds(count: int) -> list[int]:
    """Return for each of `count` rows the fold that it is judged in; seeded."""
    import random

    order = list(range(count))
    random.Random(_SEED).shuffle(order)  # noqa: S311 - a split, no secret
    fold = [0] * count
    for place, row in enumerate(order):
        fold[row] = place % FOLDS
    return fold


def majority(labels: Sequence[str]) -> list[str]:
    """Return for each row the commonest class of the other folds."""
    fold = folds(len(labels))
    others = [Counter(name for name, at in zip(labels, fold, strict=True) if at != one) for one in range(FOLDS)]
    whole = Counter(labels)
    return [(others[at] or whole).most_common(1)[0][0] for at in fold]


def words_of(record: Record) -> str:
    """Return all words of a record; names of labels, kind and state are words of their own."""
    names = (*(f"label {one}" for one in record.labels), f"kind {record.kind}", f"state {record.state}")
    said = (comment.body for comment in record.comments)
    return "\n".join((record.title, record.body, *said, *(name.replace(" ", "_") for name in names)))


def bag_of_words(texts: Sequence[str], labels: Sequence[str]) -> list[str]:
    """Return for each row the class that a regression over its words says, fitted on the other folds.

    TF-IDF of words and pairs of words, logistic regression with balanced classes: the usual baseline, and given all
    that rules see (comments, and labels, kind and state as words), since without it is weaker.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    fold, said = folds(len(labels)), majority(labels)
    for one in range(FOLDS):
        train = [row for row, at in enumerate(fold) if at != one]
        judged = [row for row, at in enumerate(fold) if at == one]
        if not judged or len({labels[row] for row in train}) < 2:  # noqa: PLR2004 - one class cannot be told apart
            continue
        vectors: Any = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
        model: Any = LogisticRegression(max_iter=1000, class_weight="balanced")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(vectors.fit_transform([texts[row] for row in train]), [labels[row] for row in train])
        for row, name in zip(judged, model.predict(vectors.transform([texts[row] for row in judged])), strict=True):
            said[row] = str(name)
    return said
