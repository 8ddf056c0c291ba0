"""Who may see the page: a browser on this machine that was handed the address which `scout serve` printed.

The address holds a token that works once and is exchanged for a session cookie. The Host header has to name loopback,
so that a foreign name that was pointed at this machine (DNS rebinding) shows nothing.
"""

import ipaddress
import secrets
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fastapi import Request
from fastapi.responses import PlainTextResponse

from scout.errors import UsageError

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Message, Receive, Send], Awaitable[None]]

OPEN = frozenset({"/enter", "/scout.css", "/icon.svg"})
"""What is answered without a session: the door itself, and files that say nothing."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_HEADERS = tuple((name.lower().encode(), value.encode()) for name, value in HEADERS.items())


class Keys:
    """The token of the address and the sessions it was exchanged for; safe to share between threads."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(32)
        self._unused = True
        self._sessions: set[str] = set()
        self._lock = threading.Lock()

    def exchange(self, token: str) -> str | None:
        """Return a new session for the token, once; None for any other token and ever after."""
        with self._lock:
            right = secrets.compare_digest(token.encode(), self.token.encode())
            if not (right and self._unused):
                return None
            self._unused = False
            session = secrets.token_urlsafe(32)
            self._sessions.add(session)
            return session

    def knows(self, session: str) -> bool:
        """Whether the session was given out by this process."""
        return any(secrets.compare_digest(session.encode(), known.encode()) for known in self._sessions)


class Gate:
    """Let through what comes from this machine with a session, and give every answer its headers."""

    def __init__(self, app: ASGIApp, keys: Keys, port: int) -> None:
        self._app = app
        self._keys = keys
        self._port = port

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer, or refuse, one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS]
            await send(message)

        refusal = self._refusal(Request(scope))
        await (refusal or self._app)(scope, receive, sending)

    def _refusal(self, request: Request) -> PlainTextResponse | None:
        if not names_loopback(request.headers.get("host", ""), self._port):
            return PlainTextResponse("This page answers on loopback only.\n", 421)
        if request.method != "GET":
            return PlainTextResponse("This page is for reading only.\n", 405, {"Allow": "GET"})
        if request.url.path in OPEN or self._keys.knows(request.cookies.get(cookie_name(self._port), "")):
            return None
        return PlainTextResponse("Open the address that `scout serve` printed.\n", 401)


def cookie_name(port: int) -> str:
    """Return the session cookie's name; browsers share cookies between ports, so the port is part of it."""
    return f"scout-{port}"


def names_loopback(host: str, port: int) -> bool:
    """Whether a Host header names this machine's loopback at our port."""
    name, _, given = host.rpartition(":")
    return given == str(port) and name in {"127.0.0.1", "localhost", "[::1]"}


def loopback(host: str) -> str:
    """Return the address to listen at.

    Raises:
        UsageError: it is not this machine's loopback.
    """
    if host == "localhost":
        return "127.0.0.1"
    try:
        if ipaddress.ip_address(host) in {ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")}:
            return host
    except ValueError:  # a name
        pass
    message = f"The page is not served at {host}: it is for a browser on this machine only."
    raise UsageError(message, "Leave --host out; from elsewhere, forward the port with ssh -L.")
