"""A ticket as a Markdown file: YAML front matter for its fields, Markdown for the rest.

What is not understood is kept: a file is its bytes, and a change touches the fields it names and nothing else, be it
comments, order, quoting, line ends, a byte-order mark or an old encoding.
"""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from scout.model import Ticket, TicketState, WorkKind
from scout.text.front_matter import Field, TicketFileError, Value, dumped, edited, fields, split

LARGEST = 4 << 20
"""Bytes of a ticket's file that are read; a larger one is an error."""

_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_STATES = {
    TicketState.TRIAGE: {"triage", "inbox"},
    TicketState.BACKLOG: {"backlog", "icebox"},
    TicketState.UNSTARTED: {"unstarted", "open", "new", "todo", "to do", "ready"},
    TicketState.STARTED: {"started", "in progress", "doing", "wip", "in review"},
    TicketState.COMPLETED: {"completed", "done", "closed", "resolved", "fixed"},
    TicketState.CANCELED: {"canceled", "cancelled", "wontfix", "won't fix", "duplicate", "rejected"},
}
_STATE_OF = {word: state for state, words in _STATES.items() for word in words}
_KIND_OF = {
    **{kind.value: kind for kind in WorkKind},
    "enhancement": WorkKind.FEATURE,
    "documentation": WorkKind.DOCS,
    "task": WorkKind.CHORE,
    "test": WorkKind.TESTS,
}
_NOBODY = frozenset({"", "false", "no", "none", "nobody", "unassigned"})


@dataclass(frozen=True, slots=True)
class TicketFile:
    """A Markdown ticket as it was read.

    Attributes:
        name: the file's path within its folder, with `/`.
        content: its bytes.
        fields: the front matter by name, in the file's order.
        body: what follows it, as written.
    """

    name: str
    content: bytes
    fields: Mapping[str, Field]
    body: str

    @property
    def key(self) -> str:
        """The ticket's key: the name without its suffix."""
        return str(PurePosixPath(self.name).with_suffix(""))

    @property
    def marker(self) -> Mapping[str, str]:
        """What Scout wrote into the field `scout` when it filed the ticket; empty for other tickets."""
        field = self.fields.get("scout")
        return field.value if field is not None and isinstance(field.value, Mapping) else {}


def parse(content: bytes, name: str) -> TicketFile:
    """Read a Markdown ticket.

    Raises:
        TicketFileError: it is too large, not text, or its front matter is broken; the message names file and line.
    """
    text, _, _ = _decoded(content, name)
    head, _, body = split(text, name)
    return TicketFile(name, content, fields(head, name) if head else {}, body)


def changed(file: TicketFile, changes: Mapping[str, Value]) -> TicketFile:
    """Return the file with some fields of its front matter set; with nothing to change, it is the same bytes.

    Raises:
        TicketFileError: the front matter is written in a way that cannot be edited in place.
    """
    text, encoding, mark = _decoded(file.content, file.name)
    head, closing, body = split(text, file.name)
    if head:
        head = edited(head, file.name, changes)
    elif changes:
        newline = "\r\n" if "\r\n" in text else "\n"
        head, closing = f"---{newline}{dumped(changes, newline)}", f"---{newline}"
    whole = head + closing + body
    if whole == text:
        return file
    try:
        content = mark + whole.encode(encoding)
    except UnicodeEncodeError:
        content = whole.encode("utf-8")
    return parse(content, file.name)


def rebodied(file: TicketFile, body: str) -> TicketFile:
    """Return the file with another body; front matter, encoding and line ends stay as they are.

    Raises:
        TicketFileError: the new body makes it too large, or is no text.
    """
    text, encoding, mark = _decoded(file.content, file.name)
    newline = "\r\n" if "\r\n" in text else "\n"
    lead = file.body[: len(file.body) - len(file.body.lstrip("\r\n"))]
    whole = text[: len(text) - len(file.body)] + lead + _unix(body).strip("\n").replace("\n", newline) + newline
    try:
        content = mark + whole.encode(encoding)
    except UnicodeEncodeError:
        content = whole.encode("utf-8")
    return parse(content, file.name)


def compose(values: Mapping[str, Value], body: str) -> bytes:
    """Return a new Markdown ticket with these fields, in UTF-8, ending with one line feed."""
    return f"---\n{dumped(values)}---\n\n{body.strip()}\n".replace("\0", "\ufffd").encode("utf-8", "backslashreplace")


