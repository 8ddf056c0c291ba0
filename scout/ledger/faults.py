"""Errors of the database in the reader's words: one sentence, one remedy, no secrets."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError

from scout.errors import ScoutError, StoreError
from scout.ledger.place import Place


class DamagedError(StoreError):
    """The ledger's file is not, or no longer, a database."""


_RETRY = "Run the command again; if it stays so, end the process that holds the ledger."
_RESTORE = "Restore the newest backup with `scout restore FILE`; the damaged file is kept beside it."
_SPACE = "Free some space and run the command again; nothing was changed."
_WRITABLE = "Make the file and its folder writable for this user."

_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: ("stayed locked by another process", _RETRY),
    sqlite3.SQLITE_LOCKED: ("stayed locked by another process", _RETRY),
    sqlite3.SQLITE_READONLY: ("cannot be written", _WRITABLE),
    sqlite3.SQLITE_PERM: ("cannot be written", _WRITABLE),
    sqlite3.SQLITE_IOERR: ("could not be read or written by the operating system", "Check the disk and its space."),
    sqlite3.SQLITE_FULL: ("could not be written: the disk is full", _SPACE),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "Check that the path is a file that this user may write."),
    sqlite3.SQLITE_CORRUPT: ("is damaged", _RESTORE),
    sqlite3.SQLITE_NOTADB: ("is not a database", _RESTORE),
}
_DAMAGE: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL: Final = {
    "55P03": ("stayed locked by another process", _RETRY),
    "53100": ("could not be written: the server's disk is full", _SPACE),
    "53300": ("has no connection left", "Raise the server's max_connections, or run fewer processes at once."),
    "25006": ("cannot be written: the server is read-only", "Give the URL of the primary server."),
    "42501": ("denies this user what Scout needs", "Grant the user all rights in the ledger's database."),
}


@contextmanager
def told(place: Place) -> Generator[None]:
    """Turn what the database raises inside into a StoreError about `place`.

    Raises:
        StoreError: the database could not do what was asked.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise _translated(error, place) from error


def _translated(error: Exception, place: Place) -> BaseException:
    if isinstance(error, StatementError) and not isinstance(error, DBAPIError) and error.orig is not None:
        return error.orig  # raised while values were bound: a ScoutError, or a defect that should look like one
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, ScoutError):
        return cause
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause, place)
    known = _POSTGRESQL.get(getattr(cause, "sqlstate", None) or "")
    if known:
        return StoreError(f"The ledger {place.shown} {known[0]}.", known[1])
    what = f"The ledger {place.shown} could not be used: {_first_line(cause, place)}."
    return StoreError(what, "Check that its server runs and that its URL, user and rights are right.")


def _of_sqlite(cause: sqlite3.Error, place: Place) -> StoreError:
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
    happened, remedy = _SQLITE.get(code, (f"could not be used: {_first_line(cause, place)}", "Run `scout doctor`."))
    kind = DamagedError if code in _DAMAGE else StoreError
    return kind(f"The ledger {place.shown} {happened}.", remedy)


def _first_line(cause: object, place: Place) -> str:
    line = next(iter(str(cause).strip().splitlines()), "no reason given").rstrip(".")
    for secret in place.secrets:
        line = line.replace(secret, "***")
    return line
