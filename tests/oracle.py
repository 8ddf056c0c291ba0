"""A model on loopback: an endpoint that speaks the OpenAI protocol and answers as a test tells it to."""

import json
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answering = Callable[["Reply"], None]


@dataclass
class Oracle:
    """An endpoint with its answers, used up in order (the last one stays), and what it was asked.

    Attributes:
        url: the root of its API.
        asked: the bodies of the requests.
        keys: the credentials that came with them.
    """

    url: str
    answers: list[Answering]
    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    keys: list[str] = field(default_factory=list[str])

    @property
    def words(self) -> str:
        """All that was ever sent here."""
        return json.dumps(self.asked)


class Reply(BaseHTTPRequestHandler):
    """One answer being given."""

    oracle: Oracle
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer a question as the next in the list does."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.oracle.asked.append(json.loads(body))
        self.oracle.keys.append(self.headers.get("Authorization", ""))
        answering = self.oracle.answers.pop(0) if len(self.oracle.answers) > 1 else self.oracle.answers[0]
        answering(self)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class calls it so
        """Say nothing."""

    def begin(self, status: int, kind: str, headers: Mapping[str, str]) -> None:
        """Send status and headers; the connection ends with the answer."""
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Connection": "close", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True

    def event(self, payload: object) -> None:
        """Send one event of a stream."""
        text = payload if isinstance(payload, str) else json.dumps(payload)
        self.wfile.write(f"data: {text}\n\n".encode())
        self.wfile.flush()


def says(value: object, *, tokens: int = 100) -> Answering:
    """Return an answer with this JSON value (or these very words) in two pieces."""
    text = value if isinstance(value, str) else json.dumps(value)

    def answer(reply: Reply) -> None:
        reply.begin(200, "text/event-stream", {})
        for piece in (text[: len(text) // 2], text[len(text) // 2 :]):
            reply.event(_chunk({"content": piece}))
        reply.event(_chunk({}, "stop"))
        reply.event(
            {**_chunk({}), "choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": tokens}}
        )
        reply.event("[DONE]")

    return answer


def measures(*, length: int = 4, tokens: int = 100, short: int = 0) -> Answering:
    """Return an answer with a vector for each text, or for fewer: how often each of some letters stands in it."""

    def answer(reply: Reply) -> None:
        texts: list[str] = reply.oracle.asked[-1]["input"]
        data = [
            {"object": "embedding", "index": at, "embedding": [float(text.count(one)) for one in "etaoinsr"[:length]]}
            for at, text in enumerate(texts[: len(texts) - short])
        ]
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        _whole(reply, {"object": "list", "model": "m", "data": data[::-1], "usage": usage})

    return answer


def cut_off(reply: Reply) -> None:
    """Begin a whole answer and hang up."""
    reply.begin(200, "application/json", {"Content-Length": "100000"})
    reply.wfile.write(b'{"data": [{"index": 0, "embedding": [0.1')


def gives(value: object) -> Answering:
    """Return an answer that is this JSON value."""
    return lambda reply: _whole(reply, value)


def breaks_off(reply: Reply) -> None:
    """Begin an answer and hang up."""
    reply.begin(200, "text/event-stream", {"Content-Length": "100000"})
    reply.event(_chunk({"content": '{"colour": '}))


def ends_early(reply: Reply) -> None:
    """Begin an answer, and end the stream in order without having finished."""
    reply.begin(200, "text/event-stream", {})
    reply.event(_chunk({"content": '{"colour": '}))
    reply.event("[DONE]")


def ends_with(reason: str, **delta: str) -> Answering:
    """Return an answer that ends for a reason."""

    def answer(reply: Reply) -> None:
        reply.begin(200, "text/event-stream", {})
        reply.event(_chunk(delta))
        reply.event(_chunk({}, reason))
        reply.event("[DONE]")

    return answer


def fails(status: int, code: str = "", **headers: str) -> Answering:
    """Return an answer of HTTP that says no."""

    def answer(reply: Reply) -> None:
        body = json.dumps({"error": {"message": "no", "type": "error", "code": code or None}}).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        reply.begin(status, "application/json", {**named, "Content-Length": str(len(body))})
        reply.wfile.write(body)

    return answer


def falls_silent(until: threading.Event) -> Answering:
    """Return an answer that begins and then says nothing until it is let go."""

    def answer(reply: Reply) -> None:
        reply.begin(200, "text/event-stream", {})
        reply.event(_chunk({"content": "{"}))
        until.wait(20)

    return answer


def keeps_alive(until: threading.Event) -> Answering:
    """Return an answer that gives signs of life for ever, and no words."""

    def answer(reply: Reply) -> None:
        reply.begin(200, "text/event-stream", {})
        while not until.wait(0.02):
            reply.wfile.write(b": still here\n\n")
            reply.wfile.flush()

    return hanging_up(answer)


def streams(event: str) -> Answering:
    """Return an answer that is one event of these words."""

    def answer(reply: Reply) -> None:
        reply.begin(200, "text/event-stream", {})
        reply.event(event)

    return answer


def overflows(reply: Reply) -> None:
    """Give an answer that goes on and on."""

    def answer(reply: Reply) -> None:
        reply.begin(200, "text/event-stream", {})
        while True:
            reply.event(_chunk({"content": "more " * 2000}))

    hanging_up(answer)(reply)


def never_ends_a_line(reply: Reply) -> None:
    """Give an answer that is one line without end."""

    def answer(reply: Reply) -> None:
        reply.begin(200, "text/event-stream", {})
        while True:
            reply.wfile.write(b"more " * 20_000)

    hanging_up(answer)(reply)


def hanging_up(answering: Answering) -> Answering:
    """Return an answer that ends when nobody listens any more."""

    def answer(reply: Reply) -> None:
        with suppress(OSError):
            answering(reply)

    return answer


@contextmanager
def oracle(*answers: Answering) -> Generator[Oracle]:
    """Give an endpoint that answers like this."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Here", (Reply,), {}))
    it = Oracle(f"http://127.0.0.1:{server.server_address[1]}/v1", list(answers))
    vars_of: Any = server.RequestHandlerClass
    vars_of.oracle = it
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield it
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _whole(reply: Reply, value: object) -> None:
    body = json.dumps(value).encode()
    reply.begin(200, "application/json", {"Content-Length": str(len(body))})
    reply.wfile.write(body)


def _chunk(delta: Mapping[str, str], reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": dict(delta), "finish_reason": reason}
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
