"""Lists that Jira gives page by page, each counted from its first entry."""

from collections.abc import Iterator, Mapping

from scout.remote.call import Call
from scout.remote.caller import Caller
from scout.remote.failure import BrokenError
from scout.sources._jira.shape import Json, part, parts

PAGE = 50
_NO_PARAMS: Mapping[str, str] = {}


class EndlessError(BrokenError):
    """Page follows page, and none brings anything new.

    Args:
        what: what has such pages, the subject of a sentence.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} does not end: page after page brings nothing new.", "Run again later.")


def values(ask: Caller, path: str, params: Mapping[str, str] = _NO_PARAMS) -> Iterator[Json]:
    """Return the entries of a list.

    Args:
        ask: sends, retries, waits.
        path: from the server's root.
        params: of the query.

    Raises:
        RemoteError: a page is missing, or they never end; those before it have been returned.
    """
    start, last, before = 0, False, list[Json]()
    while not last:
        call = Call(path, {**params, "startAt": str(start), "maxResults": str(PAGE)})
        body = part(ask(call, lambda body: isinstance(part(body).get("values"), list)).body)
        found = parts(body, "values")
        if found and found == before:
            raise EndlessError(f"Jira's list {path}")
        yield from found
        start, before = start + len(found), found
        last = not found or body.get("isLast") is not False
