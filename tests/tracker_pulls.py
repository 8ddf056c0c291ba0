"""Scout pulling from loopback trackers in this process: a state folder, settings, and what is in the warehouse."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scout.service.ingest import IngestReport, SourceReport, ingest
from scout.service.wiring import Workspace
from scout.settings import load
from scout.warehouse.connection import Connection
from tests.trackers import REPOSITORY, TOKEN, Trackers

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)
"""A day after the made worlds stand still."""
SALT = bytes(range(32))
"""The same in all scenes, so that pseudonyms can be compared."""
UNTOLD = {"fetched_at", "noticed_at", "digest"}
"""Columns that tell when something was first seen, and at which address, not what it is."""
SWEPT = {"sweep_hours": 0.01}
"""Every pull of a scene, an hour after the last, looks for what is gone."""
Rows = list[dict[str, Any]]


@dataclass
class Scene:
    """A state folder and one project without a checkout, read from trackers.

    Attributes:
        folder: all of it stands here.
        sources: tables as in `scout.toml`.
        now: the clock of the next pull.
    """

    folder: Path
    sources: tuple[Mapping[str, Any], ...]
    now: datetime = NOW
    project: str = "rocket"
    _written: str = field(default="", init=False)

    @property
    def home(self) -> Path:
        return self.folder / "state"

    @property
    def workspace(self) -> Workspace:
        file = self.written()
        return Workspace(loaded=load(file, self.folder), start=self.folder, home=self.home, now=self.now)

    def pull(self) -> IngestReport:
        """Pull once; the next pull is an hour later."""
        work = self.workspace
        report = ingest(work, work.project(self.project))
        work.close()
        self.now += timedelta(hours=1)
        return report

    def pulled(self) -> SourceReport:
        """Pull once and return how the only source ended."""
        (report,) = self.pull().sources
        return report

    def written(self) -> Path:
        """Write settings and salt, and return the settings' file."""
        file, text = self.folder / "scout.toml", settings({self.project: self.sources})
        if text != self._written:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            (self.home / "salt").write_bytes(SALT)
            (self.home / "salt").chmod(0o600)
            self._written = text
        return file

    def table(self, name: str, *columns: str, where: str = "true") -> Rows:
        """Return rows of a table or view, in an order of their own."""
        with self.workspace.warehouse.reading() as connection:
            return _rows(connection, f"SELECT {', '.join(columns) or '*'} FROM {name} WHERE {where}")  # noqa: S608 - a test's own words

    def tables(self) -> dict[str, Rows]:
        """Return all that follows from what trackers hold, raw records and core, without when and where it was seen."""
        with self.workspace.warehouse.reading() as connection:
            found = connection.execute(
                "SELECT table_schema || '.' || table_name FROM information_schema.tables "
                "WHERE table_schema IN ('raw', 'core') AND table_type = 'BASE TABLE'"
            ).fetchall()
            names = sorted(name for (name,) in found if name not in {"raw.cursor", "raw.tombstone"})
            return {name: [self._plain(row) for row in _rows(connection, f"FROM {name}")] for name in names}

    def orphans(self) -> int:
        """Count the core rows that lead to no record, or to another state of it."""
        tables = (name for name in self.tables() if name.startswith("core."))
        same = "r.project = c.project AND r.source = c.source AND r.stream = c.stream AND r.key = c.record"
        with self.workspace.warehouse.reading() as connection:
            asked = (f"FROM {name} c ANTI JOIN raw.record r ON {same} AND r.digest = c.digest" for name in tables)
            return sum(len(_rows(connection, one)) for one in asked)

    def keys(self, stream: str) -> set[str]:
        """Return the keys of the records of a stream."""
        return {row["key"] for row in self.table("raw.record", "key", where=f"stream = '{stream}'")}

    def tombstones(self) -> dict[str, str]:
        """Return what became of records that are gone: reason by `stream/key`."""
        return {f"{row['stream']}/{row['key']}": row["reason"] for row in self.table("raw.tombstone")}

    def _plain(self, row: dict[str, Any]) -> dict[str, Any]:
        told = {name: value for name, value in row.items() if name not in UNTOLD}
        for source in self.sources:
            told = {
                name: value.replace(source["url"], "http://tracker") if isinstance(value, str) else value
                for name, value in told.items()
            }
        return told

    def again(self, name: str) -> "Scene":
        """Return a scene that has never pulled, with the same settings."""
        return Scene(self.folder / name, self.sources, self.now, self.project)


def settings(projects: Mapping[str, tuple[Mapping[str, Any], ...]], more: str = "") -> str:
    """Return the text of `scout.toml` for projects and the tables of their sources."""
    written = [more]
    for project, sources in projects.items():
        listed = ", ".join(_inline(source) for source in sources)
        written.append(f'[[project]]\nid = "{project}"\nsources = [{listed}]\n')
    return "\n".join(filter(None, written))


def github(trackers: Trackers, folder: Path, **more: Any) -> Scene:
    """Return a scene that reads the repository completely, details included, and sweeps at every pull."""
    return Scene(folder, (github_table(trackers.base, folder, **more),))


def jira(trackers: Trackers, folder: Path, **more: Any) -> Scene:
    """Return a scene that reads both Jira projects and sweeps at every pull."""
    return Scene(folder, (jira_table(trackers.base, folder, **more),))


def github_table(base: str, folder: Path, **more: Any) -> dict[str, Any]:
    """Return the table of a source `github` in `scout.toml`."""
    own = {"repository": REPOSITORY, "details_per_run": 2000, "history_days": 10_000}
    return {"type": "github", "url": base, "token_file": token_file(folder), **SWEPT, **own, **more}


def jira_table(base: str, folder: Path, **more: Any) -> dict[str, Any]:
    """Return the table of a source `jira` in `scout.toml`."""
    own = {"projects": ["SCT", "OPS"], **SWEPT}
    return {"type": "jira", "url": base, "token_file": token_file(folder), "auth": "token", **own, **more}


def token_file(folder: Path, token: str = TOKEN) -> str:
    """Write a token to a file that only we may read, and return its name."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "token"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(token)
    return str(file)


def _inline(table: Mapping[str, Any]) -> str:
    return "{ " + ", ".join(f"{key} = {_value(value)}" for key, value in table.items()) + " }"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(str(key))} = {_value(one)}" for key, one in value.items()) + " }"  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return json.dumps(value)


def _rows(connection: Connection, query: str) -> Rows:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    return sorted((dict(zip(names, row, strict=True)) for row in cursor.fetchall()), key=repr)
