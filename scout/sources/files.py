"""The source `files`: a folder of Markdown tickets."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from scout.errors import ScoutError, UnavailableError
from scout.model import Outcome, Ticket, digest
from scout.sources._base import Pull, Sink, Source, SourceContext
from scout.sources._records import RecordSink
from scout.text.front_matter import TicketFileError
from scout.text.ticket_file import parse, ticket, unreadable
from scout.text.ticket_folder import TicketEntry, entries, inside
from scout.warehouse.records import CommentRow, CoreRow, LinkRow, Record, TicketRow

_STREAM = "ticket"
_VERSION = 2
_CORE_VERSION = 1


class FilesSource(Source):
    """Reads tickets from a folder of Markdown files in the work tree, the tracker that needs no server.

    Each `.md` file below the folder (default `tickets/`) is a ticket; its key is its path there without `.md`.
    READMEs, names that begin with `.` or `_`, and links are passed over.

    ## Fields
    YAML front matter may say `title`, `state` (triage, backlog, unstarted, started, completed, canceled, or a
    tracker's usual words for them), `kind`, `labels`, `assignee` or `claimed` (only *whether* somebody has it is
    kept), `blocked_by`, `created`, `updated`, `closed`, `url`. Other fields are left alone. Without front matter the
    first heading is the title and the state is `unstarted`; a state that is not known counts as `triage`.

    ## What it does when something is broken
    A file that cannot be understood is a ticket in `triage` with no fields, so that it is neither served nor lost,
    and the run says which file and line. A missing folder means no tickets, unless the settings name this source.
    """

    id: ClassVar[str] = "files"
    since: ClassVar[str] = "0.1"
    streams: ClassVar[tuple[str, ...]] = (_STREAM,)
    brings: ClassVar[frozenset[type[CoreRow]]] = frozenset({TicketRow, CommentRow, LinkRow})
    needs_checkout: ClassVar[bool] = True

    def pull(self, project: str, at: SourceContext, cursor: Mapping[str, Any] | None, sink: Sink) -> Pull:
        """Write all tickets of the folder `at.folder` unless nothing changed since the cursor."""
        try:
            folder = inside(Path(at.folder), at.path)
            found = entries(folder)
            contents = {entry.name: _content(entry) for entry in found}
        except FileNotFoundError:
            return _missing(at, cursor)
        except ScoutError as error:
            return Pull(Outcome.UNAVAILABLE, str(error))
        except OSError as error:
            return Pull(Outcome.UNAVAILABLE, f"{error.filename or 'the tickets folder'} cannot be read: {error}")
        position = {"contents": _digest(contents) if contents else "", "version": _VERSION}
        if position == cursor or not (contents or _had_tickets(cursor)):
            return _unchanged(position, folder)
        notes = list[str]()
        records = RecordSink(project, self.id, at.now, sink)
        for name, content in sorted(contents.items()):
            records.add(record_of(_ticket(name, content, project, notes)))
        records.flush()
        return Pull(Outcome.PRESENT, cursor=position, replaced=frozenset({_STREAM}), notes=notes)

    def basis(self, at: SourceContext) -> str:
        """Return the version of what follows from a ticket's record."""
        del at
        return str(_CORE_VERSION)

    def core(self, stream: str, payload: bytes, at: SourceContext) -> Iterable[CoreRow]:
        """Return the core rows of a ticket."""
        del stream, at
        return tuple(_core(Ticket.model_validate_json(payload)))


def current_tickets(project: str, folder: Path) -> tuple[Ticket, ...]:
    """Return the tickets in a folder as they are now, by key; none where there is no folder.

    Args:
        project: the project's id.
        folder: which need not exist; links are not followed.

    Raises:
        UnavailableError: the folder cannot be listed.
    """
    try:
        contents = {entry.name: _content(entry) for entry in entries(folder)}
    except FileNotFoundError:
        return ()
    except OSError as error:
        message = f"The tickets folder {folder} cannot be read: {error.strerror}."
        raise UnavailableError(message, "Check its permissions.") from error
    return tuple(_ticket(name, content, project, []) for name, content in sorted(contents.items()))


def record_of(ticket: Ticket) -> Record:
    """Return the record that keeps a ticket of a file, with its core rows."""
    return Record(
        stream=_STREAM,
        key=ticket.key,
        payload=ticket.model_dump_json(round_trip=True).encode(),
        core=tuple(_core(ticket)),
    )


def _core(ticket: Ticket) -> Iterator[CoreRow]:
    yield TicketRow(
        key=ticket.key,
        title=ticket.title,
        body=ticket.body,
        state=ticket.state.value,
        native_state=ticket.native_state,
        kind=ticket.kind and ticket.kind.value,
        native_kind="",
        labels=list(ticket.labels),
        claimed=ticket.claimed,
        priority="",
        milestone="",
        parent="",
        resolution="",
        author="",
        by_bot=False,
        url=ticket.url,
        fields="{}",
        created_at=ticket.created_at,
        updated_at=ticket.updated_at,
        closed_at=ticket.closed_at,
        due_at=None,
    )
    for place, comment in enumerate(ticket.comments):
        yield CommentRow(
            subject=ticket.key,
            key=f"{ticket.key}#{place}",
            kind="comment",
            body=comment.body,
            author="",
            by_bot=False,
            url="",
            created_at=comment.at,
            updated_at=None,
        )
    for other in ticket.blocked_by:
        yield LinkRow(subject=ticket.key, kind="blocked_by", other=other, native_kind="", other_state="")


def _had_tickets(cursor: Mapping[str, Any] | None) -> bool:
    return bool(cursor and cursor.get("contents"))


def _unchanged(position: Mapping[str, Any], folder: Path) -> Pull:
    if position["contents"]:
        return Pull(Outcome.PRESENT, cursor=position, unchanged=True)
    return Pull(Outcome.ABSENT, f"{folder.name} has no tickets", cursor=position, unchanged=True)


def _missing(at: SourceContext, cursor: Mapping[str, Any] | None) -> Pull:
    reason = f"there is no folder {at.folder}"
    if at.named:
        return Pull(Outcome.UNAVAILABLE, reason)
    if _had_tickets(cursor):  # present, so that the tickets that are gone go
        gone = {"contents": "", "version": _VERSION}
        return Pull(Outcome.PRESENT, replaced=frozenset({_STREAM}), cursor=gone, notes=[f"{reason} any more"])
    return Pull(Outcome.NOT_APPLICABLE, reason, unchanged=True)


def _content(entry: TicketEntry) -> bytes | OSError:
    """Return a file's content, or why it cannot be read: the other tickets are read all the same."""
    try:
        return entry.read()
    except OSError as error:
        return error


def _ticket(name: str, content: bytes | OSError, project: str, notes: list[str]) -> Ticket:
    if isinstance(content, OSError):
        notes.append(f"{name}: cannot be read ({content.strerror or content}).")
        return unreadable(b"", name, project)
    try:
        return ticket(parse(content, name), project)
    except TicketFileError as error:
        notes.append(str(error))
        return unreadable(content, name, project)


def _digest(contents: Mapping[str, bytes | OSError]) -> str:
    return digest(
        *(
            (name, str(content) if isinstance(content, OSError) else hashlib.sha256(content).hexdigest())
            for name, content in sorted(contents.items())
        ),
        length=32,
    )
