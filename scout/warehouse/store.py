"""The warehouse file: opened late, closed early, by one process at a time."""

import json
import random
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from scout.errors import StoreError
from scout.warehouse._replace import locked, told
from scout.warehouse.connection import BusyError, Connection, connect, translated
from scout.warehouse.freshness import Cursor, Freshness
from scout.warehouse.migrate import migrate, migrations, version

_T = TypeVar("_T")
_SHORTEST, _LONGEST = 0.01, 0.5  # seconds between two tries


class NoWarehouseError(StoreError):
    """There is no warehouse yet (exit code 3)."""


class Warehouse:
    """One DuckDB file that holds what the world looks like; it can always be rebuilt from the sources.

    DuckDB lets either one process write or several read. Whoever needs the file therefore opens it for one piece of
    work and closes it at once; whoever finds it open waits, in random steps, for at most `wait` seconds. Cursors and
    results taken from a connection end with it. No other code of this process may open and close the file by itself:
    that would drop the operating system's lock.

    Args:
        path: the file; it and its folder are made at the first write (modes 0600 and 0700).
        wait: seconds to wait for others.
        memory: what DuckDB may use, such as `2GB`; what needs more spills into a folder beside the file.
    """

    def __init__(self, path: Path, *, wait: float = 30.0, memory: str = "512MB") -> None:
        self.path = path
        self.wait = wait
        self.memory = memory

    @property
    def freshness(self) -> Freshness:
        """`sources.json` beside the file."""
        return Freshness(self.path.with_name("sources.json"), self.path)

    @contextmanager
    def reading(self) -> Generator[Connection, None, None]:
        """Open the file for reading; an older schema is brought up to date first.

        Raises:
            NoWarehouseError: there is no file yet.
            NewerWarehouseError: a newer Scout wrote it.
            BusyError: another process kept it open.
            StoreError: it is damaged.
        """
        with self._held() as deadline:
            if not self.path.exists():
                what = f"There is no warehouse at {self.path} yet."
                raise NoWarehouseError(what, "Run `scout run`; it makes one.")
            with self._open(deadline, read_only=True) as connection:
                if version(connection, self.path) == migrations()[-1].number:
                    yield connection
                    return
            with self._changing(deadline):
                pass
            with self._open(deadline, read_only=True) as connection:
                yield connection

    @contextmanager
    def writing(self) -> Generator[Connection, None, None]:
        """Open the file for one transaction: committed when the block ends well, else nothing is changed.

        A missing file is made, an older schema is brought up to date first.

        Raises:
            NewerWarehouseError: a newer Scout wrote the file.
            BusyError: another process kept it open.
            StoreError: it is damaged, the disk is full or read-only.
        """
        with self._held() as deadline:
            if not self.path.exists():
                self._create(deadline)
            with self._changing(deadline) as connection:
                yield connection

    @contextmanager
    def _changing(self, deadline: float) -> Generator[Connection, None, None]:
        with self._open(deadline, read_only=False) as connection:
            migrated = migrate(connection, version(connection, self.path))
            identity = _identity(connection)
            believed = not migrated and self.freshness.believed(identity)
            connection.begin()
            yield connection
            connection.commit()
            cursors = None if believed else _cursors(connection)
            connection.checkpoint()
        self.freshness.settle(identity, cursors)

    @contextmanager
    def _open(self, deadline: float, *, read_only: bool) -> Generator[Connection, None, None]:
        connection = _patiently(lambda: connect(self.path, read_only=read_only, memory=self.memory), deadline)
        with _closed(connection, self.path):
            yield connection

    def _create(self, deadline: float) -> None:
        """Make the file beside its place, then rename it: killed at any moment, there is no file or a whole one."""
        beside = self.path.with_name(f"{self.path.name}.new")
        with locked(self.path, max(deadline - time.monotonic(), 0.0)):
            if self.path.exists():
                return
            with told(self.path):
                for remains in (beside, Path(f"{beside}.wal"), Path(f"{self.path}.wal")):
                    remains.unlink(missing_ok=True)
            connection = connect(beside, read_only=False, memory=self.memory)
            with _closed(connection, self.path):
                with told(self.path):
                    beside.chmod(0o600)
                migrate(connection, 0)
                connection.checkpoint()
            with told(self.path):
                beside.replace(self.path)

    @contextmanager
    def _held(self) -> Generator[float, None, None]:
        """Keep other threads of this process away, and yield until when to wait for other processes."""
        deadline = time.monotonic() + self.wait
        with told(self.path):
            turn = _turn(self.path.resolve())
        if turn.owner == threading.get_ident():
            what = f"The warehouse {self.path} is already open in this piece of work."
            raise StoreError(what, "Leave the first `reading()` or `writing()` before the next.")
        if not turn.lock.acquire(timeout=max(self.wait, 0.0)):
            what = f"The warehouse {self.path} is in use by another thread of this process."
            raise BusyError(what, "Wait for it to end, then try again.")
        turn.owner = threading.get_ident()
        try:
            yield deadline
        finally:
            turn.owner = None
            turn.lock.release()


class _Turn:
    """Whose turn it is among the threads of this process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.owner: int | None = None


_turns: dict[Path, _Turn] = {}


def _turn(path: Path) -> _Turn:
    return _turns.setdefault(path, _Turn())


def _patiently(opened: Callable[[], _T], deadline: float) -> _T:
    """Return what `opened` returns, trying again while the file is busy, in random and growing steps."""
    longest = _SHORTEST
    while True:
        try:
            return opened()
        except BusyError:
            left = deadline - time.monotonic()
            if left <= 0:
                raise
            time.sleep(min(random.uniform(_SHORTEST, longest + _SHORTEST), left))  # noqa: S311 - jitter, no secret
            longest = min(longest * 2, _LONGEST)


@contextmanager
def _closed(connection: Connection, path: Path) -> Generator[None, None, None]:
    """Close the connection at the end, which also undoes an open transaction; say errors as `translated` does."""
    with translated(path):
        try:
            yield
        finally:
            connection.close()


def _identity(connection: Connection) -> str:
    row = connection.execute("SELECT id FROM warehouse").fetchone()
    return str(row[0]) if row else ""


def _cursors(connection: Connection) -> dict[str, dict[str, Cursor]]:
    found: dict[str, dict[str, Cursor]] = {}
    for project, source, position in connection.execute("SELECT project, source, position FROM raw.cursor").fetchall():
        found.setdefault(project, {})[source] = json.loads(position)
    return found