def ticket(file: TicketFile, project: str, source: str = "files") -> Ticket:
    """Return what the file says as a ticket.

    Raises:
        TicketFileError: a known field holds what it cannot hold; the message names file and line.
    """
    known = _Fields(file)
    native = known.word("state", "status")
    kind = known.word("kind", "type")
    return Ticket(
        project=project,
        key=file.key,
        source=source,
        title=known.word("title") or heading(file.body) or _spoken(file.key),
        body=_unix(file.body).strip("\n"),
        state=_STATE_OF.get(_normal(native), TicketState.TRIAGE) if native else TicketState.UNSTARTED,
        native_state=native,
        kind=_KIND_OF.get(kind.lower()),
        labels=known.words("labels", "tags"),
        claimed=known.claimed("claimed", "assignee", "assignees"),
        blocked_by=tuple(key.removesuffix(".md") for key in known.words("blocked_by", "depends_on")),
        url=known.word("url"),
        created_at=known.moment("created", "created_at"),
        updated_at=known.moment("updated", "updated_at"),
        closed_at=known.moment("closed", "closed_at"),
    )


def unreadable(content: bytes, name: str, project: str, source: str = "files") -> Ticket:
    """Return a ticket for a file that `parse` or `ticket` refused: it is there, to be looked at, with no fields."""
    key = str(PurePosixPath(name).with_suffix(""))
    body = "" if len(content) > LARGEST or b"\0" in content else _unix(content.decode("utf-8", "replace"))
    state = TicketState.TRIAGE
    return Ticket(
        project=project, key=key, source=source, title=_spoken(key), body=body, state=state, native_state="unreadable"
    )


def heading(body: str) -> str:
    """Return the text of the first heading in Markdown that begins with `#`, outside code fences; empty if none."""
    fence = ""
    for line in _unix(body).split("\n"):
        opened = _FENCE.match(line)
        if fence:
            fence = "" if opened and opened[1].startswith(fence) else fence
        elif opened:
            fence = opened[1]
        elif (found := _HEADING.match(line)) and found[1]:
            return found[1]
    return ""


class _Fields:
    """The front matter by the names that are understood, `-` and `_` and case being the same."""

    def __init__(self, file: TicketFile) -> None:
        self._name = file.name
        self._fields = {name.lower().replace("-", "_"): field for name, field in file.fields.items()}

    def word(self, *names: str) -> str:
        """Return a text; empty where there is none."""
        name, field = self._find(names)
        if field is None or field.value is None:
            return ""
        if isinstance(field.value, bool):
            return str(field.value).lower()
        if not isinstance(field.value, str):
            raise TicketFileError(self._name, field.line, f"'{name}' must be a text")
        return " ".join(field.value.split())

    def words(self, *names: str) -> tuple[str, ...]:
        """Return a list of texts, given as a list or with commas."""
        name, field = self._find(names)
        if field is None or field.value is None:
            return ()
        if isinstance(field.value, str):
            return tuple(word for part in field.value.split(",") if (word := part.strip()))
        if not isinstance(field.value, tuple) or not field.readable:
            raise TicketFileError(self._name, field.line, f"'{name}' must be a list of texts")
        return tuple(word for part in field.value if (word := part.strip()))

    def claimed(self, *names: str) -> bool:
        """Return whether one of the names says that somebody has it."""
        found = [self._find([name])[1] for name in names]
        return any(
            field.value is True
            or (isinstance(field.value, str) and field.value.strip().lower() not in _NOBODY)
            or (isinstance(field.value, tuple | Mapping) and bool(field.value))
            for field in found
            if field is not None
        )

    def moment(self, *names: str) -> datetime | None:
        """Return a moment in UTC; one without zone is taken as UTC."""
        name, field = self._find(names)
        written = self.word(*names)
        if field is None or not written:
            return None
        try:
            moment = datetime.fromisoformat(written)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            problem = f"'{name}' is '{written[:40]}', which is no ISO 8601 date or time"
            raise TicketFileError(self._name, field.line, problem, "Write it as 2026-03-01.") from None

    def _find(self, names: tuple[str, ...] | list[str]) -> tuple[str, Field | None]:
        return next(((name, self._fields[name]) for name in names if name in self._fields), (names[0], None))


def _decoded(content: bytes, name: str) -> tuple[str, str, bytes]:
    """Return the text, the encoding by which it becomes the same bytes again, and the byte-order mark before them."""
    if len(content) > LARGEST:
        raise TicketFileError(name, 0, f"larger than {LARGEST:,} bytes", "Move long logs and pictures elsewhere.")
    mark = next((mark for mark in _BOMS if content.startswith(mark)), b"")
    for encoding in (_BOMS.get(mark, "utf-8"), "cp1252", "latin-1"):
        try:
            text = content[len(mark) :].decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            raise TicketFileError(name, line, "a NUL character: this is no text", "Remove the file or the character.")
        return text, encoding, mark
    raise TicketFileError(name, 0, "no known encoding", "Save it as UTF-8.")


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _normal(state: str) -> str:
    return " ".join(state.lower().replace("-", " ").replace("_", " ").split())


def _spoken(key: str) -> str:
    words = PurePosixPath(key).name.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:] if words else key
