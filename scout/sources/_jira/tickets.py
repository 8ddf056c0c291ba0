"""Core rows of one issue: the ticket, what was said about it, how it hangs together with others."""

from collections.abc import Iterator
from typing import Any, cast

from scout.model import TicketState
from scout.remote.reading import dumped
from scout.sources._jira.history import transitions
from scout.sources._jira.moments import moment
from scout.sources._jira.shape import NOTHING, Json, part, parts, word, words
from scout.sources._jira.words import LABEL, Vocabulary, kind_of, link_kind, plain, state_of
from scout.sources._people import person
from scout.text import adf, wiki
from scout.warehouse.records import CommentRow, CoreRow, LinkRow, TicketRow, TransitionRow

_REST = "/rest/"
_SEEN = ("value", "name", "title", "person")
"""Where the values of fields have what a reader sees of them."""
_SYSTEM = frozenset({"parent", "subtasks", "issuelinks", "comment", "worklog", "attachment", "description"})
"""Fields that have a place of their own, so that no setting puts them into `fields` again."""


def issue_rows(issue: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return the rows of an issue's record: ticket, comments, transitions, links.

    Args:
        issue: the record, people replaced.
        said: what the settings say.
    """
    key = word(issue, "key")
    if not key:
        return
    changes = list(transitions(key, issue, said))
    yield _ticket(key, issue, said, changes)
    yield from _comments(key, issue)
    yield from changes
    yield from _links(key, part(issue, "fields"), said)


def markdown(value: Any) -> str:
    """Return a text of Jira as Markdown, whether it is a document (v3) or wiki markup (v2)."""
    if isinstance(value, str):
        return wiki.markdown(value)
    return adf.markdown(part(value))


def _ticket(key: str, issue: Json, said: Vocabulary, changes: list[TransitionRow]) -> TicketRow:
    fields = part(issue, "fields")
    status, kind = part(fields, "status"), part(fields, "issuetype")
    author, by_bot = person(fields.get("reporter") or fields.get("creator"))
    labels = words(fields, "labels")
    resolution = word(part(fields, "resolution"), "name")
    state = _labelled(labels, said) or _state(status, said, resolution) or TicketState.TRIAGE
    return TicketRow(
        key=key,
        title=word(fields, "summary"),
        body=_body(fields),
        state=state.value,
        native_state=word(status, "name"),
        kind=found.value if (found := kind_of(word(kind, "name"), labels, said)) else None,
        native_kind=word(kind, "name"),
        labels=labels,
        claimed=bool(part(fields, "assignee")),
        priority=word(part(fields, "priority"), "name"),
        milestone=", ".join(filter(None, (word(version, "name") for version in parts(fields, "fixVersions")))),
        parent=_parent(issue)[0],
        resolution=resolution,
        author=author,
        by_bot=by_bot,
        url=_url(issue, key),
        fields=_mapped(issue, said),
        created_at=moment(fields.get("created")),
        updated_at=moment(fields.get("updated")),
        closed_at=None if state.is_open else _closed(fields, changes),
        due_at=moment(fields.get("duedate")),
    )


def _labelled(labels: list[str], said: Vocabulary) -> TicketState | None:
    if not said.states:
        return None
    return next((said.states[name] for label in labels if (name := plain(LABEL + label)) in said.states), None)


def _state(status: Json, said: Vocabulary, resolution: str = "") -> TicketState | None:
    return state_of(word(status, "name"), word(part(status, "statusCategory"), "key"), said, resolution=resolution)


def _closed(fields: Json, changes: list[TransitionRow]) -> Any:
    """Return when it was closed: as Jira says, else when it last came into a closed state."""
    closing = (one.at for one in reversed(changes) if one.field == "state" and one.after in {"completed", "canceled"})
    return moment(fields.get("resolutiondate")) or moment(fields.get("statuscategorychangedate")) or next(closing, None)


def _body(fields: Json) -> str:
    body, environment = markdown(fields.get("description")), markdown(fields.get("environment"))
    return "\n\n".join(filter(None, (body, environment and f"## Environment\n\n{environment}")))


def _url(issue: Json, key: str) -> str:
    """Return the address people open, from the one that programs open."""
    base = word(issue, "self").partition(_REST)[0]
    return f"{base}/browse/{key}" if base.startswith(("http://", "https://")) else ""


def _mapped(issue: Json, said: Vocabulary) -> str:
    """Return the fields that the settings name, by name or id, as a JSON object in order of names."""
    if not said.fields:
        return "{}"
    names, found = part(issue, "lore", "names"), dict[str, object]()
    for key, value in part(issue, "fields").items():
        for name in (key, word(names, key)):
            if (kept := said.fields.get(plain(name))) is not None and key not in _SYSTEM:
                found[kept] = _simple(value)
    return dumped(dict(sorted(found.items()))).decode()


def _simple(value: Any) -> object:
    """Return a field's value as what a reader sees of it: the name of an option, the Markdown of a document."""
    if isinstance(value, list):
        return [_simple(one) for one in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return cast("object", value)
    named = part(cast("object", value))
    if named.get("type") == "doc":
        return markdown(named)
    return next((named[name] for name in _SEEN if isinstance(named.get(name), str)), None)


def _comments(key: str, issue: Json) -> Iterator[CommentRow]:
    address = _url(issue, key)
    for comment in parts(part(issue, "fields", "comment"), "comments"):
        name = word(comment, "id")
        author, by_bot = person(comment.get("author"))
        yield CommentRow(
            subject=key,
            key=name,
            kind="comment",
            body=markdown(comment.get("body")),
            author=author,
            by_bot=by_bot,
            url=f"{address}?focusedCommentId={name}" if address else "",
            created_at=moment(comment.get("created")),
            updated_at=moment(comment.get("updated")),
        )


def _parent(issue: Json) -> tuple[str, Json]:
    """Return the key of what an issue is a part of, and what is known of it: the parent, else the epic."""
    fields = part(issue, "fields")
    for name in ("parent", "epic"):
        if key := word(part(fields, name), "key"):
            return key, part(fields, name, "fields")
    epic = next((field for field, role in part(issue, "lore", "roles").items() if role == "epic"), "")
    return word(fields, epic), NOTHING


def _links(key: str, fields: Json, said: Vocabulary) -> Iterator[LinkRow]:
    for link in parts(fields, "issuelinks"):
        for side, phrase in (("outwardIssue", "outward"), ("inwardIssue", "inward")):
            other, native = part(link, side), word(part(link, "type"), phrase)
            if word(other, "key"):
                yield _link(key, link_kind(native), native, other, said)
    if word(part(fields, "parent"), "key"):
        yield _link(key, "parent", "parent", part(fields, "parent"), said)
    for child in parts(fields, "subtasks"):
        if word(child, "key"):
            yield _link(key, "child", "subtask", child, said)


def _link(key: str, kind: str, native: str, other: Json, said: Vocabulary) -> LinkRow:
    status = part(other, "fields", "status")
    state = _state(status, said) if status else None
    return LinkRow(key, kind, word(other, "key"), native, state.value if state else "")
