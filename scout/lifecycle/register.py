"""A run's database file: every ticket once, with exactly one class in the end, and what it had before."""

import json
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scout.lifecycle._file import connected
from scout.lifecycle.sheet import Row

FILE = "run.sqlite"
_PAGE = 2_000
SETTLED = "settled"
"""What a class that a person has given names as the rule that decided."""

_SCHEMA = """
    CREATE TABLE IF NOT EXISTS ticket (
        n INTEGER PRIMARY KEY, project TEXT NOT NULL, source TEXT NOT NULL, key TEXT NOT NULL, title TEXT NOT NULL,
        digest TEXT NOT NULL, meaning TEXT, confidence REAL, reason TEXT, quotation TEXT, rule TEXT, second TEXT,
        doubt TEXT NOT NULL DEFAULT '', worker TEXT NOT NULL DEFAULT '', first TEXT, had TEXT NOT NULL DEFAULT '[]',
        UNIQUE (project, source, key)
    );
    CREATE TABLE IF NOT EXISTS before (project TEXT NOT NULL, source TEXT NOT NULL, key TEXT NOT NULL, standing TEXT,
        PRIMARY KEY (project, source, key)
    );
    CREATE TABLE IF NOT EXISTS settled (n INTEGER PRIMARY KEY, confidence REAL, reason TEXT, quotation TEXT, rule TEXT,
        meaning TEXT, second TEXT, doubt TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS owed (n INTEGER PRIMARY KEY);
    CREATE TABLE IF NOT EXISTS gone (project TEXT NOT NULL, source TEXT NOT NULL, key TEXT NOT NULL);
"""
_ENTRY = (
    "n, project, source, key, title, digest, meaning, confidence, reason, quotation, rule, second, doubt, worker, "
    "first, had"
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
        had: its labels when it was read, as JSON.
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
    had: str = "[]"

    @property
    def labels(self) -> tuple[str, ...]:
        """Its labels when it was read."""
        return tuple(json.loads(self.had))


class Register:
    """The open file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(
        self, number: int, place: tuple[str, str, str], title: str, digest: str, labels: Sequence[str] = ()
    ) -> bool:
        """Add a ticket of a project, a source and a key; False when it is there already."""
        added = self._connection.execute(
            "INSERT OR IGNORE INTO ticket (n, project, source, key, title, digest, had) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, *place, title, digest, json.dumps(labels)),
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
        """Give a ticket the class that an audit found, and remember the first; that ends what it was in doubt about."""
        number = int(row.id)
        self._connection.execute(
            "UPDATE ticket SET first = coalesce(first, meaning), doubt = '' WHERE n = ?", (number,)
        )
        self.judge(worker, (row,))

    def doubt_below(self, floor: float, why: str) -> None:
        """Say that a person should look at all tickets of less confidence."""
        self._connection.execute("UPDATE ticket SET doubt = ? WHERE confidence < ? AND doubt = ''", (why, floor))

    def doubt(self, number: int, why: str) -> None:
        """Say that a person should look at a ticket, beside what was said before."""
        said = "CASE doubt WHEN '' THEN ? ELSE doubt || '; ' || ? END"
        self._connection.execute(f"UPDATE ticket SET doubt = {said} WHERE n = ?", (why, why, number))  # noqa: S608

    def default(self, meaning: str, reason: str) -> None:
        """Give every ticket without a class this one, in doubt: exactly one class is a property of the data."""
        self._connection.execute(
            "UPDATE ticket SET meaning = ?, confidence = 0, reason = ?, quotation = '', rule = 'default', second = ?, "
            "doubt = ? WHERE meaning IS NULL",
            (meaning, reason, meaning, reason),
        )

    def entries(self, project: str | None = None) -> Iterator[Entry]:
        """Give the tickets in their order, of all projects or one; the file may be written meanwhile."""
        mine, after = "" if project is None else " AND project = ?", -1
        query = f"SELECT {_ENTRY} FROM ticket WHERE n > ?{mine} ORDER BY n LIMIT {_PAGE}"  # noqa: S608 - columns of ours
        while rows := self._connection.execute(query, (after, *(() if project is None else (project,)))).fetchall():
            for row in rows:
                yield Entry(*row)
            after = rows[-1][0]

    def doubtful(self, most: int) -> list[Entry]:
        """Return tickets that a person should look at, the least sure first."""
        query = f"SELECT {_ENTRY} FROM ticket WHERE doubt <> '' ORDER BY confidence, n LIMIT ?"  # noqa: S608 - likewise
        return [Entry(*row) for row in self._connection.execute(query, (most,))]

    def named(self, numbers: Iterable[int]) -> list[Entry]:
        """Return the tickets with these numbers, in their order."""
        query = f"SELECT {_ENTRY} FROM ticket WHERE n = ?"  # noqa: S608 - likewise
        rows = (self._connection.execute(query, (number,)).fetchone() for number in sorted(set(numbers)))
        return [Entry(*row) for row in rows if row]

    def settle(self, number: int, meaning: str) -> None:
        """Give a doubtful ticket the class that a person says, and remember what it was in doubt about."""
        held = "confidence, reason, quotation, rule, meaning, second, doubt"
        self._connection.execute(
            f"INSERT OR IGNORE INTO settled (n, {held}) SELECT n, {held} FROM ticket WHERE n = ?",  # noqa: S608 - ours
            (number,),
        )
        self._connection.execute(
            "UPDATE ticket SET meaning = ?, confidence = 1, reason = ?, quotation = '', rule = ?, doubt = '' "
            "WHERE n = ?",
            (meaning, "a person has settled it", SETTLED, number),
        )
        self._owe(number)

    def unsettle(self, number: int) -> bool:
        """Give a ticket back what it was before a person settled it; False where nobody has."""
        row = self._connection.execute(
            "DELETE FROM settled WHERE n = ? RETURNING confidence, reason, quotation, rule, meaning, second, doubt",
            (number,),
        ).fetchone()
        if row is None:
            return False
        self._connection.execute(
            "UPDATE ticket SET confidence = ?, reason = ?, quotation = ?, rule = ?, meaning = ?, second = ?, doubt = ? "
            "WHERE n = ?",
            (*row, number),
        )
        self._owe(number)
        return True

    def owed(self) -> list[Entry]:
        """Return the tickets that a person has given another class, which nobody has kept for the project yet."""
        numbers = self._connection.execute("SELECT n FROM owed").fetchall()
        return self.named(number for (number,) in numbers)

    def paid(self, entries: Iterable[Entry]) -> None:
        """Say that these were kept; what a person has changed meanwhile is owed again."""
        rows = ((one.number, one.meaning, one.doubt) for one in entries)
        self._connection.executemany(
            "DELETE FROM owed WHERE n = ? AND EXISTS "
            "(SELECT 1 FROM ticket WHERE ticket.n = owed.n AND meaning IS ? AND doubt = ?)",
            rows,
        )

    def _owe(self, number: int) -> None:
        self._connection.execute("INSERT OR IGNORE INTO owed VALUES (?)", (number,))

    def overruled(self) -> dict[str, int]:
        """Return how often people have settled otherwise than a rule had decided: the rule, its class, theirs."""
        query = """
            SELECT settled.rule || ': ' || settled.meaning || ' became ' || ticket.meaning, count(*)
            FROM settled JOIN ticket USING (n) WHERE settled.meaning <> ticket.meaning GROUP BY 1 ORDER BY 2 DESC, 1
        """
        return {str(name): int(count) for name, count in self._connection.execute(query)}

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
        if not _keeps_labels(connection):  # of a run before labels were kept
            connection.execute("BEGIN IMMEDIATE")
            if not _keeps_labels(connection):  # whoever came first has it by now
                connection.execute("ALTER TABLE ticket ADD COLUMN had TEXT NOT NULL DEFAULT '[]'")
            connection.commit()
        yield Register(connection)


def _keeps_labels(connection: sqlite3.Connection) -> bool:
    return "had" in {str(row[1]) for row in connection.execute("PRAGMA table_info (ticket)")}
