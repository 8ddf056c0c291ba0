"""What is asked of a server, and what came back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as the caller means it.

    Attributes:
        path: from the API's root, beginning with '/'.
        params: of the query, as text.
        method: in capitals. Only GET (and POST where `reads` is set) is ever sent twice.
        body: what is sent as JSON.
        etag: the tag of the answer one has; a server that has nothing newer says 304.
        reads: whether it changes nothing on the server.
    """

    path: str
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    method: str = "GET"
    body: Any = None
    etag: str = ""
    reads: bool = True

    @property
    def points(self) -> int:
        """What it costs of GitHub's points a minute: a read 1, a write 5."""
        return 1 if self.reads else 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What one attempt brought, whatever its status.

    Attributes:
        headers: names in lower case.
        body: as it came; undecoded where the library lets us.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes | str = b""


@dataclass(frozen=True, slots=True)
class Page:
    """A good answer, read.

    Attributes:
        body: the JSON value; None for a 304 or an answer without content.
        unchanged: the server said 304: nothing newer than the call's `etag`.
        etag: to send next time; empty where the server gives none.
        links: addresses by relation (`next`, `last`…), from the `Link` header.
        headers: names in lower case.
        kept: it came from the spool, not from the server.
    """

    body: Any
    unchanged: bool = False
    etag: str = ""
    links: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    kept: bool = False


class Transport(Protocol):
    """One attempt at one request, with authentication and nothing else: no retry, no wait, no limit of its own."""

    @property
    def host(self) -> str:
        """The server's name and port: what the circuit breaker is about."""
        ...

    @property
    def account(self) -> str:
        """A digest of host and credential, never the credential: what the budget is about."""
        ...

    @property
    def credential(self) -> str:
        """Where the credential came from, in words ('the environment variable GITHUB_TOKEN'); empty without one."""
        ...

    def send(self, call: Call) -> Answer:
        """Send once.

        Raises:
            Lost: no whole answer came: refused, reset, cut, timed out.
        """
        ...
