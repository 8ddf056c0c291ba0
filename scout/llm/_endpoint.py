"""One request to a model: streamed, so that silence is noticed; no retries here, and no redirects."""

from collections.abc import Callable, Mapping, Sequence
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from scout.llm._failing import NOTHING, DeniedError, LostError
from scout.llm._spending import Usage
from scout.llm._stream import Said, read
from scout.llm._vectors import Measured, measured
from scout.settings import Llm

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAI

Messages = Sequence[Mapping[str, str]]
_Answer = TypeVar("_Answer", Said, Measured)
_AGAIN = frozenset({408, 409, 429})
_SERVER_FAULT = 500
_UNANSWERED = frozenset({502, 504, 520, 524})
"""What stands between says so: the model behind it may have done, and charged for, the work."""


class Endpoint:
    """Where a model is.

    Args:
        base_url: the root of the API.
        model: its name there.
        key: the credential; empty for an endpoint that wants none.
        timeout: seconds that one answer may take, and that the server may be silent.
        most: tokens of an answer in words.
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

    @classmethod
    def of(cls, settings: Llm, model: str | None, key: str, now: Callable[[], float]) -> "Endpoint":
        """Return where the settings say that a model is."""
        base, model = settings.base_url or "", model or ""
        return cls(base, model, key, timeout=settings.timeout, most=settings.answer_tokens, now=now)

    def ask(self, messages: Messages, name: str, schema: Mapping[str, Any]) -> Said:
        """Return the answer to one question.

        Raises:
            LostError: the endpoint is busy, unreachable, too slow, or its answer was cut off.
            DeniedError: the endpoint or the model refuses, or the answer is too long.
        """
        return self._guarded(lambda client: self._streamed(client, messages, name, schema))

    def embed(self, texts: Sequence[str]) -> Measured:
        """Return a vector for each of some texts.

        Raises:
            LostError: as `ask`.
            DeniedError: the endpoint refuses, or what it sends are not as many vectors, all of one length.
        """
        return self._guarded(lambda client: self._embedded(client, texts))

    def _guarded(self, call: "Callable[[OpenAI], _Answer]") -> _Answer:
        import openai

        try:
            with self._client() as client:
                return call(client)
        except openai.APITimeoutError as error:
            raise LostError(self._silent, usage=_unsent(error)) from error
        except openai.APIStatusError as error:
            raise self._failure(error) from error
        except openai.APIConnectionError as error:
            message = "it could not be reached"
            raise LostError(message, usage=_unsent(error)) from error
        except (openai.OpenAIError, ValueError, RecursionError) as error:  # what it sent is not of the protocol
            message = "its answer is not one of the OpenAI protocol"
            raise LostError(message) from error
        except (LostError, DeniedError):
            raise
        except Exception as error:
            if not type(error).__module__.startswith("http"):  # the transport's own faults while a stream is read
                raise
            raise LostError(self._silent if "Timeout" in type(error).__name__ else "its answer was cut off") from error

    @property
    def _silent(self) -> str:
        return f"it was silent for {self._timeout:g} seconds"

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
        create: Callable[..., Any] = client.chat.completions.with_streaming_response.create
        response = create(
            model=self._model,
            messages=[dict(message) for message in messages],
            max_completion_tokens=self._most,
            response_format={"type": "json_schema", "json_schema": {"name": name, "schema": schema, "strict": True}},
            stream=True,
            stream_options={"include_usage": True},
        )
        with response as opened:
            return read(opened.iter_bytes(), monotonic, self._timeout)

    def _embedded(self, client: "OpenAI", texts: Sequence[str]) -> Measured:
        create: Callable[..., Any] = client.embeddings.with_streaming_response.create
        with create(model=self._model, input=list(texts), encoding_format="float") as opened:
            return measured(opened.iter_bytes(), len(texts), monotonic, self._timeout)

    def _failure(self, error: "APIStatusError") -> LostError | DeniedError:
        """Return what a status means; an endpoint that answers with one has not thought about the question."""
        status, headers = error.status_code, error.response.headers
        if status == 429 and error.code == "insufficient_quota":  # noqa: PLR2004 - a status is its own name
            return DeniedError("its account has no quota left", status, usage=NOTHING)
        if status in _AGAIN or status >= _SERVER_FAULT:
            usage = None if status in _UNANSWERED else NOTHING
            return LostError(f"it answered {status}", self._wait(headers), usage)
        return DeniedError(f"it answered {status}", status, usage=NOTHING)

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


def _unsent(error: Exception) -> Usage | None:
    """Return that nothing was spent where the question never got there, and None where it may have."""
    return NOTHING if type(error.__cause__).__name__ in {"ConnectError", "ConnectTimeout"} else None
