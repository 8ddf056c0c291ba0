"""Why there is no answer. All but `Lost` are for readers: one sentence and one remedy."""

from datetime import datetime

from scout.errors import UnavailableError


class Lost(Exception):  # noqa: N818 - it is no error yet: the caller tries again
    """One attempt brought no whole answer; whether the server carried the request out is unknown.

    Attributes:
        why: what happened on the way, in words that end a sentence ('the connection was reset').
        hopeless: asking again now would end the same way: no such host, no trust in its certificate.
        remedy: what the reader can do about a hopeless one, an imperative sentence.
    """

    def __init__(self, why: str = "no answer came", *, hopeless: bool = False, remedy: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.hopeless = hopeless
        self.remedy = remedy


_EVERY_PATH = frozenset({401, 407})
"""Refusals that every path meets: no credential that counts, or none for the proxy."""


class RemoteError(UnavailableError):
    """A server gave no usable answer (exit code 3).

    Attributes:
        everywhere: whether it would not answer anything else either.
    """

    def __init__(self, what: str, remedy: str, *, everywhere: bool = False) -> None:
        super().__init__(what, remedy)
        self.everywhere = everywhere


class RefusedError(RemoteError):
    """The server understood and said no; asking again the same way would not help.

    Attributes:
        status: the HTTP status.
        said: the server's own words, without markup, at most 300 characters.
    """

    def __init__(self, what: str, remedy: str, *, status: int, said: str = "") -> None:
        super().__init__(what, remedy, everywhere=status in _EVERY_PATH)
        self.status = status
        self.said = said


class LimitedError(RemoteError):
    """The server wants us to wait longer than a run waits; what was fetched is kept and the next run goes on.

    Attributes:
        until: when the server answers again (UTC).
    """

    def __init__(self, what: str, remedy: str, *, until: datetime) -> None:
        super().__init__(what, remedy, everywhere=True)
        self.until = until


class BrokenError(RemoteError):
    """The server kept failing: all retries are used up, or the circuit breaker is open."""


class UnclearError(BrokenError):
    """A request that writes was sent, and no clear answer came: whether it was carried out is unknown."""
