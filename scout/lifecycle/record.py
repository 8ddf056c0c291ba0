"""What is classified: a ticket, or a row of any table, as plain values that a worker reads from a file."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, cast

LARGEST = 1 << 20
"""Characters of a record that are kept; what is longer is cut at its end."""

_BROKEN = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Said:
    """A comment.

    Attributes:
        by: `reporter`, `other` or empty where nobody knows.
        body: Markdown or the tracker's own markup.
        at: UTC; None where nobody knows.
    """

    body: str
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another ticket or change.

    Attributes:
        kind: `blocked_by`, `blocks`, `parent`, `child`, `change`, `duplicates`, `relates`, or the tracker's word.
        open: whether what it leads to is open; None where nobody knows.
    """

    kind: str
    other: str
    open: bool | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One thing to classify. Rows of tables have an id, a title, a body and fields; tickets have the rest, too.

    Attributes:
        id: unique within its project.
        project: where it belongs; slices are cut by it.
        kind: the tracker's word for the kind of work, as it came.
        state: the tracker's word for where it is.
        assigned: whether somebody has it.
        priority: the tracker's word; empty without one.
        planned: a milestone, version or sprint that it is planned for; empty without one.
        parent: key of the ticket that it is a part of.
        comments: the newest last; earlier ones may be missing.
        fields: further columns by name.
        settled: the class that a person has given it in the tracker; that stands.
        seen_at: the moment as of which it is looked at (UTC).
    """

    id: str
    title: str
    body: str = ""
    project: str = ""
    labels: tuple[str, ...] = ()
    kind: str = ""
    state: str = ""
    assigned: bool = False
    priority: str = ""
    planned: str = ""
    parent: str = ""
    links: tuple[Link, ...] = ()
    comments: tuple[Said, ...] = ()
    fields: Mapping[str, str] | None = None
    settled: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    due_at: datetime | None = None
    seen_at: datetime | None = None


_NAMES = tuple(field.name for field in fields(Record))
_NESTED = frozenset(("links", "comments"))
_SAID, _LINK = (tuple(field.name for field in fields(kind)) for kind in (Said, Link))


def dumped(record: Record, *, updated: bool = True) -> str:
    """Return a record as one line of JSON without its line end; whatever its texts hold, the line is whole.

    Args:
        record: the record.
        updated: say when it was last changed; without that, two that say the same are the same.
    """
    held: dict[str, Any] = {"id": record.id, "title": record.title}
    for name in _NAMES:
        value = getattr(record, name)
        if value not in (None, "", (), False) and (updated or name != "updated_at"):
            held[name] = [_parts(one) for one in value] if name in _NESTED else value
    return json.dumps(held, default=_moment_written)


def loaded(line: str) -> Record:
    """Return the record of a line that `dumped` made.

    Raises:
        ValueError: it is no such line.
    """
    try:
        held = cast("dict[str, Any]", json.loads(line))
        held["labels"] = tuple(held.get("labels", ()))
        held["links"] = tuple(Link(**one) for one in held.get("links", ()))
        held["comments"] = tuple(
            Said(one["body"], one.get("by", ""), moment(one.get("at"))) for one in held.get("comments", ())
        )
        for name in ("created_at", "updated_at", "due_at", "seen_at"):
            held[name] = moment(held.get(name))
        return Record(**held)
    except (KeyError, TypeError, AttributeError) as error:
        message = f"no record: {error}"
        raise ValueError(message) from error


def moment(value: object) -> datetime | None:
    """Return an ISO moment in UTC, also of Jira's spelling; None for anything else."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if not isinstance(value, str) or not value:
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def whole(text: object) -> str:
    """Return a text that any file can hold: no broken characters, at most `LARGEST` long; empty for what is none."""
    return _BROKEN.sub("\ufffd", text[:LARGEST]) if isinstance(text, str) else ""


def row_record(row: Mapping[str, Any], number: int, columns: Mapping[str, str], seen_at: datetime | None) -> Record:
    """Return a row of a table as a record.

    Args:
        row: values by column.
        number: of the row from 1, for a row without an id.
        columns: which column is `id`, `title`, `body` or `labels`; what is missing is looked for under that name.
        seen_at: the moment as of which it is looked at.
    """
    lower = {str(name).strip().lower(): name for name in row}
    used = {part: lower.get(columns.get(part, part).strip().lower()) for part in ("id", "title", "body", "labels")}
    found = {part: whole(_text(row[name])) if name is not None else "" for part, name in used.items()}
    rest = {str(name): whole(_text(value)) for name, value in row.items() if name not in used.values()}
    title = found["title"] or next((value for value in rest.values() if value.strip()), "")
    return Record(
        id=found["id"].strip() or f"row-{number}",
        title=title,
        body=found["body"],
        labels=tuple(one for part in re.split(r"[;,|]", found["labels"]) if (one := part.strip())),
        fields={name: value for name, value in rest.items() if value.strip()},
        seen_at=seen_at,
    )


def open_links(links: Iterable[Link], *kinds: str) -> list[Link]:
    """Return the links of these kinds whose other end is open, or not known to be closed."""
    return [one for one in links if one.kind in kinds and one.open is not False]


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, cast("list[object]", value)))
    return "" if value is None else str(value)


def _parts(one: Said | Link) -> dict[str, Any]:
    names = _SAID if isinstance(one, Said) else _LINK
    return {name: getattr(one, name) for name in names}


def _moment_written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    message = f"{type(value).__name__} cannot be written"
    raise TypeError(message)
