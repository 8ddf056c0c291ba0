"""The only place that imports DuckDB: opening a file safely, and what its errors mean to a user."""

import re
import shlex
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from scout.errors import ScoutError, StoreError, UsageError
from scout.warehouse._replace import no_space, not_writable

Connection = duckdb.DuckDBPyConnection
UnknownTableError = duckdb.CatalogException

_Config = dict[str, str | bool | int | float | list[str]]

_WORDS_SHOWN = 3
_ROW_GROUP = 8192
_HEADERS = 3 * 4096  # bytes before the first block of a DuckDB file


class NewerWarehouseError(UsageError):
    """The warehouse was written by a newer Scout; this one leaves it alone (exit code 2)."""


class BusyError(StoreError):
    """Another process has the warehouse open (exit code 3)."""


def connect(path: Path, *, read_only: bool, memory: str) -> Connection:
    """Open the DuckDB file at `path`; nothing is ever downloaded, all times are UTC.

    Args:
        path: the file; it is created when it is missing and `read_only` is not set.
        read_only: whether nothing may be changed.
        memory: DuckDB's limit, such as `512MB`; beyond it, work spills into a folder beside the file.

    Raises:
        ScoutError: as `translated` says.
    """
    config: _Config = {
        "memory_limit": memory,
        "temp_directory": f"{path}.tmp",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "allow_persistent_secrets": False,
        "python_enable_replacements": False,
    }
    whole = not Path(f"{path}.wal").exists() and path.exists()
    with translated(path):
        try:
            connection = _reading(path, config) if read_only else _writing(path, config)
        except duckdb.IOException as error:
            # A file with the mark of another format makes DuckDB look for that format's extension.
            if str(error).startswith("IO Error: Extension"):
                raise damaged(path, "it is not a DuckDB file") from error
            raise
        connection.execute("SET TimeZone = 'UTC'")
        if whole and (missing := _missing(connection, path)):
            connection.close()
            raise damaged(path, f"its last {missing:,} bytes are missing")
        return connection


def _reading(path: Path, config: _Config) -> Connection:
    return duckdb.connect(path, read_only=True, config=config)


def _writing(path: Path, config: _Config) -> Connection:
    """Attach the file: only there can one say how many rows are kept in memory until they are compressed together."""
    connection = duckdb.connect(config=config)
    place = str(path).replace("'", "''")
    try:
        connection.execute(f"ATTACH '{place}' AS warehouse (ROW_GROUP_SIZE {_ROW_GROUP})")
        connection.execute("USE warehouse")
    except duckdb.Error:
        connection.close()
        raise
    return connection


@contextmanager
def translated(path: Path) -> Generator[None, None, None]:
    """Turn what DuckDB says about the file, the disk and memory into a sentence and a remedy.

    Errors in the SQL itself pass: those are defects of Scout, not of the world.

    Raises:
        BusyError: another process has the file open.
        NewerWarehouseError: the file has a format that this DuckDB does not know.
        StoreError: the file is damaged, the disk full or read-only, or memory ran out.
    """
    try:
        yield
    except duckdb.Error as error:
        said = _meaning(path, error)
        if said is None:
            raise
        raise said from error


def changed_rows(connection: Connection) -> int:
    """Return how many rows the last statement, an INSERT or DELETE, changed."""
    row = connection.fetchone()
    return int(row[0]) if row else 0


def damaged(path: Path, said: str) -> StoreError:
    """Return what to say about a file that can no longer be read, of which DuckDB `said` something."""
    what = f"The warehouse {path} is damaged ({_reason(said)})."
    remedy = (
        f"Delete it with `rm {shlex.quote(str(path))}`; `scout run` rebuilds it from the sources. "
        "Decisions are in the ledger and are not touched."
    )
    return StoreError(what, remedy)


def newer(path: Path) -> NewerWarehouseError:
    """Return what to say about a warehouse of a newer Scout."""
    what = f"The warehouse {path} was written by a newer Scout."
    return NewerWarehouseError(what, "Upgrade Scout, or point SCOUT_HOME at another folder.")


def _meaning(path: Path, error: duckdb.Error) -> ScoutError | None:
    text = str(error)
    for marks, said in _MEANINGS:
        if any(mark in text for mark in marks):
            return said(path, text)
    return _unusable(path, text) if isinstance(error, duckdb.IOException) else None


def _missing(connection: Connection, path: Path) -> int:
    """Return how many bytes the file, just opened and without a log to replay, is too short for its blocks in use.

    DuckDB itself would only notice when it needs a block that was cut off, perhaps after others were written.
    """
    row = connection.execute("SELECT max(block_size * used_blocks) FROM pragma_database_size()").fetchone()
    return max(_HEADERS + (row[0] if row else 0) - path.stat().st_size, 0)


def _busy(path: Path, text: str) -> BusyError:
    found = re.search(r"\(PID (\d+)\)", text)
    holder = f"process {found[1]}{_command(int(found[1]))}" if found else "another connection of this process"
    what = f"The warehouse {path} is in use by {holder}."
    return BusyError(what, "Wait for it to end, then try again.")


def _command(pid: int) -> str:
    """Return ` (name of the command)`, as far as this system tells; never its whole line, which may hold secrets."""
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # ended meanwhile, another user's, or a system without /proc: the number alone has to do
        return ""
    words = [Path(word).name for word in line.decode(errors="replace").split("\0")[:_WORDS_SHOWN]]
    shown = " ".join(word for word in words if word.isprintable()).strip()
    return f" ({shown})" if shown else ""


def _starved(path: Path, _: str) -> StoreError:
    what = f"The warehouse {path} needs more memory than it may use."
    return StoreError(what, f"Let it use more, or free space on the disk of {path.parent} for what does not fit.")


def _unusable(path: Path, said: str) -> StoreError:
    what = f"The warehouse {path} cannot be used ({_reason(said)})."
    return StoreError(what, "Check the folder, or point SCOUT_HOME elsewhere.")


def _reason(said: str) -> str:
    return said.splitlines()[0].removeprefix("IO Error: ").rstrip(".!")


# DuckDB has one class of error for nearly all of these; only its words tell them apart.
_MEANINGS: tuple[tuple[tuple[str, ...], Callable[[Path, str], ScoutError]], ...] = (
    (("Could not set lock on file", "with a different configuration than existing connections"), _busy),
    (("No space left", "Disk quota exceeded"), lambda path, _: no_space(path)),
    (("Read-only file system", "Permission denied", "Operation not permitted"), lambda path, _: not_writable(path)),
    (("Out of Memory Error",), _starved),
    (("storage version",), lambda path, _: newer(path)),
    (
        ("not a valid DuckDB database file", "Could not read enough bytes", "Corrupt", "checksum", "replaying WAL"),
        damaged,
    ),
)
