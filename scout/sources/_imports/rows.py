"""Rows of a sheet as records, and the core rows that follow from them.

What a sheet's columns mean is known only of those that are mapped, so only these are kept in the record: any of the
others may name people.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scout.model import TicketState, WorkKind
from scout.remote.reading import dumped
from scout.sources._github.words import Vocabulary as LabelVocabulary
from scout.sources._github.words import issue_kind
from scout.sources._imports.sheet import Row
from scout.sources._imports.times import time_of
from scout.sources._jira.shape import Json, parts, read, word, words
from scout.sources._jira.words import Vocabulary, kind_of, plain, state_of
from scout.sources._people import People, person
from scout.text import wiki
from scout.warehouse.records import CommentRow, CoreRow, LinkRow, Record, TicketRow

STREAM = "row"
_CATEGORIES = {"to do": "new", "in progress": "indeterminate", "done": "done"}
_LINKS = ("blocks", "blocked_by", "duplicates", "relates")
_SINGLE = (
    *("title", "body", "state", "category", "resolution", "kind", "priority", "milestone"),
    *("parent", "url", "created", "updated", "due"),
)
_COMMENT_PARTS = 3
_BETWEEN_LABELS = ",;"
_KINDS = {kind.value: kind for kind in WorkKind}
_LABELS = LabelVocabulary()
_STATES = {state.value: state for state in TicketState}


def record(row: Row, people: People, said: Vocabulary) -> Record:
    """Return the record of a row. Without a key it gets one made of its title and the time it was created."""
    one = {part: values[0] for part, values in row.said.items()}
    key = one.get("key", "").strip() or _made(one)
    value: dict[str, Any] = {part: one[part] for part in _SINGLE if part in one}
    value |= {part: list(row.said[part]) for part in _LINKS if part in row.said}
    value |= {
        "key": key,
        "wiki": row.wiki,
        "labels": _labels(row.said.get("labels", ())),
        "claimed": bool(one.get("assignee")),
        "author": {"person": people.id(one.get("author")), "bot": False},
        "closed": next((text for text in row.said.get("closed", ()) if time_of(text)), ""),
        "comments": [_comment(text, row, people) for text in row.said.get("comment", ())],
    }
    payload = dumped(value)
    changed = time_of(one.get("updated", "")) or time_of(one.get("created", ""))
    return Record(STREAM, key, payload, changed_at=changed, core=tuple(core_rows(payload, said)))


def core_rows(payload: bytes, said: Vocabulary) -> Iterator[CoreRow]:
    """Return the ticket of a row, what was said about it, and its links."""
    row = read(payload)
    key = word(row, "key")
    yield _ticket(key, row, said)
    for place, comment in enumerate(parts(row, "comments")):
        at = time_of(word(comment, "created"))
        author = person(comment.get("author"))[0]
        body = _markdown(row, word(comment, "body"))
        yield CommentRow(
            key, f"{key}-{place + 1}", "comment", body, author, by_bot=False, url="", created_at=at, updated_at=at
        )
    for kind in _LINKS:
        for other in (one.strip() for text in words(row, kind) for one in text.split(",")):
            if other:
                yield LinkRow(key, kind, other, kind, "")


def _ticket(key: str, row: Json, said: Vocabulary) -> TicketRow:
    labels = words(row, "labels")
    native_kind = word(row, "kind")
    kind = _KINDS.get(plain(native_kind)) or kind_of(native_kind, labels, said) or issue_kind({}, labels, _LABELS)[0]
    state = _state(row, said)
    closed = time_of(word(row, "closed"))
    updated = time_of(word(row, "updated"))
    return TicketRow(
        key=key,
        title=word(row, "title"),
        body=_markdown(row, word(row, "body")),
        state=state.value,
        native_state=word(row, "state"),
        kind=kind.value if kind else None,
        native_kind=native_kind,
        labels=labels,
        claimed=row.get("claimed") is True,
        priority=word(row, "priority"),
        milestone=word(row, "milestone"),
        parent=word(row, "parent"),
        resolution=word(row, "resolution"),
        author=person(row.get("author"))[0],
        by_bot=False,
        url=word(row, "url"),
        fields="{}",
        created_at=time_of(word(row, "created")),
        updated_at=updated,
        closed_at=None if state.is_open else closed or updated,
        due_at=time_of(word(row, "due")),
    )


def _state(row: Json, said: Vocabulary) -> TicketState:
    """Return what the state means; where nothing tells, whether it was closed does, and else it is in triage."""
    native, category = word(row, "state"), _CATEGORIES.get(plain(word(row, "category")), "")
    named = state_of(native, category, said, resolution=word(row, "resolution")) or _STATES.get(plain(native))
    if named is not None:
        return named
    return TicketState.COMPLETED if word(row, "closed") and not native else TicketState.TRIAGE


def _markdown(row: Json, text: str) -> str:
    return wiki.markdown(text) if row.get("wiki") is True else text


def _labels(cells: Sequence[str]) -> list[str]:
    """Return labels from cells of one each, or of several with commas or semicolons between them."""
    found = [cells] if isinstance(cells, str) else list(cells)
    for separator in _BETWEEN_LABELS:
        found = [label for cell in found for label in cell.split(separator)]
    return list(dict.fromkeys(label.strip() for label in found if label.strip()))


def _comment(text: str, row: Row, people: People) -> dict[str, Any]:
    """Return a comment; Jira writes when, who and what with semicolons between them."""
    said = text.split(";", _COMMENT_PARTS - 1)
    if row.wiki and len(said) == _COMMENT_PARTS and time_of(said[0]):
        return {"created": said[0], "author": {"person": people.id(said[1]), "bot": False}, "body": said[2]}
    return {"body": text}


def _made(row: Mapping[str, str]) -> str:
    known_by = f"{row.get('title', '')}\0{row.get('created', '')}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(known_by, digest_size=6).hexdigest()
