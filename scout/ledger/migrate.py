"""Bringing a ledger to the schema of this Scout, or refusing one that is newer."""

import secrets
import tempfile
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from scout import clock
from scout.errors import StoreError
from scout.ledger.connection import connect, reading, writing
from scout.ledger.faults import DamagedError
from scout.ledger.files import flush_folder
from scout.ledger.place import Place, parse
from scout.ledger.schema import HEAD, VERSION_TABLE, meta


def prepared(place: Place) -> Engine:
    """Return an engine for the ledger at `place`, made or migrated first where that is due.

    A file is made complete beside its place and linked there, so that nobody ever opens half a ledger.

    Raises:
        StoreError: it cannot be opened, is no ledger, or was written by a newer Scout.
    """
    if place.path is not None:
        _ensure_file(place.path)
    engine = connect(place)
    try:
        with reading(engine, place) as connection:
            version = current_version(connection)
        if version != HEAD:
            with writing(engine, place) as connection:
                bring_up_to_date(connection, place)
    except BaseException:
        engine.dispose()
        raise
    return engine


def current_version(connection: Connection) -> str | None:
    """Return the migration that the ledger is at; None when it has none yet."""
    savepoint = connection.begin_nested()  # PostgreSQL gives up the whole transaction after an error
    try:
        version = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - a constant
    except SQLAlchemyError:
        savepoint.rollback()
        if inspect(connection).has_table(VERSION_TABLE):
            raise
        return None
    savepoint.commit()
    return version


def bring_up_to_date(connection: Connection, place: Place) -> None:
    """Apply the migrations that are missing, within the caller's writing transaction.

    Raises:
        StoreError: the database is used by something else, or was written by a newer Scout.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    version = current_version(connection)
    if version == HEAD:
        return  # another process was faster
    if version is None and inspect(connection).get_table_names():
        what = f"{place.shown} holds the tables of something else, not a Scout ledger."
        raise StoreError(what, "Give the ledger a file, database or schema of its own.")
    config = Config()
    config.set_main_option("script_location", "scout.ledger:migrations")
    if version is not None:
        try:
            ScriptDirectory.from_config(config).get_revision(version)
        except CommandError as error:
            what = f"The ledger {place.shown} was written by a newer Scout (schema {version}, this one knows {HEAD})."
            raise StoreError(what, "Upgrade Scout; nothing was changed.") from error
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if version is None:
        _baptise(connection, clock.now())


def _baptise(connection: Connection, at: datetime) -> None:
    rows = [
        {"number": 1, "name": "id", "value": secrets.token_hex(16), "at": at},
        {"number": 2, "name": "created", "value": HEAD, "at": at},
    ]
    connection.execute(insert(meta), rows)


def _ensure_file(path: Path) -> None:
    try:
        if path.exists():
            _refuse_emptied(path)
            return
        if path.with_name(f"{path.name}-wal").exists() and not path.exists():
            what = f"The ledger {path} is missing, but its journal {path.name}-wal is still there."
            raise DamagedError(what, "Bring the file back, or restore a backup with `scout restore FILE`.")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(path)
    except OSError as error:
        what = f"The ledger {path} cannot be made: {error.strerror}."
        raise StoreError(what, "Choose a folder on a disk with space that this user may write.") from error


def _refuse_emptied(path: Path) -> None:
    if path.is_file() and path.stat().st_size == 0:
        what = f"The ledger {path} is empty: its content was lost."
        raise DamagedError(what, "Restore a backup with `scout restore FILE`, or delete the file to begin anew.")


def _make(path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
        file = Path(folder) / path.name
        draft = parse(file)
        file.touch(mode=0o600)
        engine = connect(draft)
        try:
            with writing(engine, parse(path)) as connection:
                bring_up_to_date(connection, parse(path))
        finally:
            engine.dispose()
        try:
            path.hardlink_to(file)
        except FileExistsError:
            return  # another process made it meanwhile
    flush_folder(path.parent)
