"""The first questions of a pull, asked at once: which Jira it is, what it says about itself, what time it is there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar

from scout.remote.caller import Caller
from scout.remote.failure import BrokenError, RefusedError, RemoteError
from scout.remote.parallel import gathered
from scout.sources._jira.cursor import Cursor, Kept
from scout.sources._jira.issues import Scope, newest
from scout.sources._jira.moments import known_zone
from scout.sources._jira.references import Listed, listed
from scout.sources._jira.server import Jira
from scout.sources._jira.shape import word

T = TypeVar("T")
_NOT_THERE = 404
PROJECT, STATUS, FIELD, MARK, ZONE = "project", "status", "field", "mark", "zone"


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """An answer, or why there is none."""

    value: T | None = None
    error: RemoteError | None = None

    def wanted(self) -> T:
        """Return the answer.

        Raises:
            RemoteError: there is none.
        """
        if self.value is None:
            raise self.error or BrokenError("Nothing was asked.", "Report this as a defect.")
        return self.value


@dataclass(frozen=True, slots=True)
class Opening:
    """What the server said first.

    Attributes:
        jira: the server, asked as what it is.
        lists: status, field and `project/<key>`.
        mark: when the last change happened; None where nobody asked, for no issues are read for the first time.
        zone: the user's; empty where that could not be asked.
        remembered: whether the zone is the one of the last pull.
    """

    jira: Jira
    lists: Mapping[str, Told[Listed]]
    mark: Told[datetime] | None
    zone: str
    remembered: bool

    @property
    def missing(self) -> bool:
        """Whether there is nothing where we asked: it is not this kind of Jira, or none at all."""
        error = self.lists[STATUS].error
        return isinstance(error, RefusedError) and error.status == _NOT_THERE


def project_list(key: str) -> str:
    """Return the name under which a project is listed."""
    return f"{PROJECT}/{key}"


def opened(ask: Caller, cursor: Cursor, scope: Scope, size: int) -> Opening:
    """Return what the server says first; asked as Cloud, and where nothing of that is there, as Server.

    Args:
        ask: sends, retries, waits.
        cursor: what is known already is not asked.
        scope: what will be read.
        size: issues a page.
    """
    cloud = cursor.cloud is not False
    opening = _opening(Jira(ask, cloud=cloud, size=size), cursor, scope)
    if not opening.missing:
        return opening
    other = _opening(Jira(ask, cloud=not cloud, size=size), cursor, scope)
    return opening if other.missing else other


def asked_zone(jira: Jira) -> str:
    """Return the time zone of the user, in which queries are read; for a guest the one that is never ahead of it.

    Raises:
        RemoteError: the server does not answer.
    """
    try:
        return known_zone(word(jira.get("/myself").body, "timeZone"))
    except RefusedError:
        return known_zone("")


def _opening(jira: Jira, cursor: Cursor, scope: Scope) -> Opening:
    def about(name: str, path: str, kind: type) -> Callable[[], Listed]:
        return partial(listed, jira, path, cursor.lists.get(name, Kept()), kind)

    work: dict[str, Callable[[], Any]] = {
        STATUS: about(STATUS, "/status", list),
        FIELD: about(FIELD, "/field", list),
        **{project_list(key): about(project_list(key), f"/project/{key}", dict) for key in scope.projects},
    }
    if not cursor.zone:
        work[ZONE] = partial(asked_zone, jira)
    if any(key not in cursor.since for key in scope.projects):
        work[MARK] = partial(newest, jira, scope)
    told = dict(gathered((partial(_told, name, ask) for name, ask in work.items()), scope.workers))
    zone = told.pop(ZONE, Told(cursor.zone)).value or ""
    mark = told.pop(MARK, None)
    return Opening(jira, told, mark, zone, remembered=bool(cursor.zone))


def _told(name: str, ask: Callable[[], T]) -> tuple[str, Told[T]]:
    try:
        return name, Told(ask())
    except RemoteError as error:
        return name, Told(error=error)
