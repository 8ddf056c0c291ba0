"""Why streams could not be read, in few words: what concerns the whole server is said once."""

from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from scout.remote.failure import BrokenError, LimitedError, RefusedError, RemoteError

_BAD_QUERY = 400
_OF_THE_SERVER = frozenset({401, 407})
"""Refusals that every path meets: no credential, or none for the proxy."""


class Failure(NamedTuple):
    """A stream that could not be read, or not whole.

    Attributes:
        missing: what it lacks, a sentence; empty for all of it.
    """

    stream: str
    error: RemoteError
    missing: str = ""


def reason_for(failures: Iterable[Failure]) -> str:
    """Return what happened and what to do about it, one remedy for each cause; empty where nothing failed."""
    causes = defaultdict[str, list[Failure]](list)
    for failure in failures:
        causes[_cause(failure.error)].append(failure)
    return " ".join(map(_told, causes.values()))


@contextmanager
def naming_jql(clause: str) -> Generator[None]:
    """Let a refusal of our queries name `jql` as what to check, where the settings have such a clause.

    Raises:
        RefusedError: from within.
    """
    try:
        yield
    except RefusedError as error:
        if not clause or error.status != _BAD_QUERY:
            raise
        raise RefusedError(error.what, "Check `jql`.", status=error.status, said=error.said) from error


def _cause(error: RemoteError) -> str:
    """Return what is the same for errors that one remedy mends."""
    if isinstance(error, RefusedError) and error.status not in _OF_THE_SERVER:
        return str(error)
    kinds = (BrokenError, LimitedError, RefusedError)
    return next((kind.__name__ for kind in kinds if isinstance(error, kind)), str(error))


def _told(same: Sequence[Failure]) -> str:
    first = same[0]
    others = [stream for stream in dict.fromkeys(one.stream for one in same) if stream != first.stream]
    words = [*dict.fromkeys(one.missing for one in same), first.error.what]
    words += [f"Nor could {' and '.join(others)} be read."] if others else []
    return " ".join(filter(None, [*words, first.error.remedy]))
