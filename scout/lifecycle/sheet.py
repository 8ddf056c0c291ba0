"""A worker's database file: one verdict row a ticket, written as it goes, whole after any kill."""

import json
import sqlite3
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from scout.lifecycle._file import connected
from scout.lifecycle.rules import Verdict

FILE = "verdicts.sqlite"
TRIES = 2
"""Tries after which a ticket is set aside."""

_SCHEMA = """
    CREATE TABLE IF NOT EXISTS verdict (
        id TEXT PRIMARY KEY, meaning TEXT NOT NULL, confidence REAL NOT NULL, reason TEXT NOT NULL,
        quotation TEXT NOT NULL, rule TEXT NOT NULL, second TEXT NOT NULL, rules TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS failure (id TEXT NOT NULL, reason TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A verdict as it is kept.

    Attributes:
        rules: weight of every rule that held, by its id.
    """

    id: str
    meaning: str
    confidence: float
    reason: str
    quotation: str
    rule: str
    second: str
    rules: Mapping[str, float]


def row_of(name: str, verdict: Verdict) -> Row:
    """Return a verdict on the ticket `name` as a row."""
    return Row(
        name,
        verdict.meaning,
        verdict.confidence,
        verdict.reason,
        verdict.quotation,
        verdict.rule,
        verdict.second,
        {point.rule: point.weight for point in verdict.points},
    )


class Sheet:
    """The open file. A worker writes it; whoever reads it meanwhile sees what was last saved."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def done(self) -> set[str]:
        """Return the tickets that have a verdict."""
        return {str(name) for (name,) in self._connection.execute("SELECT id FROM verdict")}

    def failures(self) -> dict[str, list[str]]:
        """Return what went wrong, by ticket without a verdict."""
        found: dict[str, list[str]] = {}
        query = "SELECT id, reason FROM failure WHERE id NOT IN (SELECT id FROM verdict) ORDER BY rowid"
        for name, reason in self._connection.execute(query):
            found.setdefault(str(name), []).append(str(reason))
        return found

    def row(self, name: str) -> Row | None:
        """Return the verdict on a ticket; None without one."""
        found = self._connection.execute("SELECT * FROM verdict WHERE id = ?", (name,)).fetchone()
        return _row(found) if found else None

    def rows(self) -> Iterator[Row]:
        """Return the verdicts by ticket."""
        for row in self._connection.execute("SELECT * FROM verdict ORDER BY id"):
            yield _row(row)

    def put(self, row: Row) -> None:
        """Write a verdict in place of an earlier one; it is on disk at the next `save`."""
        values = (row.id, row.meaning, row.confidence, row.reason, row.quotation, row.rule, row.second)
        self._connection.execute(
            "INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*values, json.dumps(dict(row.rules)))
        )

    def fail(self, name: str, reason: str) -> None:
        """Write that a ticket could not be classified."""
        self._connection.execute("INSERT INTO failure VALUES (?, ?)", (name, reason))

    def save(self) -> None:
        """Keep what was written."""
        self._connection.commit()


def _row(held: tuple[Any, ...]) -> Row:
    return Row(*held[:7], rules=cast("dict[str, float]", json.loads(held[7])))


@contextmanager
def opened(folder: Path) -> Generator[Sheet]:
    """Open the file in a worker's folder, made when it is missing, and save at the end.

    Raises:
        StoreError: it cannot be opened or is damaged.
    """
    remedy = "Start the run again; finished work of other workers is kept."
    with connected(folder / FILE, _SCHEMA, said=f"The file of {folder.name}", remedy=remedy) as connection:
        yield Sheet(connection)


def rows_in(folder: Path) -> Iterator[Row]:
    """Give the verdicts in a worker's folder, by ticket."""
    with opened(folder) as sheet:
        yield from sheet.rows()
