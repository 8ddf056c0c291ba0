"""What is to be classified: the tickets of projects, or the rows of files, one at a time."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, cast

from scout.errors import ScoutError, UnavailableError, UsageError
from scout.lifecycle.record import Link, Record, Said, row_record, whole
from scout.model import Ticket
from scout.service.classify_rows import is_open, kind_of_link, record_of
from scout.service.wiring import Project, Workspace
from scout.sources import files
from scout.sources._imports.pieces import LONGEST, Fault, pieces
from scout.text.ticket_folder import inside
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import lifecycle as table

PAGE = 1_000
_SNIFFED = 64 * 1024
_SEPARATORS = ",;\t|"


class Given(NamedTuple):
    """A record, and from which source of its project it comes."""

    source: str
    record: Record


def of_project(work: Workspace, project: Project) -> Iterator[Given]:
    """Give a project's open tickets: as they were last pulled, and those of its folder as they are now.

    Raises:
        ScoutError: they cannot be read.
    """
    folder = project.reads("files")
    current = _current(project) if folder else None
    seen = current is not None
    try:
        with work.warehouse.reading() as connection, closing(table.tickets(connection, project.id, PAGE)) as pulled:
            for one in pulled:
                if current is None or one.source != "files":
                    seen = True
                    yield Given(one.source, _pulled(project, one))
    except NoWarehouseError:
        if current is None:
            raise
    if folder and not seen:
        raise UnavailableError(f"The folder {project.path} cannot be read.", "Mount it, or mend `path` of the project.")
    states = {ticket.key: ticket.state.is_open for ticket in current or ()}
    for ticket in current or ():
        if ticket.state.is_open:
            yield Given(ticket.source, _in_folder(ticket, states))


def of_file(path: Path) -> Iterator[Given | str]:
    """Give the rows of a file: comma-separated values with a head line, or JSON lines; or why one cannot be read.

    Raises:
        UsageError: it cannot be opened.
    """
    try:
        records = _sheet(path) if path.suffix.lower() in {".csv", ".tsv"} else _lines(path)
        for one in records:
            yield one if isinstance(one, str) else Given(path.name, replace(one, project=path.stem))
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}."
        raise UsageError(message, "Give a file of comma-separated values or JSON lines.") from error


def _sheet(path: Path) -> Iterator[Record | str]:
    csv.field_size_limit(LONGEST)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        sample = file.read(_SNIFFED)
        file.seek(0)
        head = sample.partition("\n")[0]
        separator = max(_SEPARATORS, key=head.count)
        rows = csv.DictReader((line.replace("\0", "\ufffd") for line in file), delimiter=separator)
        for number, row in enumerate(rows, 1):
            named = {name: value for name, value in row.items() if isinstance(name, str)}
            yield row_record(named, number, {}, None)


def _lines(path: Path) -> Iterator[Record | str]:
    for number, piece in enumerate(pieces(path), 1):
        if isinstance(piece, Fault):
            yield f"line {piece.line}: {piece.reason}"
        else:
            found = record_of(cast("object", piece.value), number)
            yield f"line {piece.line}: {found}" if isinstance(found, str) else found


def _current(project: Project) -> Sequence[Ticket] | None:
    """Return the tickets of the folder; None where it is out of reach, so that what was pulled counts."""
    if not project.path.is_dir():
        return None
    try:
        return files.current_tickets(project.id, inside(project.tickets, project.path))
    except (ScoutError, OSError):
        return None


def _pulled(project: Project, one: table.OpenTicket) -> Record:
    links = tuple(
        Link(kind_of_link(kind) if kind != "change" else kind, other, is_open(state))
        for kind, other, state in one.links
    )
    return Record(
        id=one.key,
        project=project.id,
        title=whole(one.title),
        body=whole(one.body),
        labels=one.labels,
        kind=one.kind,
        state=one.state,
        assigned=one.claimed,
        priority=one.priority,
        planned=one.milestone,
        parent=one.parent,
        links=links,
        comments=tuple(
            Said(whole(body), "" if mine is None else "reporter" if mine else "other", at)
            for body, mine, at in one.comments
        ),
        created_at=one.created_at,
        updated_at=one.updated_at,
        due_at=one.due_at,
    )


def _in_folder(ticket: Ticket, states: dict[str, bool]) -> Record:
    return Record(
        id=ticket.key,
        project=ticket.project,
        title=whole(ticket.title),
        body=whole(ticket.body),
        labels=ticket.labels,
        kind=ticket.kind.value if ticket.kind else "",
        state=ticket.native_state or ticket.state.value,
        assigned=ticket.claimed,
        links=tuple(Link("blocked_by", key, states.get(key)) for key in ticket.blocked_by),
        comments=tuple(Said(whole(one.body), "", one.at) for one in ticket.comments),
        created_at=ticket.created_at,
        updated_at=ticket.updated_at,
    )
