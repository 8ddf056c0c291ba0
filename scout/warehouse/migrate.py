"""Numbered SQL migrations: each in one transaction, never changed once released, only added to."""

import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from scout.errors import StoreError
from scout.warehouse.connection import Connection, UnknownTableError, newer


class Migration(NamedTuple):
    """One step of the schema: its number, from 1 without gaps, its name and its SQL."""

    number: int
    name: str
    sql: str


@cache
def migrations() -> tuple[Migration, ...]:
    """Return the migrations of this Scout in order of their numbers."""
    found = (path for path in files("scout.warehouse").joinpath("migrations").iterdir() if path.name.endswith(".sql"))
    named = sorted((path.name, path.read_text(encoding="utf-8")) for path in found)
    return tuple(Migration(int(name[:4]), re.sub(r"^\d+_|\.sql$", "", name), sql) for name, sql in named)


def version(connection: Connection, path: Path) -> int:
    """Return the number of the last migration that the open warehouse has seen.

    Raises:
        NewerWarehouseError: it is higher than the last one this Scout knows.
        StoreError: the file is a DuckDB database of something else.
    """
    try:
        row = connection.execute("SELECT coalesce(max(number), 0) FROM schema_version").fetchone()
    except UnknownTableError as error:
        what = f"{path} is a DuckDB database, but not a warehouse of Scout."
        raise StoreError(what, "Move it away, or point SCOUT_HOME at another folder.") from error
    number = int(row[0]) if row else 0
    if number > migrations()[-1].number:
        raise newer(path)
    return number


def migrate(connection: Connection, since: int) -> bool:
    """Apply the migrations after number `since`, each in a transaction of its own; return whether there were any.

    A migration that changes the shape of core deletes the rows of `raw.cursor`: the next pull is then a full one.
    """
    for step in migrations():
        if step.number > since:
            connection.begin()
            connection.execute(step.sql)
            connection.execute("INSERT INTO schema_version VALUES (?, ?)", [step.number, step.name])
            connection.commit()
    return since < migrations()[-1].number
