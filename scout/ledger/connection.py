"""Connections and transactions: one writer at a time, readers that see one moment, on both databases."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, text

from scout.ledger.faults import told
from scout.ledger.place import Place

WAIT_SECONDS: Final = 30
"""How long a writer waits for the one before it."""

WRITE_LOCK: Final = 0x5C0071ED
PUBLISH_LOCK: Final = 0x5C00700B
"""Keys of PostgreSQL's advisory locks. SQLite has one writer anyway; with this lock PostgreSQL has as well."""


def connect(place: Place) -> Engine:
    """Return an engine for `place`; nothing is opened yet."""
    if place.path is None:
        return create_engine(place.url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    engine = create_engine(place.url, connect_args={"timeout": WAIT_SECONDS})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN would come too late and be a deferred one
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine, place: Place) -> Generator[Connection]:
    """Yield a connection whose queries all see the same moment.

    Raises:
        StoreError: the database cannot be read now.
    """
    options: dict[str, Any] = {}
    if place.path is None:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with told(place), engine.connect() as connection:
        connection.execution_options(**options)
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine, place: Place) -> Generator[Connection]:
    """Yield the only writing connection; all is kept when the block ends, nothing when it raises.

    Raises:
        StoreError: another process writes for too long, or the database cannot be written now.
    """
    with told(place), engine.connect() as connection:
        if place.path is None:
            connection.execution_options(isolation_level="READ COMMITTED")  # sees what the last writer left
        else:
            connection.execution_options(writes=True)
        with connection.begin():
            if place.path is None:
                connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITE_LOCK})
            yield connection
