"""One request to a model: streamed, so that silence is noticed; no retries here, and no redirects."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAI

Messages = Sequence[Mapping[str, str]]
_MOST_CHARACTERS = 400_000
_AGAIN = frozenset({408, 409, 429})
_SERVER_FAULT = 500


class LostError(Exception):
    """No answer this time; another attempt may bring one.

    Attributes:
        wait: seconds the server asked to wait; None where it said nothing.
    """

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


class DeniedError(Exception):
    """The endpoint says no, and will say no again.

    Attributes:
        status: of HTTP; 0 where the model itself refused.
        lasting: whether the same question will always be answered so.
    """

    def __init__(self, why: str, status: int = 0, *, lasting: bool = False) -> None:
        super().__init__(why)
        self.status = status
        self.lasting = lasting


@dataclass(frozen=True)
class Said:
    """An answer: its text, and the tokens it cost with its question; None where the endpoint does not say."""

    text: str
    tokens: int | None


class Endpoint:
    """Where a model is.

    Args:
        base_url: the root of the API.
        model: its name there.
        key: the credential; empty for an endpoint that wants none.
        timeout: seconds that one answer may take, and that the server may be silent.
        most: tokens of an answer.
        now: Unix time, for `Retry-After` with a date.
    """

    def __init__(  # noqa: PLR0913 - where, whom, and how long
        self, base_url: str, model: str, key: str, *, timeout: float, most: int, now: Callable[[], float]
    ) -> None:
        self._base_url = base_url
        self._model = model
        self._key = key
        self._timeout = timeout
        self._most = most
        self._now = now

    def ask(self, messages: Messages, name: str, schema: Mapping[str, Any]) -> Said:
        """Return the answer to one question.

        Raises:
            LostError: the endpoint is busy, unreachable, too slow, or its answer was cut off.
            DeniedError: the endpoint or the model refuses.
        """
        import openai

        try:
            with self._client() as client:
                return self._streamed(client, messages, name, schema)
        except openai.APITimeoutError as error:
            message = f"it was silent for {self._timeout:g} seconds"
            raise LostError(message) from error
        except openai.APIStatusError as error:
            raise self._failure(error) from error
        except openai.APIConnectionError as error:
            message = "it could not be reached"
            raise LostError(message) from error
        except (openai.OpenAIError, ValueError) as error:  # what it sent is not of the protocol
            message = "its answer is not one of the OpenAI protocol"
            raise LostError(message) from error
        except (LostError, DeniedError):
            raise
        except Exception as error:
            if not type(error).__module__.startswith("http"):  # the transport's own faults while a stream is read
                raise
            message = "its answer was cut off"
            raise LostError(message) from error

    def _client(self) -> "OpenAI":
        from openai import DefaultHttpxClient, OpenAI

        transport = DefaultHttpxClient(follow_redirects=False, timeout=self._timeout)
        return OpenAI(
            api_key=self._key or "none",
            organization="",
            project="",
            base_url=self._base_url,
            max_retries=0,
            timeout=self._timeout,
            http_client=transport,
        )

    def _streamed(self, client: "OpenAI", messages: Messages, name: str, schema: Mapping[str, Any]) -> Said:
        create: Callable[..., Any] = client.chat.completions.create
        stream = create(
            model=self._model,
            messages=[dict(message) for message in messages],
            max_completion_tokens=self._most,
            response_format={"type": "json_schema", "json_schema": {"name": name, "schema": schema, "strict": True}},
            stream=True,
            stream_options={"include_usage": True},
        )
        until, parts, refusal = monotonic() + self._timeout, list[str](), list[str]()
        ended, tokens = "", None
        with closing(stream):
            for chunk in stream:
                if chunk.usage is not None:
                    tokens = chunk.usage.total_tokens
                for choice in chunk.choices or ():
                    parts.append(choice.delta.content or "")
                    refusal.append(choice.delta.refusal or "")
                    ended = choice.finish_reason or ended
                if monotonic() > until or sum(map(len, parts)) > _MOST_CHARACTERS:
                    message = f"its answer did not end within {self._timeout:g} seconds"
                    raise LostError(message)
        return _whole("".join(parts), "".join(refusal), ended, tokens)

    def _failure(self, error: "APIStatusError") -> LostError | DeniedError:
        status, headers = error.status_code, error.response.headers
        if status == 429 and error.code == "insufficient_quota":  # noqa: PLR2004 - a status is its own name
            return DeniedError("its account has no quota left", status)
        if status in _AGAIN or status >= _SERVER_FAULT:
            return LostError(f"it answered {status}", self._wait(headers))
        return DeniedError(f"it answered {status}", status)

    def _wait(self, headers: Mapping[str, str]) -> float | None:
        """Return the seconds of `Retry-After` (RFC 9110, 10.2.3), or of its cousin in milliseconds."""
        try:
            if (milliseconds := headers.get("retry-after-ms")) is not None:
                return max(0.0, float(milliseconds) / 1000)
            if (given := headers.get("retry-after")) is None:
                return None
            if given.strip().replace(".", "", 1).isdigit():
                return float(given)
            return max(0.0, parsedate_to_datetime(given).timestamp() - self._now())
        except (ValueError, TypeError):
            return None


def _whole(text: str, refusal: str, ended: str, tokens: int | None) -> Said:
    if refusal or ended == "content_filter":
        message = "the model refused to answer"
        raise DeniedError(message, lasting=True)
    if ended == "length":
        message = "its answer is longer than `answer_tokens`"
        raise DeniedError(message, lasting=True)
    if not ended:
        message = "its answer was cut off"
        raise LostError(message)
    return Said(text, tokens)
