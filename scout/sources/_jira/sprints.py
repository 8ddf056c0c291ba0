"""Sprints: those that issues name, and those of boards where the agile API answers."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, cast

from scout.remote.failure import RefusedError
from scout.sources._jira.lists import values
from scout.sources._jira.lore import Lore
from scout.sources._jira.server import Jira
from scout.sources._jira.shape import Json, part, word

AGILE = "/rest/agile/1.0"
_PLAIN = ("sprint", "closedSprints")
_KEPT = ("id", "name", "state", "startDate", "endDate", "completeDate")
_BOARDS = ("boardId", "originBoardId", "rapidViewId")
_HAS_NONE = 400
"""What a board that has no sprints answers."""
_OLD = re.compile(r"\[(.*)\]", re.DOTALL)
_PAIR = re.compile(r"(?:^|,)(\w+)=((?:(?!,\w+=).)*)", re.DOTALL)
_NULL = "<null>"


def in_issue(fields: Json, lore: Lore) -> dict[str, Json]:
    """Return the sprints that an issue is or was in, by id."""
    names = [*_PLAIN, *(name for name, role in lore.roles.items() if role == "sprint")]
    found = (plain(sprint) for name in names if name in fields for sprint in _sprints(fields[name]))
    return {sprint["id"]: sprint for sprint in found if sprint["id"]}


def plain(sprint: Json) -> Json:
    """Return what all places that tell of a sprint say of it, in one shape: issues, boards, servers old and new."""
    board = next((found for name in _BOARDS if (found := word(sprint, name))), "")
    return {name: word(sprint, name) for name in _KEPT} | {"state": word(sprint, "state").lower(), "boardId": board}


def of_boards(jira: Jira, projects: Sequence[str], most: int) -> Iterator[Json]:
    """Return the sprints of the boards of projects.

    Args:
        jira: where to ask.
        projects: their keys.
        most: boards of a project that are asked, at most.

    Raises:
        RemoteError: the agile API does not answer, or not to us.
    """
    for project in projects:
        boards = (
            board
            for board in values(jira.ask, f"{AGILE}/board", {"projectKeyOrId": project})
            if board.get("type") != "kanban"
        )
        for board in islice(boards, most):
            try:
                yield from map(plain, values(jira.ask, f"{AGILE}/board/{word(board, 'id')}/sprint"))
            except RefusedError as error:
                if error.status != _HAS_NONE:
                    raise


def _sprints(value: Any) -> list[Json]:
    listed = cast("list[Any]", value) if isinstance(value, list) else [value]
    return [_parsed(one) if isinstance(one, str) else part(one) for one in listed]


def _parsed(text: str) -> Json:
    """Return a sprint from the text that older servers write: `…Sprint@1f[id=7,state=CLOSED,name=Sprint 7,…]`."""
    inner = _OLD.search(text)
    return {name: value for name, value in _PAIR.findall(inner[1]) if value != _NULL} if inner else {}
