"""The rows behind the page's figures: tickets and findings as the last run of each project left them.

They stand in an SQLite file beside the snapshot, since DuckDB lets nobody read while a run writes. A project's rows are
replaced in one transaction, and only when there are others; whoever reads sees the old ones or the new ones.
"""

import re
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, TypeVar

from scout.errors import StoreError
from scout.model import Frozen
from scout.warehouse._replace import locked

V = TypeVar("V", bound=Frozen)

FORM: Final = 1
"""Number of the tables' form; a file of another form is made anew."""
_RARE: Final = 8
"""Words of a text by which texts like it are looked up: its rarest."""
_WORD = re.compile(r"[^\W_]{3,40}")
_TABLES: Final = """
    CREATE TABLE project (
        name TEXT PRIMARY KEY, digest TEXT NOT NULL, ready INTEGER NOT NULL, open INTEGER NOT NULL,
        closed INTEGER NOT NULL);
    CREATE TABLE ticket (
        id INTEGER PRIMARY KEY, project TEXT NOT NULL, place INTEGER NOT NULL, source TEXT NOT NULL, key TEXT NOT NULL,
        title TEXT NOT NULL, state TEXT NOT NULL, url TEXT NOT NULL, closed_at TEXT NOT NULL, stock TEXT NOT NULL,
        total REAL, failed TEXT NOT NULL, said TEXT NOT NULL);
    CREATE UNIQUE INDEX ticket_place ON ticket (project, stock, place);
    CREATE INDEX ticket_key ON ticket (project, key);
    CREATE TABLE finding (
        project TEXT NOT NULL, place INTEGER NOT NULL, fingerprint TEXT NOT NULL, signal TEXT NOT NULL,
        subject TEXT NOT NULL, title TEXT NOT NULL, severity INTEGER NOT NULL, offered INTEGER NOT NULL,
        leads INTEGER NOT NULL, paths TEXT NOT NULL, PRIMARY KEY (project, offered, place)) WITHOUT ROWID;
    CREATE VIRTUAL TABLE word USING fts5(title, content='', tokenize='porter unicode61');
"""


_COUNTED: Final = """
    INSERT OR REPLACE INTO project
    SELECT $project, $digest, coalesce(sum(stock = 'ready'), 0), coalesce(sum(stock = 'open'), 0),
           coalesce(sum(stock = 'closed'), 0)
    FROM ticket WHERE project = $project
"""


class TicketRow(Frozen):
    """A ticket in a line.

    Attributes:
        stock: `ready`, `open` (and not ready) or `closed`.
        total: its readiness, 0..1; None where it was not judged.
        failed: the gates that it fails.
        closed_at: ISO 8601; empty while it is open.
        said: the beginning of its text; empty for what was closed long ago.
    """

    place: int
    source: str
    key: str
    title: str
    state: str
    url: str = ""
    closed_at: str = ""
    stock: str
    total: float | None = None
    failed: str = ""
    said: str = ""


class FindingRow(Frozen):
    """A finding in a line.

    Attributes:
        leads: whether it leads its cluster, whose files are `paths`, one a line.
    """

    place: int
    fingerprint: str
    signal: str
    subject: str
    title: str
    severity: int
    offered: bool
    leads: bool
    paths: str = ""


