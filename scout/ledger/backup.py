"""Backups: always one SQLite file, whatever the ledger is kept in; taken and brought back while others work."""

import tempfile
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from sqlalchemy import Connection

from scout.errors import UsageError
from scout.ledger.connection import connect, reading, writing
from scout.ledger.copying import replace_rows
from scout.ledger.faults import DamagedError
from scout.ledger.files import beside, copied, is_ledger, sealed, set_aside
from scout.ledger.migrate import current_version, prepared
from scout.ledger.opened import Opened
from scout.ledger.place import Place, parse
from scout.ledger.rows import append_numbered
from scout.ledger.schema import meta


def backup(ledger: Opened, file: Path) -> None:
    """Write all that the ledger holds at one moment into `file`, which is there whole or not at all.

    Others may read and decide meanwhile. The file is checked before it gets its name, and only this user can read it.

    Raises:
        UsageError: `file` is a ledger in use, or something else than an earlier backup.
        StoreError: the ledger cannot be read or is damaged, or the file cannot be written.
    """
    file = file.expanduser().absolute()
    _refuse_to_overwrite(ledger.place, file)
    with beside(file) as draft:
        if ledger.place.path is not None:
            copied(ledger.place.path, draft, file)
        else:
            with ledger.reading() as source:
                _write(source, draft)
        sealed(draft, file)


def restore(where: str | Path, file: Path, at: datetime) -> Path | None:
    """Make the ledger at `where` hold exactly what a backup holds, in one transaction, while others have it open.

    From then on `Ledger.restored_at` answers `at` until the trackers are swept. A damaged SQLite file cannot take
    part in a transaction: it is moved aside, and who has it open has to open the ledger again.

    Args:
        where: the ledger's path or URL; it may be missing or damaged.
        file: the backup.
        at: now.

    Returns:
        Where the ledger as it was before is kept: beside the ledger for SQLite, else beside `file`; None when there
        was none.

    Raises:
        UsageError: `file` is not a Scout ledger, or was damaged.
        StoreError: the backup or the ledger is of a newer Scout, or the ledger cannot be written.
    """
    place, file = parse(where), file.expanduser().absolute()
    kept = _free_name(place.path or file, at)
    with tempfile.TemporaryDirectory(prefix="scout-restore-") as folder:
        source = _examined(file, Path(folder) / "backup.db")
        try:
            if not _is_there(place):
                _bring_back(source, place, None, at)
                return None
            _bring_back(source, place, kept, at)
        except DamagedError:
            if place.path is None:
                raise
            set_aside(place.path, kept)
            _bring_back(source, place, None, at)
    return kept


def _is_there(place: Place) -> bool:
    if place.path is not None:
        return place.path.exists()
    engine = connect(place)
    try:
        with reading(engine, place) as connection:
            return current_version(connection) is not None
    finally:
        engine.dispose()


def _bring_back(source: Place, place: Place, kept: Path | None, at: datetime) -> None:
    origin, target = prepared(source), prepared(place)
    try:
        with reading(origin, source) as rows, writing(target, place) as connection:
            if kept is not None:
                _keep(connection, place, kept)
            replace_rows(rows, connection)
            append_numbered(connection, meta, name="restored", value="", at=at)
    finally:
        origin.dispose()
        target.dispose()


def _keep(connection: Connection, place: Place, kept: Path) -> None:
    """Write what the ledger holds before anything in it changes; the caller has the write lock, so that stays so."""
    with beside(kept) as draft:
        if place.path is not None:
            copied(place.path, draft, kept)
        else:
            _write(connection, draft)
        sealed(draft, kept)


def _write(source: Connection, draft: Path) -> None:
    """Write the rows of a ledger in PostgreSQL into a new file."""
    place = parse(draft)
    engine = prepared(place)
    try:
        with writing(engine, place) as target:
            replace_rows(source, target)
    finally:
        engine.dispose()


def _examined(file: Path, copy: Path) -> Place:
    """Return a copy of a backup to read from, sound, a ledger, and at this Scout's schema."""
    if not file.is_file():
        what = f"There is no backup {file}."
        raise UsageError(what, "Give a file that `scout backup FILE` wrote.")
    try:
        copied(file, copy, copy)
        sealed(copy, copy)
    except DamagedError as error:
        what = f"{file} is damaged or no Scout backup; the ledger was not touched."
        raise UsageError(what, "Give another backup.") from error
    if not is_ledger(copy):
        what = f"{file} is a database, but no Scout ledger; the ledger was not touched."
        raise UsageError(what, "Give a file that `scout backup FILE` wrote.")
    source = Place(parse(copy).url, file)  # messages name the file that the user gave
    prepared(source).dispose()
    return source


def _refuse_to_overwrite(place: Place, file: Path) -> None:
    if not file.exists():
        return
    if file.is_dir() or (place.path is not None and file.samefile(place.path)) or Path(f"{file}-wal").exists():
        what = f"{file} is a folder or a ledger in use; a backup would destroy it."
        raise UsageError(what, "Choose another name for the backup.")
    if not is_ledger(file):
        what = f"{file} is there already and is not a backup."
        raise UsageError(what, "Choose another name for the backup, or delete that file.")


def _free_name(file: Path, at: datetime) -> Path:
    stem = f"{file.name}.before-restore-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    names = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(path for name in names if not (path := file.with_name(name)).exists())
