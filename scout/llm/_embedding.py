"""Ask a model for the vectors of texts: redacted, within a budget, patiently but not forever, never twice the same."""

from array import array
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from scout.llm._asking import key_of, model_error
from scout.llm._endpoint import Endpoint
from scout.llm._failing import DeniedError, Failure, LostError, ModelError
from scout.llm._patience import Patience, Surroundings
from scout.llm._redaction import redacted
from scout.llm._spending import Prices, Purse, SpentError, Usage
from scout.llm._vectors import Vectors
from scout.model import digest
from scout.settings import Llm

__all__ = ["Embedder"]

AT_ONCE, MOST_BYTES = 64, 100_000
"""Texts of one question, and bytes of them, at most."""
_FRAME_TOKENS = 8
"""What endpoints add around a text, generously."""


class Embedder:
    """A model of meanings that was asked for in the settings.

    Args:
        settings: `[llm]`, with `base_url` and `embedding_model`.
        key: the credential; empty where the endpoint wants none.
        folder: where vectors are kept.
        purse: what pays.
        world: what tests replace.
    """

    def __init__(self, settings: Llm, key: str, folder: Path, purse: Purse, world: Surroundings | None = None) -> None:
        world = world or Surroundings()
        self._settings, self._key, self._purse = settings, key, purse
        self._kept = Vectors(folder)
        self._prices = Prices(settings.price_of_embeddings)
        self._patience = Patience(settings.patience, world)
        self._endpoint = Endpoint.of(settings, settings.embedding_model, key, world.seconds)

    @classmethod
    def of(cls, settings: Llm, base: Path, folder: Path, purse: Purse) -> "Embedder | None":
        """Return the model of the settings; None when they name none.

        Args:
            settings: `[llm]`.
            base: the folder that relative paths of the settings start from.
            folder: where vectors are kept.
            purse: what pays.

        Raises:
            SettingsError: the file of the key cannot be read, or the endpoint is no address.
        """
        if not (settings.embedding_model and settings.base_url):
            return None
        return cls(settings, key_of(settings, base), folder, purse)

    def vectors(self, texts: Sequence[str], project: str, *, ask: bool = True) -> "list[array[float]]":
        """Return a vector for each text, all of one length; the same text is sent once.

        Vectors that are kept from before and have another length than today's are asked for again: the model behind
        the name has changed.

        Args:
            texts: in the words of others; secrets are taken out of them.
            project: whose budget pays.
            ask: whether the endpoint may be asked for what is not kept.

        Raises:
            ModelError: there are none, and why in a word.
            StoreError: what it costs cannot be written down.
        """
        cleaned = [redacted(text, (self._key,)) for text in texts]
        names = [self._named(text) for text in cleaned]
        sent = dict(zip(names, cleaned, strict=True))
        known = dict(self._kept.known(sent))
        fresh = self._asked({name: text for name, text in sent.items() if name not in known}, project, ask=ask)
        length = len(next(iter(fresh.values()), next(iter(known.values()), ())))
        stale = {name: sent[name] for name, vector in known.items() if len(vector) != length}
        found = {**known, **fresh, **self._asked(stale, project, ask=ask)}
        if len({len(vector) for vector in found.values()}) > 1:
            raise self._error("its vectors are not of one length", Failure.INVALID)
        return [found[name] for name in names]

    def _named(self, text: str) -> str:
        return digest(self._settings.base_url, self._settings.embedding_model, text, length=40)

    def _asked(self, texts: dict[str, str], project: str, *, ask: bool) -> "dict[str, array[float]]":
        if texts and not ask:
            raise self._error("it was not asked for them now", Failure.UNAVAILABLE)
        found: dict[str, array[float]] = {}
        for some in _portions(texts):
            vectors = self._answered([texts[name] for name in some], project)
            fresh = dict(zip(some, vectors, strict=True))
            self._kept.keep(fresh)
            found |= fresh
        return found

    def _answered(self, texts: Sequence[str], project: str) -> "tuple[array[float], ...]":
        try:
            return self._patience.answer(partial(self._once, texts, project))
        except SpentError as error:
            raise ModelError(f"{error}.", "Wait, or raise the budgets of `[llm]`.", Failure.OVER_BUDGET) from error
        except LostError as error:
            raise self._error(str(error), Failure.UNAVAILABLE) from error
        except DeniedError as error:
            raise self._error(str(error), error.failure, error.status) from error

    def _once(self, texts: Sequence[str], project: str) -> "tuple[array[float], ...]":
        """Return the vectors of one answer; what they may cost is reserved before, and settled when it is known."""
        most = sum(_size(text) for text in texts)
        reservation = self._purse.reserve(project, self._prices.of(Usage(most, 0)))
        try:
            found = self._endpoint.embed(texts)
        except (LostError, DeniedError) as error:
            if error.usage is not None:
                self._purse.settle(reservation, self._prices.of(error.usage))
            raise
        if found.usage is not None:
            self._purse.settle(reservation, self._prices.of(found.usage))
        return found.vectors

    def _error(self, why: str, failure: Failure, status: int = 0) -> ModelError:
        return model_error(self._settings, why, failure, status)


def _portions(texts: dict[str, str]) -> Iterator[list[str]]:
    """Yield the names of texts in portions that one question may hold."""
    portion: list[str] = []
    size = 0
    for name, text in texts.items():
        if portion and (len(portion) == AT_ONCE or size + _size(text) > MOST_BYTES):
            yield portion
            portion, size = [], 0
        portion.append(name)
        size += _size(text)
    if portion:
        yield portion


def _size(text: str) -> int:
    """Return the tokens of a text, at most: no tokeniser makes more of them than there are bytes."""
    return len(text.encode("utf-8", "replace")) + _FRAME_TOKENS