class Rows:
    """The file of rows; opened by whoever reads or writes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def digest(self, project: str) -> str:
        """Return what `replace` was told last; empty when nothing was published."""
        return str(self._one("SELECT digest FROM project WHERE name = ?", project) or "")

    def replace(self, project: str, digest: str, tickets: Iterable[TicketRow], findings: Iterable[FindingRow]) -> None:
        """Replace a project's rows.

        Args:
            project: its id.
            digest: of what is published; returned by `digest` from now on.
            tickets: in the order to show them.
            findings: in the order to show them.

        Raises:
            StoreError: the file cannot be written; the rows are as they were.
        """
        with locked(self._path, wait=120), self._told(), closing(self._made()) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            forget = "INSERT INTO word (word, rowid, title) SELECT 'delete', id, title FROM ticket"
            connection.execute(f"{forget} WHERE project = ? AND said <> ''", [project])
            connection.execute("DELETE FROM ticket WHERE project = ?", [project])
            connection.execute("DELETE FROM finding WHERE project = ?", [project])
            for table, model, rows in (("ticket", TicketRow, tickets), ("finding", FindingRow, findings)):
                names = tuple(model.model_fields)
                values = attrgetter(*names)
                _insert(connection, table, names, ((project, *values(one)) for one in rows))
            remember = "INSERT INTO word (rowid, title) SELECT id, title FROM ticket WHERE project = ? AND said <> ''"
            connection.execute(remember, [project])
            connection.execute(_COUNTED, {"project": project, "digest": digest})

    def tickets(self, project: str, stock: str, after: int = -1, most: int = 100) -> tuple[TicketRow, ...]:
        """Return tickets of a stock, those whose place is after `after`."""
        query = "SELECT * FROM ticket WHERE project = ? AND stock = ? AND place > ? ORDER BY place LIMIT ?"
        return tuple(_values(TicketRow, self._all(query, project, stock, after, most)))

    def ticket(self, project: str, key: str) -> TicketRow | None:
        """Return a ticket by its key; None where there is none."""
        found = self._all("SELECT * FROM ticket WHERE project = ? AND key = ? LIMIT 1", project, key)
        return next(_values(TicketRow, found), None)

    def counts(self, project: str) -> dict[str, int]:
        """Return how many tickets there are of each stock."""
        found = self._all("SELECT ready, open, closed FROM project WHERE name = ?", project)
        return dict(zip(found[0].keys(), found[0], strict=True)) if found else {}

    def findings(self, project: str, *, offered: bool, after: int = -1, most: int = 100) -> tuple[FindingRow, ...]:
        """Return findings that are to be offered, or the others, those whose place is after `after`."""
        query = "SELECT * FROM finding WHERE project = ? AND offered = ? AND place > ? ORDER BY place LIMIT ?"
        return tuple(_values(FindingRow, self._all(query, project, offered, after, most)))

    def leads(self, project: str, signal: str) -> tuple[FindingRow, ...]:
        """Return what leads a cluster and is to be offered, of one signal."""
        query = "SELECT * FROM finding WHERE project = ? AND offered AND leads AND signal = ? ORDER BY place"
        return tuple(_values(FindingRow, self._all(query, project, signal)))

    def like(self, project: str, text: str, most: int = 10) -> tuple[TicketRow, ...]:
        """Return open and recently closed tickets whose titles share the rarest words of a text, nearest first."""
        words = sorted({word.lower() for word in _WORD.findall(text)})
        with self._reading() as connection:
            if connection is None:
                return ()
            seen = {word: _often(connection, word) for word in words}
            rare = sorted((word for word in words if seen[word]), key=lambda word: (seen[word], word))[:_RARE]
            if not rare:
                return ()
            query = (
                "SELECT ticket.* FROM word JOIN ticket ON ticket.id = word.rowid "
                "WHERE word MATCH ? AND ticket.project = ? ORDER BY bm25(word), ticket.place LIMIT ?"
            )
            asked = " OR ".join(f'"{word}"' for word in rare)
            return tuple(_values(TicketRow, connection.execute(query, [asked, project, most]).fetchall()))

    def _one(self, query: str, *values: object) -> object:
        rows = self._all(query, *values)
        return rows[0][0] if rows else None

    def _all(self, query: str, *values: object) -> list[sqlite3.Row]:
        with self._reading() as connection:
            return [] if connection is None else connection.execute(query, values).fetchall()

    @contextmanager
    def _reading(self) -> Generator[sqlite3.Connection | None, None, None]:
        """Yield a connection; None where nothing was published, or in another form."""
        if not self._path.exists():
            yield None
            return
        with (
            self._told(),
            closing(sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True, timeout=5)) as connection,
        ):
            connection.row_factory = sqlite3.Row
            yield connection if _form(connection) == FORM else None

    def _made(self) -> sqlite3.Connection:
        """Return a connection that writes; a file of another form, or a damaged one, is made anew."""
        connection = self._opened()
        with suppress(sqlite3.DatabaseError):
            if _form(connection) == FORM:
                connection.execute("PRAGMA synchronous = NORMAL")
                return connection
        connection.close()
        for name in (self._path.name, f"{self._path.name}-wal", f"{self._path.name}-shm"):
            self._path.with_name(name).unlink(missing_ok=True)
        connection = self._opened()
        self._path.chmod(0o600)
        connection.executescript(f"PRAGMA journal_mode = WAL; BEGIN; {_TABLES} PRAGMA user_version = {FORM}; COMMIT;")
        return connection

    def _opened(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=30, isolation_level=None)

    @contextmanager
    def _told(self) -> Generator[None, None, None]:
        try:
            yield
        except sqlite3.Error as error:
            what = f"The published rows {self._path} cannot be used: {error}."
            raise StoreError(what, "Delete that file; the next `scout run` writes it anew.") from error


def _insert(connection: sqlite3.Connection, table: str, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * (len(names) + 1))
    query = f"INSERT INTO {table} (project, {', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names of this module
    connection.executemany(query, rows)


def _values(model: type[V], rows: Iterable[sqlite3.Row]) -> Iterator[V]:
    return (model.model_validate({name: row[name] for name in model.model_fields}) for row in rows)


def _form(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _often(connection: sqlite3.Connection, word: str) -> int:
    """Return in how many titles a word stands."""
    return int(connection.execute("SELECT count(*) FROM word WHERE word MATCH ?", [f'"{word}"']).fetchone()[0])
