"""An open ledger's connections, and what is true of it as a whole."""

import secrets
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from sqlalchemy import Connection, Engine, select

from scout.ledger import connection as transactions
from scout.ledger.exclusive import only_publisher
from scout.ledger.migrate import prepared
from scout.ledger.place import Place, parse
from scout.ledger.rows import append_numbered
from scout.ledger.schema import meta

FENCE: Final = "publisher"
_SWEPT: Final = "swept"


class Opened:
    """What every ledger can do before it knows any table but `meta`."""

    def __init__(self, engine: Engine, place: Place) -> None:
        self._engine = engine
        self._place = place

    @classmethod
    def open(cls, where: str | Path) -> Self:
        """Open the ledger at a path or URL, making or migrating it first where that is due.

        Raises:
            SettingsError: `where` cannot be understood.
            StoreError: it cannot be opened, is not a ledger, or was written by a newer Scout.
        """
        place = parse(where)
        return cls(prepared(place), place)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    @property
    def place(self) -> Place:
        """Where the ledger is."""
        return self._place

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """Yield a connection that sees one moment; for this package only."""
        with transactions.reading(self._engine, self._place) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Generator[Connection]:
        """Yield the only writing connection; for this package only."""
        with transactions.writing(self._engine, self._place) as connection:
            yield connection

    def id(self) -> str:
        """Return the ledger's random id; a restored backup brings its own."""
        with self.reading() as connection:
            return connection.execute(select(meta.c.value).where(meta.c.name == "id")).scalars().one()

    def restored_at(self, project: str = "") -> datetime | None:
        """Return when the ledger was restored from a backup, unless its trackers, or a project's, were swept since.

        Until then nothing may be published: what was filed after the backup is unknown to the ledger.
        """
        counting = ("restored", _SWEPT, *((f"{_SWEPT} {project}",) if project else ()))
        newest = select(meta.c.name, meta.c.at).where(meta.c.name.in_(counting))
        with self.reading() as connection:
            row = connection.execute(newest.order_by(meta.c.number.desc()).limit(1)).first()
        return row.at if row is not None and row.name == "restored" else None

    def swept(self, at: datetime, project: str = "") -> None:
        """Record that the trackers, or a project's, were searched for what was filed since the restored backup."""
        with self.writing() as connection:
            append_numbered(connection, meta, name=f"{_SWEPT} {project}".strip(), value="", at=at)

    def publishing(self, tracker: str = "", *, wait: float = 30) -> AbstractContextManager[None]:
        """Return a block that only one process at a time is in, for each tracker; a killed one leaves it at once.

        It is a lease without a term: no clock ends it, so that two clocks cannot disagree about its end.

        Args:
            tracker: what is written to.
            wait: seconds to wait for another publisher to end.

        Raises:
            UnavailableError: another process publishes there for longer.
        """
        return only_publisher(self._engine, self._place, tracker, wait)

    def fence(self, at: datetime, tracker: str = "") -> str:
        """Return a word newer than any publisher's before in this tracker: their attempts are refused from now on."""
        word = secrets.token_hex(8)
        with self.writing() as connection:
            append_numbered(connection, meta, name=f"{FENCE} {tracker}".strip(), value=word, at=at)
        return word
