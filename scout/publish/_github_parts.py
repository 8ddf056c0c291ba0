"""Issues that are parts of another at GitHub: sub-issues, or a task list below the parent where there are none."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from scout.model import digest
from scout.publish._base import Relative
from scout.publish._github import COMMENT, ISSUE, Desk
from scout.remote.call import Call
from scout.remote.failure import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

_MISSING = frozenset({403, 404, 410, 422})
"""Refusals of the part, not of the parent: no sub-issues on this server, another owner, not with this account."""
Json = Mapping[str, Any]


class Part:
    """The wish that one issue is part of another.

    Args:
        desk: of the repository that the part is in.
        number: of the part.
        parent: the other issue, perhaps in another repository of the same server.
    """

    def __init__(self, desk: Desk, number: str, parent: Relative) -> None:
        self._desk, self._number, self._parent = desk, number, parent
        self._root = f"/repos/{parent.target}/issues/{parent.ticket}"
        self._line = f"- [ ] {desk.settings.repository}#{number}"
        mark = digest("part", desk.settings.repository, number, parent.target, parent.ticket, length=32)
        self._mark = f"<!-- scout:part={mark} -->"

    def request(self) -> tuple[str, dict[str, Any], "Callable[[Any], bool]"] | None:
        """Return path, body and shape of the request that would make it one; None when it is one already."""
        part = self._desk.issue(self._number)
        kept = self._sub_issues()
        if kept is None:
            return self._task()
        if any(one.get("id") == part["id"] for one in kept):
            return None
        return f"{self._root}/sub_issues", {"sub_issue_id": part["id"]}, ISSUE

    def send(self) -> tuple[str, dict[str, Any]] | None:
        """Make it one; what the server does not take as a sub-issue stands in a task list below the parent."""
        wanted = self.request()
        if wanted is None:
            return None
        path, body, good = wanted
        try:
            self._desk.sender.send("POST", path, body, good)
        except RefusedError as error:
            if error.status not in _MISSING or path.endswith("/comments") or (wanted := self._task()) is None:
                raise
            path, body, good = wanted
            self._desk.sender.send("POST", path, body, good)
        return path, body

    def _sub_issues(self) -> list[Json] | None:
        """Return the parent's sub-issues; None where the server knows none."""
        try:
            return self._desk.rows(f"{self._root}/sub_issues")
        except RefusedError as error:
            if error.status in _MISSING:
                return None
            raise

    def _task(self) -> "tuple[str, dict[str, Any], Callable[[Any], bool]] | None":
        path = f"{self._root}/comments"
        said = (str(one.get("body") or "") for one in self._desk.rows(path) if self._desk.ours(one))
        if any(self._mark in body for body in said):
            return None
        return path, {"body": f"{self._line}\n\n{self._mark}"}, COMMENT


def issue_types(desk: Desk) -> tuple[str, ...] | None:
    """Return the issue types of the organisation that owns the repository; None where there are none to be seen."""
    owner = desk.settings.repository.partition("/")[0]
    if not desk.owned_by_organisation:
        return None
    try:
        page = desk.ask(Call(f"/orgs/{owner}/issue-types"), lambda body: isinstance(body, list))
    except RefusedError as error:
        if error.status in _MISSING:
            return None
        raise
    rows = cast("list[Json]", page.body)
    return tuple(str(one["name"]) for one in rows if one.get("is_enabled", True))
