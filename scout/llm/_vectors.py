"""Vectors of texts: as an endpoint sends them, and as they are kept on disk."""

import json
import logging
import math
import os
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from scout.llm._failing import DeniedError, Failure, LostError
from scout.llm._spending import Usage
from scout.llm._stream import timely

log = logging.getLogger(__name__)
LONGEST = 16_384
"""Numbers of one vector, at most."""
_LARGEST = 1e30
"""Beyond that, products are no numbers any more; what is no number is not below it."""
_MOST_KEPT = 50_000


@dataclass(frozen=True)
class Measured:
    """Vectors of one answer, and the tokens they cost; None where the endpoint does not say."""

    vectors: tuple["array[float]", ...]
    usage: Usage | None


class _Vector(BaseModel):
    index: int
    embedding: list[float]


class _Counted(BaseModel):
    prompt_tokens: int = 0
    total_tokens: int = 0


class _Answer(BaseModel):
    data: list[_Vector]
    usage: _Counted | None = None


def measured(pieces: Iterable[bytes], wanted: int, seconds: Callable[[], float], timeout: float) -> Measured:
    """Return the vectors of a whole answer, in the order of the texts.

    Args:
        pieces: of the response's body, as they come.
        wanted: how many texts there were.
        seconds: a clock that never goes back.
        timeout: seconds that the answer may take.

    Raises:
        LostError: it took too long, broke off, or is none of the protocol.
        DeniedError: it is too large, or not one vector for each text, all of one length and of numbers.
    """
    body = b"".join(timely(pieces, seconds, seconds() + timeout, timeout))
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        message = "its answer was cut off"
        raise LostError(message) from error
    try:
        answer = _Answer.model_validate(value)
    except ValidationError as error:
        raise _invalid("its answer holds no vectors", None) from error
    told = answer.usage
    usage = Usage.told(told.prompt_tokens, 0, told.total_tokens) if told else None
    ordered = sorted(answer.data, key=lambda one: one.index)
    if [one.index for one in ordered] != list(range(wanted)):
        raise _invalid(f"it sent {len(ordered)} vectors for {wanted} texts", usage)
    lengths = {len(one.embedding) for one in ordered}
    if len(lengths) != 1 or not 0 < next(iter(lengths)) <= LONGEST:
        raise _invalid("its vectors are not of one length", usage)
    if not all(abs(number) < _LARGEST for one in ordered for number in one.embedding):
        raise _invalid("its vectors are no numbers", usage)
    return Measured(tuple(array("f", one.embedding) for one in ordered), usage)


class Vectors:
    """A folder of vectors, each by the digest of its text; one that cannot be written is only asked for again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def known(self, keys: Iterable[str]) -> Iterator[tuple[str, "array[float]"]]:
        """Yield those that are kept and whole."""
        for key in keys:
            found = array("f")
            try:
                found.frombytes((self._folder / key).read_bytes())
            except (OSError, ValueError):
                continue
            if 0 < len(found) <= LONGEST and all(map(math.isfinite, found)):
                yield key, found

    def keep(self, vectors: Mapping[str, "array[float]"]) -> None:
        """Write vectors down, each whole or not at all; forget the oldest beyond some ten thousands."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for key, vector in vectors.items():
                descriptor, name = tempfile.mkstemp(dir=self._folder, suffix=".new")
                with os.fdopen(descriptor, "wb") as file:
                    file.write(vector.tobytes())
                Path(name).replace(self._folder / key)
            with os.scandir(self._folder) as entries:
                kept = [(one.stat().st_mtime, one.path) for one in entries]
            for _, path in sorted(kept)[: max(0, len(kept) - _MOST_KEPT)]:
                Path(path).unlink(missing_ok=True)
        except OSError as error:
            log.info("vectors were not kept: %s", error)


def _invalid(why: str, usage: Usage | None) -> DeniedError:
    return DeniedError(why, failure=Failure.INVALID, usage=usage)
