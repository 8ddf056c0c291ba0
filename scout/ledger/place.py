"""Where a ledger is: a file or a PostgreSQL database, and how to name it without its secrets."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from scout.errors import SettingsError

_REMEDY = "Give the path of a file, sqlite:///path or postgresql://user@host/database."


@dataclass(frozen=True, slots=True)
class Place:
    """A parsed address of a ledger.

    Attributes:
        url: with the driver that Scout uses.
        path: the file, for SQLite.
    """

    url: URL
    path: Path | None

    @property
    def shown(self) -> str:
        """The address as messages show it: no password, no query."""
        if self.path is not None:
            return str(self.path)
        return self.url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not appear in any message."""
        values = [self.url.password or "", *(str(value) for value in self.url.query.values())]
        return tuple(value for value in values if value)


def parse(where: str | Path) -> Place:
    """Return the place that a URL or the path of a file names.

    Raises:
        SettingsError: the URL cannot be parsed, or names a database that Scout has no ledger for.
    """
    if isinstance(where, Path) or "://" not in where:
        return _file(Path(where))
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        # Without the cause: its message quotes the URL, password included.
        message = "The ledger's URL cannot be understood."
        raise SettingsError(message, _REMEDY) from None
    backend = url.get_backend_name()
    if backend in {"postgresql", "postgres"}:
        return Place(url.set(drivername="postgresql+psycopg"), None)
    if backend == "sqlite" and url.database and url.database != ":memory:":
        return _file(Path(url.database))
    message = f"A ledger cannot be kept in '{url.drivername}' this way."
    raise SettingsError(message, _REMEDY)


def _file(path: Path) -> Place:
    absolute = path.expanduser().absolute()
    return Place(URL.create("sqlite+pysqlite", database=str(absolute)), absolute)
