"""The source `imports` by itself: a shelf, and what a pull of it brings."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from scout.sources import Pull, SourceContext
from scout.sources.imports import ImportsSettings, ImportsSource, Shelf, recognised

NOW = datetime(2024, 5, 1, tzinfo=UTC)


class Nothing:
    def absent(self, stream: str, present: Iterable[str]) -> tuple[str, ...]:
        del stream, present
        return ()

    def wanting(self, detail: str, limit: int) -> tuple[Any, ...]:
        del detail, limit
        return ()


class Imports:
    """A project's shelf, and what a pull of it brings."""

    def __init__(self, home: Path, **settings: Any) -> None:
        self.home = home / "home"
        self.home.mkdir(exist_ok=True)
        self.shelf = Shelf(self.home, "rocket")
        self.at = SourceContext(
            path=home, home=self.home, now=NOW, salt=b"salt", known=Nothing(), settings=ImportsSettings(**settings)
        )
        self.rows = dict[str, list[dict[str, Any]]]()

    def put(self, path: Path, shape: str | None = None, days: int = 0, **columns: list[str]) -> bool:
        archive = recognised(path, path.name, shape, columns)
        return self.shelf.put(archive, "", NOW + timedelta(days=days))

    def pull(self, cursor: dict[str, Any] | None = None) -> Pull:
        self.rows = {}
        return ImportsSource().pull("rocket", self.at, cursor, self._take)

    def _take(self, stream: str, rows: Any) -> None:
        self.rows[stream] = [*self.rows.get(stream, []), *_listed(rows)]

    def table(self, name: str) -> list[dict[str, Any]]:
        return self.rows.get(f"core_{name}", [])

    def one(self, name: str) -> dict[str, Any]:
        (row,) = self.table(name)
        return row


def _listed(rows: Any) -> list[dict[str, Any]]:
    return pa.table(rows).to_pylist()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] no types
