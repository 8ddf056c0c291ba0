"""Core rows from one raw record alone."""

from collections.abc import Callable, Iterable, Iterator

from scout.model import TicketState
from scout.remote.reading import GarbageError
from scout.sources._jira.moments import moment
from scout.sources._jira.shape import Json, part, parts, read, word
from scout.sources._jira.tickets import issue_rows
from scout.sources._jira.words import Vocabulary, state_of
from scout.warehouse.records import CoreRow, IterationRow, StatusRow

VERSION = "1"
"""Raised with every change of what follows from a record."""


def core_rows(stream: str, payload: bytes, said: Vocabulary) -> tuple[CoreRow, ...]:
    """Return the core rows of a record.

    Args:
        stream: of the source `jira`.
        payload: as it is stored: JSON, people replaced.
        said: what the settings say.
    """
    if stream not in _ROWS:
        return ()
    try:
        record = read(payload)
    except GarbageError:
        return ()
    return rows_of(stream, record, said)


def rows_of(stream: str, record: Json, said: Vocabulary) -> tuple[CoreRow, ...]:
    """Return the core rows of a record that has been read already."""
    make = _ROWS.get(stream)
    return tuple(make(record, said)) if make else ()


def _versions(project: Json, said: Vocabulary) -> Iterator[IterationRow]:
    del said
    for version in parts(project, "versions"):
        released = version.get("released") is True
        closed = released or version.get("archived") is True
        due = moment(version.get("releaseDate"))
        yield IterationRow(
            key=word(version, "id"),
            kind="version",
            name=word(version, "name"),
            state="closed" if closed else "open",
            starts_at=moment(version.get("startDate")),
            due_at=due,
            closed_at=due if released else None,
        )


def _sprint(sprint: Json, said: Vocabulary) -> Iterator[IterationRow]:
    del said
    state = word(sprint, "state").lower()
    yield IterationRow(
        key=word(sprint, "id"),
        kind="sprint",
        name=word(sprint, "name"),
        state=state if state in {"closed", "future"} else "open",
        starts_at=moment(sprint.get("startDate")),
        due_at=moment(sprint.get("endDate")),
        closed_at=moment(sprint.get("completeDate")),
    )


def _status(status: Json, said: Vocabulary) -> Iterator[StatusRow]:
    name, category = word(status, "name"), word(part(status, "statusCategory"), "key")
    state = state_of(name, category, said) or TicketState.TRIAGE
    if name:
        yield StatusRow(name, category, state.value)


_ROWS: dict[str, Callable[[Json, Vocabulary], Iterable[CoreRow]]] = {
    "issue": issue_rows,
    "project": _versions,
    "sprint": _sprint,
    "status": _status,
}
