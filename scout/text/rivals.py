"""Rankings that ours is measured against: BM25 and plain TF-IDF over the same words. Loads numpy and scikit-learn.

BM25 as in Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), with their usual
constants; TF-IDF as scikit-learn makes it when nothing is said. Titles count like bodies in both.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfTransformer

from scout.text.similarity import plain_words, ranked
from scout.text.words import Words

_K1, _B = 1.2, 0.75


def bm25(texts: Sequence[Words], queries: Sequence[int]) -> list[list[int]]:
    """Return for each query (a place in `texts`) the places of the other texts, best first, at most a hundred."""
    counts = plain_words(texts).tocsr()
    rows, length = counts.shape[0], np.asarray(counts.sum(axis=1)).ravel()
    documents = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log(1 + (rows - documents + 0.5) / (documents + 0.5))
    weighed: Any = counts.tocoo(copy=True)
    spread = _K1 * (1 - _B + _B * length[weighed.row] / max(length.mean(), 1))
    weighed.data = weighed.data * (_K1 + 1) / (weighed.data + spread) * rarity[weighed.col]
    asked = counts[list(queries)].sign()
    return ranked(asked, weighed.tocsr().T.tocsr(), queries)


def tf_idf(texts: Sequence[Words], queries: Sequence[int]) -> list[list[int]]:
    """Return the same by cosine of words weighted by inverse document frequency."""
    weigh: Any = TfidfTransformer()
    weighed = weigh.fit_transform(plain_words(texts)).tocsr()
    return ranked(weighed[list(queries)], weighed.T.tocsr(), queries)
