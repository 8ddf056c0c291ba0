"""Records to classify from lines of JSON: tickets as trackers and archives write them, or anything with an id."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast

from scout.lifecycle.record import Link, Record, Said, moment, whole
from scout.model import TicketState
from scout.sources._jira.words import Vocabulary, link_kind, state_of

_JIRA = Vocabulary()
_NUMBER = re.compile(r"(?P<project>.+?)[#-]\d+$")
_KNOWN = frozenset(
    (
        *(
            "id",
            "key",
            "number",
            "title",
            "summary",
            "body",
            "description",
            "labels",
            "type",
            "kind",
            "status",
            "state",
        ),
        *("assigned", "assignee", "assignees", "claimed", "priority", "milestone", "sprint", "fixVersion", "parent"),
        *("links", "comments", "created", "created_at", "updated", "updated_at", "due", "due_at", "as_of", "gold"),
        *("repository", "repo", "project", "ticket", "source", "environment", "components", "author_role"),
        *("comments_total", "ready", "missing", "confidence", "raters", "waiting_on", "second", "reason", "url"),
    )
)


def record_of(value: object, number: int, now: datetime | None = None) -> Record | str:
    """Return the object of a line as a record, or why it is none.

    Args:
        value: fields of a ticket, or `{id, ticket: {…}}`.
        number: of the line, from 1.
        now: the moment as of which it is looked at, where the line has no `as_of`.
    """
    if not isinstance(value, dict):
        return "no JSON object"
    row = cast("dict[str, Any]", value)
    if isinstance(row.get("ticket"), dict):
        row = {**cast("dict[str, Any]", row["ticket"]), **{name: one for name, one in row.items() if name != "ticket"}}
    name = _first(row, "id", "key", "number", "instance_id")
    texts = [field for field in ("title", "summary", "body", "description", "problem_statement") if row.get(field)]
    if not name and not texts:
        return "neither an `id` nor a `title`"
    links = tuple(_links(row.get("links")))
    return Record(
        id=name or f"row-{number}",
        project=_project(row, name),
        title=whole(_first(row, "title", "summary")),
        body=whole(_first(row, "body", "description", "problem_statement")),
        labels=tuple(_names(row.get("labels"))),
        kind=_word(row.get("type")) or _word(row.get("kind")),
        state=_word(row.get("status")) or _word(row.get("state")),
        assigned=any(bool(row.get(field)) for field in ("assigned", "assignee", "assignees", "claimed")),
        priority=_word(row.get("priority")).replace("None", ""),
        planned=next(filter(None, (_planned(row.get(field)) for field in ("milestone", "sprint", "fixVersion"))), ""),
        parent=_word(row.get("parent")) or next((one.other for one in links if one.kind == "parent"), ""),
        links=links,
        comments=tuple(_comments(row.get("comments"))),
        fields={key: whole(text) for key, text in row.items() if key not in _KNOWN and isinstance(text, str)},
        created_at=moment(_first(row, "created", "created_at")),
        updated_at=moment(_first(row, "updated", "updated_at")),
        due_at=moment(_first(row, "due", "due_at")),
        seen_at=moment(row.get("as_of")) or now,
    )


def kind_of_link(native: str, target: str = "", of: str = "") -> str:
    """Return the kind of a link in the words that facts know.

    Args:
        native: the tracker's words.
        target: what it leads to.
        of: what that is: `pull` for a change.
    """
    if of in {"pull", "change"} or "/pull/" in target:
        return "change"
    if native.lower() in {"subtask", "sub-task", "includes", "subtasks"}:
        return "child"
    if native.lower() in {"epic", "parent"}:
        return "parent"
    return link_kind(native)


def is_open(state: object) -> bool | None:
    """Return whether a state of any tracker is an open one; None where nobody knows."""
    if not isinstance(state, str) or not state:
        return None
    if state.lower() in {"merged", "closed"}:
        return False
    known = state_of(state, "", _JIRA)
    if known is None and state.lower() in set(TicketState):
        known = TicketState(state.lower())
    return None if known is None else known.is_open


def _links(value: object) -> Iterator[Link]:
    for one in _listed(value):
        if not isinstance(one, dict):
            continue
        link = cast("dict[str, Any]", one)
        target = _word(link.get("target")) or _word(link.get("key")) or "another ticket"
        kind = kind_of_link(_word(link.get("type")), target, _word(link.get("kind")))
        yield Link(kind, target, is_open(link.get("state")))


def _comments(value: object) -> Iterator[Said]:
    for one in _listed(value):
        if isinstance(one, str):
            yield Said(whole(one))
        elif isinstance(one, dict):
            said = cast("dict[str, Any]", one)
            yield Said(whole(said.get("body")), _by(said), moment(_first(said, "created", "created_at", "at")))


def _by(said: Mapping[str, Any]) -> str:
    mine = said.get("author_is_reporter")
    if isinstance(mine, bool):
        return "reporter" if mine else "other"
    role = _word(said.get("role"))
    return "" if not role else "reporter" if "reporter" in role or "author" in role.lower() else "other"


def _project(row: Mapping[str, Any], name: str) -> str:
    found = _first(row, "repository", "repo", "project")
    number = _NUMBER.match(name)
    return found or (number["project"] if number else "")


def _planned(value: object) -> str:
    several = _listed(value)
    return _word(several[0]) if several else _word(value)


def _names(value: object) -> Iterator[str]:
    for one in _listed(value):
        if name := _word(one):
            yield name


def _first(row: Mapping[str, Any], *names: str) -> str:
    return next((found for name in names if (found := _word(row.get(name)))), "")


def _word(value: object) -> str:
    if isinstance(value, dict):
        named = cast("dict[str, Any]", value)
        return _word(named.get("name") or named.get("title"))
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _listed(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []
