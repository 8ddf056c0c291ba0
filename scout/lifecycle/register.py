"""A run's database file: every ticket once, with exactly one class in the end, and what it had before."""

import sqlite3
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scout.lifecycle._file import connected
from scout.lifecycle.sheet import Row

FILE = "run.sqlite"

_SCHEMA = """
    CREATE TABLE IF NOT EXISTS ticket (
        n INTEGER PRIMARY KEY, project TEXT NOT NULL, source TEXT NOT NULL, key TEXT NOT NULL, title TEXT NOT NULL,
        digest TEXT NOT NULL, meaning TEXT, confidence REAL, reason TEXT, quotation TEXT, rule TEXT, second TEXT,
        doubt TEXT NOT NULL DEFAULT '', worker TEXT NOT NULL DEFAULT '', first TEXT,
        UNIQUE (project, source, key)
    );
    CREATE TABLE IF NOT EXISTS before (project TEXT NOT NULL, source TEXT NOT NULL, key TEXT NOT NULL, standing TEXT,
        PRIMARY KEY (project, source, key)
    );
    CREATE TABLE IF NOT EXISTS gone (project TEXT NOT NULL, source TEXT NOT NULL, key TEXT NOT NULL);
"""
_ENTRY = (
    "n, project, source, key, title, digest, meaning, confidence, reason, quotation, rule, second, doubt, worker, first"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A ticket of a run with its class.

    Attributes:
        number: from 0, in the run.
        digest: of what was classified and by which rules.
        meaning: the class; None before there is one.
        doubt: why a person should look at it; empty without doubt.
        first: the class before an audit corrected it; None where none did.
    """

    number: int
    project: str
    source: str
    key: str
    title: str
    digest: str
    meaning: str | None = None
    confidence: float | None = None
    reason: str | None = None
    quotation: str | None = None
    rule: str | None = None
    second: str | None = None
    doubt: str = ""
    worker: str = ""
    first: str | None = None


class Register:
    """The open file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, number: int, place: tuple[str, str, str], title: str, digest: str) -> bool:
        """Add a ticket of a project, a source and a key; False when it is there already."""
        added = self._connection.execute(
            "INSERT OR IGNORE INTO ticket (n, project, source, key, title, digest) VALUES (?, ?, ?, ?, ?, ?)",
            (number, *place, title, digest),
        )
        return added.rowcount > 0

    def judge(self, worker: str, rows: Iterable[Row]) -> None:
        """Give tickets the classes that a worker found."""
        self._connection.executemany(
            "UPDATE ticket SET meaning = ?, confidence = ?, reason = ?, quotation = ?, rule = ?, second = ?, worker = ?"
            " WHERE n = ?",
            (
                (row.meaning, row.confidence, row.reason, row.quotation, row.rule, row.second, worker, int(row.id))
                for row in rows
            ),
        )

    def correct(self, worker: str, row: Row) -> None:
        """Give a ticket the class that an audit found, and remember the first."""
        number = int(row.id)
        self._connection.execute("UPDATE ticket SET first = coalesce(first, meaning) WHERE n = ?", (number,))
        self.judge(worker, (row,))

    def doubt_below(self, floor: float, why: str) -> None:
        """Say that a person should look at all tickets of less confidence."""
        self._connection.execute("UPDATE ticket SET doubt = ? WHERE confidence < ? AND doubt = ''", (why, floor))

    def doubt(self, number: int, why: str) -> None:
        """Say that a person should look at a ticket."""
        self._connection.execute("UPDATE ticket SET doubt = ? WHERE n = ?", (why, number))

    def default(self, meaning: str, reason: str) -> None:
        """Give every ticket without a class this one, in doubt: exactly one class is a property of the data."""
        self._connection.execute(
            "UPDATE ticket SET meaning = ?, confidence = 0, reason = ?, quotation = '', rule = 'default', second = ?, "
            "doubt = ? WHERE meaning IS NULL",
            (meaning, reason, meaning, reason),
        )

    def entries(self, project: str | None = None) -> Iterator[Entry]:
        """Give the tickets in their order, of all projects or one."""
        mine = "" if project is None else " WHERE project = ?"
        query = f"SELECT {_ENTRY} FROM ticket{mine} ORDER BY n"  # noqa: S608 - columns of ours
        for row in self._connection.execute(query, () if project is None else (project,)):
            yield Entry(*row)

    def doubtful(self, most: int) -> list[Entry]:
        """Return tickets that a person should look at, the least sure first."""
        query = f"SELECT {_ENTRY} FROM ticket WHERE doubt <> '' ORDER BY confidence, n LIMIT ?"  # noqa: S608 - likewise
        return [Entry(*row) for row in self._connection.execute(query, (most,))]

    def corrected(self) -> Iterator[Entry]:
        """Give the tickets whose class an audit changed."""
        query = f"SELECT {_ENTRY} FROM ticket WHERE first IS NOT NULL AND first <> meaning"  # noqa: S608 - likewise
        for row in self._connection.execute(query):
            yield Entry(*row)

    def counts(self) -> dict[str, dict[str, int]]:
        """Return how many tickets have each class, by project."""
        found: dict[str, dict[str, int]] = {}
        query = "SELECT project, meaning, count(*) FROM ticket WHERE meaning IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
        for project, meaning, count in self._connection.execute(query):
            found.setdefault(str(project), {})[str(meaning)] = int(count)
        return found

    def number(self, condition: str = "all") -> int:
        """Return how many tickets there are: `all`, `open` (without a class), `doubtful` or `corrected`."""
        wheres = {
            "all": "TRUE",
            "open": "meaning IS NULL",
            "doubtful": "doubt <> ''",
            "corrected": "first IS NOT NULL AND first <> meaning",
        }
        row = self._connection.execute(f"SELECT count(*) FROM ticket WHERE {wheres[condition]}").fetchone()  # noqa: S608
        return int(row[0])

    def remember(self, project: str, standings: Sequence[tuple[str, str, str | None]]) -> None:
        """Keep what tickets had before: source, key, and the class as JSON or None; what is kept already stays."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO before VALUES (?, ?, ?, ?)", ((project, *standing) for standing in standings)
        )

    def lose(self, project: str, keys: Iterable[tuple[str, str]]) -> None:
        """Write down tickets that have a class and are not open any more, by source and key."""
        self._connection.executemany("INSERT INTO gone VALUES (?, ?, ?)", ((project, *key) for key in keys))

    def gone(self, project: str) -> list[tuple[str, str]]:
        """Return what `lose` wrote down."""
        return self._connection.execute("SELECT source, key FROM gone WHERE project = ?", (project,)).fetchall()

    def before(self, project: str) -> list[tuple[str, str, str | None]]:
        """Return what `remember` kept."""
        query = "SELECT source, key, standing FROM before WHERE project = ?"
        return self._connection.execute(query, (project,)).fetchall()

    def save(self) -> None:
        """Keep what was written."""
        self._connection.commit()


@contextmanager
def opened(folder: Path) -> Generator[Register]:
    """Open the register of a run's folder, and save at the end when nothing went wrong.

    Raises:
        StoreError: it cannot be opened or is damaged.
    """
    remedy = "Plan again: scout classify plan"
    with connected(folder / FILE, _SCHEMA, said=f"The register of the run {folder.name}", remedy=remedy) as connection:
        yield Register(connection)
