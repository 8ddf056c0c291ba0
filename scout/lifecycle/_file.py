"""A database file of a run: opened, given its tables, saved at the end when nothing went wrong."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from scout.errors import StoreError


@contextmanager
def connected(file: Path, schema: str, *, said: str, remedy: str) -> Generator[sqlite3.Connection]:
    """Open a file, made when it is missing.

    Args:
        file: where.
        schema: statements that make its tables where they are missing.
        said: what it is, for the message when it cannot be used.
        remedy: what to do then.

    Raises:
        StoreError: it cannot be opened or is damaged.
    """
    try:
        connection = sqlite3.connect(file, timeout=30)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(schema)
            yield connection
            connection.commit()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StoreError(f"{said} cannot be used: {error}.", remedy) from error
