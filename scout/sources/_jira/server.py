"""How a Jira is asked: Cloud (v3, pages by token) and Server or Data Center (v2, pages by number)."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scout.remote.call import Call, Page
from scout.remote.caller import Caller
from scout.sources._jira.lists import EndlessError
from scout.sources._jira.shape import Json, part, parts, word

KEYS_AT_ONCE, KEYS_AT_ONCE_SERVER = 5000, 1000
"""Issues a page at most, where only id and key are asked for."""
ALL, KEY = "*all", "id,key"
IDLE = 3
"""Pages in a row that bring nothing new, at most."""
_NO_FIELDS: Mapping[str, str] = {}


class Found(NamedTuple):
    """A page of a search.

    Attributes:
        issues: as they came; only those that have an id.
        token: of the next page; empty on the last one, and on a server that has none.
        total: how many there are; None where the server does not say.
        last: whether no page follows.
    """

    issues: list[Json]
    token: str
    total: int | None
    last: bool


class Jira:
    """Asks one Jira. Thread-safe.

    Args:
        ask: sends, retries, waits.
        cloud: whether it is Jira Cloud.
        size: issues a page, at most 100.
    """

    def __init__(self, ask: Caller, *, cloud: bool, size: int) -> None:
        self.ask = ask
        self.cloud = cloud
        self.size = size
        self.root = "/rest/api/3" if cloud else "/rest/api/2"

    @property
    def keys_at_once(self) -> int:
        """Issues a page, where only `KEY` is asked for."""
        return KEYS_AT_ONCE if self.cloud else KEYS_AT_ONCE_SERVER

    def get(self, path: str, params: Mapping[str, str] = _NO_FIELDS, *, etag: str = "", kind: type = dict) -> Page:
        """Return the answer to a question below the API's root.

        Args:
            path: from there, beginning with '/'.
            params: of the query.
            etag: of the answer one has.
            kind: what the JSON must be: dict or list.

        Raises:
            RemoteError: there is none.
        """
        return self.ask(Call(self.root + path, params, etag=etag), lambda body: isinstance(body, kind))

    def search(self, jql: str, *, fields: str = ALL, size: int = 0, start: int = 0) -> Found:
        """Return one page of a search by itself, with changelogs where all fields are asked for.

        Raises:
            RemoteError: there is none.
        """
        return self._page(jql, fields, size or self.size, "", start, set())

    def pages(self, jql: str, *, fields: str = ALL, size: int = 0) -> Iterator[Found]:
        """Return the pages of a search, one after another.

        A page that begins as an earlier one did is the wrong page and is asked for again.

        Raises:
            RemoteError: a page is missing, or they never end; those before it have been returned.
        """
        token, start, idle, seen, ids = "", 0, 0, set[tuple[str, str]](), set[str]()
        while True:
            found = self._page(jql, fields, size or self.size, token, start, seen)
            yield found
            if found.last:
                return
            fresh = {word(issue, "id") for issue in found.issues} - ids
            idle = 0 if fresh else idle + 1
            if idle == IDLE:
                raise EndlessError("Jira's search")
            ids |= fresh
            seen |= {_sign(found.issues)} if found.issues else set()
            token, start = found.token, start + len(found.issues)

    def _page(  # noqa: PLR0913, PLR0917 - everything that tells one page from another
        self, jql: str, fields: str, size: int, token: str, start: int, seen: set[tuple[str, str]]
    ) -> Found:
        params = {"jql": jql, "fields": fields, "maxResults": str(size)}
        if fields == ALL:
            params["expand"] = "changelog"
        if token:
            params["nextPageToken"] = token
        if not self.cloud:
            params["startAt"] = str(start)
        path = "/search/jql" if self.cloud else "/search"

        def good(body: Any) -> bool:
            if not isinstance(part(body).get("issues"), list):
                return False
            if not self.cloud and part(body).get("startAt", start) != start:
                return False
            issues = _issues(body)
            return not issues or _sign(issues) not in seen

        return self._found(part(self.ask(Call(self.root + path, params), good).body), start)

    def _found(self, body: Json, start: int) -> Found:
        issues, total = _issues(body), body.get("total")
        count = total if isinstance(total, int) and not isinstance(total, bool) else None
        if self.cloud:
            token = word(body, "nextPageToken") if body.get("isLast") is not True else ""
            return Found(issues, token, count, not token)
        return Found(issues, "", count, not issues or (count is not None and start + len(issues) >= count))


def number_of(issue: Json) -> int:
    """Return the number in an issue's key; 0 where there is none."""
    tail = word(issue, "key").rpartition("-")[2]
    return int(tail) if tail.isascii() and tail.isdigit() else 0


def _issues(body: Any) -> list[Json]:
    return [issue for issue in parts(body, "issues") if word(issue, "id")]


def _sign(issues: list[Json]) -> tuple[str, str]:
    """Return what tells a page from others: its first issue, in the state it had."""
    return word(issues[0], "id"), word(part(issues[0], "fields"), "updated")
