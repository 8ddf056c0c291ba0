"""What became of issues that are not there any more: Jira tells moved from gone, but not hidden from deleted."""

from collections.abc import Iterator, Sequence
from functools import partial

from scout.remote.call import Answer, Call
from scout.remote.parallel import gathered
from scout.remote.reading import GarbageError, parsed
from scout.sources._jira.issues import Scope
from scout.sources._jira.server import Jira
from scout.sources._jira.shape import NOTHING, part, word
from scout.warehouse.records import Tombstone

_OK = 200
_REFUSALS = {403: "hidden", 404: "gone", 410: "gone"}


def probed(jira: Jira, scope: Scope, ids: Sequence[str]) -> Iterator[Tombstone]:
    """Return a tombstone for each issue that is not ours any more, by asking for it alone.

    One that is there all the same was missed by the index, which lags, and stays; unless a restriction of ours may
    have left it out.

    Args:
        jira: where to ask.
        scope: what is ours, read without a fault.
        ids: of issues that a whole list of it did not have.

    Raises:
        RemoteError: the server does not answer.
    """
    for tombstone in gathered((partial(_probe, jira, scope, key) for key in ids), scope.workers):
        if tombstone is not None:
            yield tombstone


def _probe(jira: Jira, scope: Scope, key: str) -> Tombstone | None:
    answer = jira.ask.raw(Call(f"{jira.root}/issue/{key}", {"fields": "project"}))
    if reason := _REFUSALS.get(answer.status):
        return Tombstone("issue", key, reason)
    found = part(_body(answer)) if answer.status == _OK else NOTHING
    now = word(found, "key")
    if word(found, "id") != key or not now:
        return None
    if now.rpartition("-")[0] not in scope.projects:
        return Tombstone("issue", key, "moved", now)
    return Tombstone("issue", key, "hidden") if scope.restriction else None


def _body(answer: Answer) -> object:
    try:
        return parsed(answer.body)
    except GarbageError:
        return None
