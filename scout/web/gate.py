"""Who may see the page, and from where: the Host that a request names, its session, and what a write brings along.

By default that is a browser on this machine which was handed the address that `scout serve` printed: it holds a token
that works once and is exchanged for a session cookie. The Host header has to name the page as the settings do, so that
a foreign name that was pointed at this machine (DNS rebinding) shows nothing.
"""

import ipaddress
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fastapi import Request
from fastapi.responses import PlainTextResponse

from scout.errors import UsageError
from scout.settings import Auth
from scout.web.access import Keys

log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Message, Receive, Send], Awaitable[None]]

OPEN = frozenset({"/enter", "/scout.css", "/scout.js", "/icon.svg"})
"""What is answered without a session: the door itself, and files that say nothing."""

DENIALS = frozenset({401, 403, 405, 413, 421, 429})
"""Answers that say no to somebody; each is logged."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_HEADERS = tuple((name.lower().encode(), value.encode()) for name, value in HEADERS.items())


class Gate:
    """Let through what has a session and comes from the page itself, and give every answer its headers."""

    def __init__(self, app: ASGIApp, keys: Keys, port: int) -> None:
        self._app, self._keys, self._port = app, keys, port

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer, or refuse, one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        request = Request(scope)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS]
                if message["status"] in DENIALS:  # without the query: it may hold a token
                    path = request.url.path.encode("unicode_escape").decode("ascii")
                    log.warning("refused %s %s: %s", request.method, path, message["status"])
            await send(message)

        await (self._refusal(request) or self._app)(scope, receive, sending)

    def _refusal(self, request: Request) -> PlainTextResponse | None:
        """Return why a request is not answered; None lets it through, with its session in the request's state."""
        if not self._is_named(request.headers.get("host", "")):
            return PlainTextResponse("This page is not served under that name.\n", 421)
        if request.method not in {"GET", "POST"}:
            return PlainTextResponse("This page knows GET and POST.\n", 405, {"Allow": "GET, POST"})
        if request.method == "POST" and not _is_own(request):
            return PlainTextResponse("A form of another page is not taken.\n", 403)
        if request.url.path in OPEN:
            return None
        peer = request.client.host if request.client else ""
        cookie = request.cookies.get(cookie_name(self._port), "")
        session = self._keys.session(cookie) if cookie else self._keys.proxied(peer, request.headers)
        if session is None:
            # a link of another site comes without our cookie; the same address asked for by this answer comes with it
            again = {"Refresh": "0"} if request.headers.get("sec-fetch-site") == "cross-site" else None
            return PlainTextResponse("Open the address that `scout serve` printed, or log in again.\n", 401, again)
        request.state.session = session
        return None

    def _is_named(self, host: str) -> bool:
        return names_loopback(host, self._port) or host.lower() in {one.lower() for one in self._keys.settings.names}


def _is_own(request: Request) -> bool:
    """Say whether a write comes from a page of ours: by what the browser says of its origin."""
    origin = request.headers.get("origin")
    if origin is not None:
        return origin.partition("://")[2].lower() == request.headers.get("host", "").lower()
    return request.headers.get("sec-fetch-site", "same-origin") == "same-origin"


def cookie_name(port: int) -> str:
    """Return the session cookie's name; browsers share cookies between ports, so the port is part of it."""
    return f"scout-{port}"


def names_loopback(host: str, port: int) -> bool:
    """Whether a Host header names this machine's loopback at our port."""
    name, _, given = host.rpartition(":")
    return given == str(port) and name in {"127.0.0.1", "localhost", "[::1]"}


def place(host: str, auth: Auth) -> str:
    """Return the address to listen at.

    Raises:
        UsageError: it is no address, or not this machine's loopback while the address that is printed lets in.
    """
    if host == "localhost":
        return "127.0.0.1"
    try:
        address = ipaddress.ip_address(host)
    except ValueError as error:
        raise UsageError(f"'{host}' is no address.", "Give one of this machine's, such as 127.0.0.1.") from error
    if auth is Auth.ADDRESS and address not in {ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")}:
        message = f"The page is not served at {host}: it is for a browser on this machine only."
        remedy = "Leave --host out and forward the port with ssh -L, or set `auth` in `[serve]` (docs/serving.md)."
        raise UsageError(message, remedy)
    return host
