"""A ledger's file as a file: copied at one moment, checked, and given its name only when it is whole."""

import os
import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from scout.errors import StoreError
from scout.ledger.faults import DamagedError, told
from scout.ledger.place import parse
from scout.ledger.schema import VERSION_TABLE


@contextmanager
def beside(file: Path) -> Generator[Path]:
    """Yield the path of a draft on the same disk as `file`; what is left of it is deleted at the end.

    Raises:
        StoreError: the folder cannot be written.
    """
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=f".{file.name}-") as folder:
            yield Path(folder) / file.name
    except OSError as error:
        what = f"{file} cannot be written: {error.strerror}."
        raise StoreError(what, "Choose a folder on a disk with space that this user may write.") from error


def copied(origin: Path, draft: Path, shown: Path) -> None:
    """Copy a ledger as it is at one moment, by SQLite's online backup (https://sqlite.org/backup.html).

    Args:
        origin: the ledger; others may write it.
        draft: the copy; readable by this user only.
        shown: the name that messages give the copy.
    """
    draft.touch(mode=0o600)
    with told(parse(origin)), closing(sqlite3.connect(f"{origin.as_uri()}?mode=ro", uri=True)) as source:
        source.execute("PRAGMA schema_version")
        with told(parse(shown)), closing(sqlite3.connect(draft)) as target:
            source.backup(target)


def sealed(draft: Path, file: Path) -> None:
    """Give a sound copy its name, as one whole file that is on the disk.

    Raises:
        DamagedError: the copy, and so what it was made of, is damaged.
    """
    with told(parse(file)), closing(sqlite3.connect(draft)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        problem = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        loose = connection.execute("PRAGMA foreign_key_check").fetchone()
    if problem != "ok" or loose is not None:
        what = f"The ledger failed its check, so {file} was not written ({problem if loose is None else 'lost rows'})."
        raise DamagedError(what, "Restore the newest good backup with `scout restore FILE`.")
    with draft.open("rb") as whole:
        os.fsync(whole.fileno())
    draft.replace(file)
    flush_folder(file.parent)


def is_ledger(file: Path) -> bool:
    """Whether a file is a ledger that a Scout of any version wrote."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute(query, (VERSION_TABLE,)).fetchone() is not None
    except sqlite3.DatabaseError:
        return False


def set_aside(file: Path, kept: Path) -> None:
    """Move a damaged ledger and its journals out of the way.

    Raises:
        StoreError: the folder cannot be written.
    """
    try:
        for suffix in ("", "-wal", "-shm"):
            origin = Path(f"{file}{suffix}")
            if origin.exists():
                origin.rename(f"{kept}{suffix}")
    except OSError as error:
        what = f"The damaged ledger {file} cannot be moved aside: {error.strerror}."
        raise StoreError(what, "Make its folder writable for this user.") from error


def flush_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
