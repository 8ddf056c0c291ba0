"""The answer of an endpoint as it comes in: events of a stream, with an end to patience and to size.

The client's own reader waits as long as an endpoint sends signs of life, and keeps a line however long it gets.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from scout.llm._failing import DeniedError, Failure, LostError
from scout.llm._spending import Usage

_MOST_CHARACTERS = 400_000
_MOST_BYTES = 16_000_000


@dataclass(frozen=True)
class Said:
    """An answer: its text, and the tokens it cost with its question; None where the endpoint does not say."""

    text: str
    usage: Usage | None


class _Delta(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    delta: _Delta = _Delta()
    finish_reason: str | None = None


class _Counted(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class _Event(BaseModel):
    choices: list[_Choice] | None = None
    usage: _Counted | None = None
    error: dict[str, object] | str | None = None


def read(pieces: Iterable[bytes], seconds: Callable[[], float], timeout: float) -> Said:
    """Return the whole answer.

    Args:
        pieces: of the response's body, as they come.
        seconds: a clock that never goes back.
        timeout: seconds that the answer may take.

    Raises:
        LostError: it broke off, took too long, or is none of the protocol.
        DeniedError: it is a refusal, or too long.
        ValueError: an event is none of the protocol.
    """
    until = seconds() + timeout
    parts, refusal = list[str](), list[str]()
    ended, usage = "", None
    for event in _events(timely(pieces, seconds, until, timeout)):
        if event.error is not None:
            message = "it broke off with an error"
            raise LostError(message)
        if (told := event.usage) is not None:
            usage = Usage.told(told.prompt_tokens, told.completion_tokens, told.total_tokens)
        for choice in event.choices or []:
            parts.append(choice.delta.content or "")
            refusal.append(choice.delta.refusal or "")
            ended = choice.finish_reason or ended
        if sum(map(len, parts)) > _MOST_CHARACTERS:
            raise _too_long(usage)
    return _whole("".join(parts), "".join(refusal), ended, usage)


def timely(pieces: Iterable[bytes], seconds: Callable[[], float], until: float, timeout: float) -> Iterator[bytes]:
    """Yield the pieces of a body until it takes too long or gets too large.

    Raises:
        LostError: it was not whole by `until`.
        DeniedError: it is larger than any answer.
    """
    size = 0
    for piece in pieces:
        if seconds() > until:
            message = f"its answer did not end within {timeout:g} seconds"
            raise LostError(message)
        size += len(piece)
        if size > _MOST_BYTES:
            raise _too_long(None)
        yield piece


def _events(pieces: Iterable[bytes]) -> Iterator[_Event]:
    """Yield the events of a stream (HTML Living Standard, 9.2.6, as far as the protocol uses it)."""
    held: list[bytes] = []
    for piece in pieces:
        head, newline, tail = piece.rpartition(b"\n")
        held.append(head + newline)
        if not newline:
            held[-1] = tail
            continue
        for line in b"".join(held).splitlines():
            name, _, value = line.partition(b":")
            if name == b"data":
                if value.strip() == b"[DONE]":
                    return
                yield _Event.model_validate(json.loads(value))
        held = [tail]


def _whole(text: str, refusal: str, ended: str, usage: Usage | None) -> Said:
    if refusal or ended == "content_filter":
        message = "the model refused to answer"
        raise DeniedError(message, failure=Failure.REFUSED, usage=usage)
    if ended == "length":
        raise _too_long(usage)
    if not ended:
        message = "its answer was cut off"
        raise LostError(message, usage=usage)
    return Said(text, usage)


def _too_long(usage: Usage | None) -> DeniedError:
    message = "its answer is longer than `answer_tokens`"
    return DeniedError(message, failure=Failure.TRUNCATED, usage=usage)
