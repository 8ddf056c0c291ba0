"""Which column of a sheet says what: by the names that exports of trackers use, or by what the user says."""

import re
from collections.abc import Mapping, Sequence

from scout.errors import UsageError
from scout.model.names import nearest

USUAL: Mapping[str, tuple[str, ...]] = {
    "key": ("issue key", "key", "identifier", "id", "number", "issue number", "issue id", "#"),
    "title": ("title", "summary", "subject", "name"),
    "body": ("description", "body", "text", "details"),
    "state": ("status", "state"),
    "category": ("status category",),
    "resolution": ("resolution", "state reason"),
    "kind": ("issue type", "type", "kind", "work item type"),
    "labels": ("labels", "label", "tags"),
    "priority": ("priority",),
    "milestone": (
        "fix version/s",
        "fix versions",
        "milestone",
        "project milestone",
        "cycle name",
        "sprint",
        "iteration",
    ),
    "parent": ("parent key", "parent issue", "parent", "parent id"),
    "assignee": ("assignee", "assignees", "assigned to"),
    "author": ("reporter", "creator", "author", "created by"),
    "url": ("url", "html url", "link"),
    "created": ("created", "created at", "created date", "date created"),
    "updated": ("updated", "updated at", "changed date", "last updated", "modified"),
    "closed": ("resolved", "closed", "closed at", "closed date", "completed", "completed at", "canceled"),
    "due": ("due date", "due", "due on"),
    "comment": ("comment", "comments"),
    "blocks": ("outward issue link (blocks)", "blocks"),
    "blocked_by": ("inward issue link (blocks)", "blocked by"),
    "duplicates": ("outward issue link (duplicate)", "duplicates", "duplicate of"),
    "relates": ("outward issue link (relates)", "inward issue link (relates)", "related to"),
}
"""What a sheet may say about a ticket, and the names of columns that say it, in lower case, best first."""

SEVERAL = frozenset({"labels", "comment", "blocks", "blocked_by", "duplicates", "relates", "closed", "assignee"})
"""What may stand in several columns; of the rest the first that is there counts."""

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[\s_-]+")


def columns_of(header: Sequence[str], said: Mapping[str, Sequence[str]], name: str) -> dict[str, tuple[int, ...]]:
    """Return the columns of each part of a ticket.

    Args:
        header: the names of the columns.
        said: what the user says: names of columns by part.
        name: of the file, for errors.

    Raises:
        UsageError: a column or a part is not there, or nothing says what the title is.
    """
    places = {part: _places(header, part) for part in USUAL}
    for part, wanted in said.items():
        if part not in USUAL:
            raise UsageError(f"A ticket has no '{part}'.", _near(part, USUAL))
        places[part] = tuple(place for column in wanted for place in _named(header, column, name))
    if not places["title"]:
        remedy = f"Say which column it is, with --map title=COLUMN. There are: {', '.join(header)}."
        raise UsageError(f"No column of {name} is known to be the title.", remedy)
    return {part: found for part, found in places.items() if found}


def _places(header: Sequence[str], part: str) -> tuple[int, ...]:
    plain = [_plain(column) for column in header]
    found = [place for usual in USUAL[part] for place, column in enumerate(plain) if column == usual]
    return tuple(found if part in SEVERAL else found[:1])


def _named(header: Sequence[str], column: str, name: str) -> list[int]:
    for candidate in (column, column.casefold()):
        if found := [place for place, one in enumerate(header) if candidate in {one.strip(), one.strip().casefold()}]:
            return found
    raise UsageError(f"{name} has no column '{column}'.", _near(column, [one.strip() for one in header]))


def _near(name: str, known: Sequence[str] | Mapping[str, object]) -> str:
    lower = {one.lower(): one for one in known}
    near = nearest(name, lower)
    return f"Did you mean '{lower[near]}'?" if near else f"There are: {', '.join(known)}."


def _plain(column: str) -> str:
    return _BETWEEN.sub(" ", _HUMP.sub(" ", column.strip())).lower()
