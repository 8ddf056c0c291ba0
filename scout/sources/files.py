"""The source `files`: a folder of Markdown tickets."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from scout.errors import ScoutError, UnavailableError
from scout.model import Outcome, Ticket, digest
from scout.sources._arrow import record_batch
from scout.sources._base import Pull, Rows, Source, SourceContext
from scout.text.front_matter import TicketFileError
from scout.text.ticket_file import parse, ticket, unreadable
from scout.text.ticket_folder import TicketEntry, entries, inside
from scout.warehouse.streams import Kind, ticket_rows

_VERSION = 1
_DEFAULT = "tickets"
_BATCH = 1000


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
    streams: ClassVar[tuple[str, ...]] = ("ticket",)

    def pull(self, project: str, at: SourceContext, cursor: Mapping[str, Any] | None) -> Pull:
        """Return all tickets unless nothing changed since the cursor.

        `at.settings` may have `folder` (from `at.path`; default `tickets`) and `named` (whether the settings name
        this source, so that a missing folder is a fault).
        """
        try:
            folder = inside(Path(at.settings.get("folder", _DEFAULT)), at.path)
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
        tickets = [_ticket(name, content, project, notes) for name, content in sorted(contents.items())]
        return Pull(
            Outcome.PRESENT,
            batches=[
                ("ticket", _rows(tickets[start : start + _BATCH], at.now)) for start in range(0, len(tickets), _BATCH)
            ],
            replaced=frozenset({"ticket"}),
            cursor=position,
            notes=notes,
        )


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


def _had_tickets(cursor: Mapping[str, Any] | None) -> bool:
    return bool(cursor and cursor.get("contents"))


def _unchanged(position: Mapping[str, Any], folder: Path) -> Pull:
    if position["contents"]:
        return Pull(Outcome.PRESENT, cursor=position, unchanged=True)
    return Pull(Outcome.ABSENT, f"{folder.name} has no tickets", cursor=position, unchanged=True)


def _missing(at: SourceContext, cursor: Mapping[str, Any] | None) -> Pull:
    reason = f"there is no folder {at.settings.get('folder', _DEFAULT)}"
    if at.settings.get("named", False):
        return Pull(Outcome.UNAVAILABLE, reason)
    if _had_tickets(cursor):  # present, so that the tickets that are gone go
        gone = {"contents": "", "version": _VERSION}
        return Pull(Outcome.PRESENT, replaced=frozenset({"ticket"}), cursor=gone, notes=[f"{reason} any more"])
    return Pull(Outcome.NOT_APPLICABLE, reason, unchanged=True)


def _rows(tickets: Sequence[Ticket], now: datetime) -> Rows:
    kinds = {"fetched_at": Kind.MOMENT}
    columns = ticket_rows(tickets, now)
    return record_batch({name: (kinds.get(name, Kind.TEXT), values) for name, values in columns.items()})


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
