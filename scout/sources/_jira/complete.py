"""What a page of a search leaves out of an issue: older comments and changes, fetched where totals say so."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from scout.remote.failure import RefusedError
from scout.remote.parallel import gathered
from scout.sources._jira.payload import age
from scout.sources._jira.server import Jira
from scout.sources._jira.shape import Json, part, parts, word

PAGE = 100
_GONE = frozenset({404, 410})


class _List(NamedTuple):
    """A list inside of an issue, which may be longer than what is there."""

    issue: dict[str, Any]
    name: str
    """Of the list: `comments` or `histories`."""
    place: dict[str, Any]
    """Holds the list, and its `total`."""

    @property
    def held(self) -> int:
        return len(self.place[self.name])


def complete(jira: Jira, issues: Sequence[dict[str, Any]], workers: int) -> None:
    """Fill up the comments and the changelogs of issues in place.

    First what is older than the newest, which came with the issue; whatever is missing then, from the rest.

    Args:
        jira: where to ask.
        issues: as `payload.kept` returns them.
        workers: how many requests at once.

    Raises:
        RemoteError: something is missing and cannot be fetched. An issue that is gone by now stays as it is.
    """
    short = [one for issue in issues for one in _lists(issue) if one.held < one.place["total"]]
    older = [_starts(jira, one, 0, one.place["total"] - one.held) for one in short]
    _fetch(jira, short, older, workers)
    rest = [_starts(jira, one, starts.stop, one.place["total"]) for one, starts in zip(short, older, strict=True)]
    _fetch(jira, short, rest, workers)


_Piece = tuple[_List, list[Json]]


def _lists(issue: dict[str, Any]) -> Iterator[_List]:
    said = issue["fields"].get("comment")
    if said:
        yield _List(issue, "comments", said)
    yield _List(issue, "histories", issue["changelog"])


def _starts(jira: Jira, one: _List, low: int, high: int) -> range:
    """Return where the pages begin that have the entries from `low` to `high`; none for a list that is whole."""
    if one.held >= one.place["total"]:
        return range(low, low)
    if one.name == "histories" and not jira.cloud:
        return range(low, 1)  # all of them come at once
    return range(low, low - (low - high) // PAGE * PAGE, PAGE)


def _fetch(jira: Jira, short: Sequence[_List], starts: Sequence[range], workers: int) -> None:
    """Fetch pages of lists; a list ends with an empty page, whatever its total says."""
    came, ended = defaultdict[int, list[Json]](list), set[int]()

    def calls() -> Iterator[Callable[[], _Piece]]:
        for one, mine in zip(short, starts, strict=True):
            for start in mine:
                if id(one.place) in ended:
                    break
                yield partial(_piece, one, start, jira)

    for one, found in gathered(calls(), workers):
        came[id(one.place)] += found
        if not found:
            ended.add(id(one.place))
    for one in short:
        merged = {word(entry, "id"): entry for entry in (*one.place[one.name], *came[id(one.place)])}
        one.place[one.name] = sorted(merged.values(), key=age)


def _piece(one: _List, start: int, jira: Jira) -> _Piece:
    """Return one page of a list; a server without pages of changes gives all of them with the issue."""
    path, params = f"/issue/{word(one.issue, 'id')}", {"startAt": str(start), "maxResults": str(PAGE)}
    try:
        if one.name == "comments":
            return one, parts(jira.get(f"{path}/comment", params).body, "comments")
        if jira.cloud:
            return one, parts(jira.get(f"{path}/changelog", params).body, "values")
        whole = jira.get(path, {"fields": "summary", "expand": "changelog"}).body
        return one, parts(part(whole, "changelog"), "histories")
    except RefusedError as error:
        if error.status in _GONE:
            return one, []
        raise
