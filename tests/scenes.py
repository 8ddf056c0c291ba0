"""Scout killed at random moments, and all that must be the same after the next run."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from scout.warehouse.store import Warehouse
from tests.making import Made
from tests.rocket import NOW, Scout, rocket

LATER = "2026-03-04T09:00:00+00:00"
PAGES = 9
UNLIKE = {"main.warehouse", "ledger.meta", "ledger.attempts"}
"""Tables that tell how often something was tried, or hold a random id."""


@dataclass(frozen=True)
class Scene:
    """A checkout and a state folder that can be brought back as they were, and the command that is killed there.

    Attributes:
        root: all of it stands in `root/place`; `root/kept` is the copy.
        command: what is killed, and run again.
        now: its clock.
    """

    root: Path
    command: tuple[str, ...]
    now: str = NOW

    @property
    def place(self) -> Path:
        return self.root / "place"

    @property
    def scout(self) -> Scout:
        return Scout(self.place / "state", self.place / "rocket")

    def keep(self) -> "Scene":
        """Remember everything as it is now."""
        shutil.copytree(self.place, self.root / "kept", symlinks=True)
        return self

    def bring_back(self) -> None:
        shutil.rmtree(self.place)
        shutil.copytree(self.root / "kept", self.place, symlinks=True)

    def undisturbed(self) -> tuple[float, dict[str, Any]]:
        """Return how long the command takes, in seconds, and what it leaves."""
        self.bring_back()
        began = time.monotonic()
        self._finish()
        return time.monotonic() - began, self.content()

    def killed(self, after: float, *, whole_group: bool) -> bool:
        """Start the command, kill it after a while (or with all its children), and return whether it still ran."""
        self.bring_back()
        process = subprocess.Popen(
            self.scout.command(*self.command, now=self.now),
            cwd=self.scout.folder,
            env=self._environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL) if whole_group else process.kill()
        return process.wait() == -signal.SIGKILL

    def finished(self) -> dict[str, Any]:
        """Run the command to its end and return what it leaves."""
        self._finish()
        return self.content()

    def content(self) -> dict[str, Any]:
        """Return all that counts: tables, tickets, cursors, snapshot; without what must differ from run to run."""
        home = self.place / "state"
        staging = home / "staging"
        return {
            **_tables_of_warehouse(home / "warehouse.duckdb"),
            **_tables_of_ledger(home / "ledger.sqlite"),
            "tickets": {file.name: file.read_text("utf-8") for file in (self.place / "rocket/tickets").glob("*")},
            "sources": _sources(home / "sources.json"),
            "projects": json.loads((home / "projects.json").read_text("utf-8")),
            "snapshot": json.loads((home / "snapshot.json").read_text("utf-8"))["content"],
            "staging": [path.name for path in staging.iterdir()] if staging.exists() else [],
        }

    def _finish(self) -> None:
        ran = self.scout(*self.command, now=self.now, **self._temporary())
        assert ran.code == 0, ran.err

    def _environment(self) -> dict[str, str]:
        return self.scout.environment(**self._temporary())

    def _temporary(self) -> Mapping[str, str]:
        folder = self.place / "tmp"
        folder.mkdir(exist_ok=True)
        return {"TMPDIR": str(folder)}


def first_run(root: Path) -> Scene:
    """A checkout that Scout has never seen, with more to find than one plan orders."""
    _crowded(root / "place/rocket")
    return Scene(root, ("run",)).keep()


def seen(root: Path) -> Scene:
    """A small checkout after its first run: five candidates wait."""
    rocket(root / "place/rocket", landed=5)
    scene = Scene(root, ("run",))
    scene.scout("run")
    return scene.keep()


def later_run(root: Path) -> Scene:
    """A checkout that went on, with a ticket to read, candidates to withdraw, and new ones to make."""
    made = _crowded(root / "place/rocket")
    scout = Scene(root, ("run",)).scout
    scout("run")
    waiting = scout("inbox", "list", "--all", "--json").document["candidates"]
    scout("inbox", "accept", waiting[-1]["id"])
    scout("publish", "--live")
    scout("inbox", "accept", waiting[-2]["id"])
    scout("inbox", "reject", waiting[-3]["id"], "--reason", "not ours")
    again = {"scripts/check.sh": "echo back\n", "docs/map.md": "# Map\n", "docs/page1.md": "# Page\n"}
    made.commit({**again, "docs/more.md": "Read [one](gone.md)\n", "docs/gone.md": "# Gone\n"}, "bring back")
    made.commit({}, "remove", remove=("docs/gone.md",))
    return Scene(root, ("run",), LATER).keep()


def outbox(root: Path) -> Scene:
    """Everything that waited is accepted and has to be filed."""
    _crowded(root / "place/rocket")
    scene = Scene(root, ("publish", "--live"))
    scene.scout("run")
    for line in scene.scout("inbox", "list", "--all", "--json").document["candidates"]:
        scene.scout("inbox", "accept", line["id"])
    return scene.keep()


def moments(seed: int, count: int, duration: float) -> list[tuple[float, bool]]:
    """Return seconds after which to kill, and whether to kill the whole group: spread over the command's duration."""
    chance = Random(seed)  # noqa: S311 - moments to kill at
    return [(duration * (number + chance.random()) / count, chance.random() < 0.5) for number in range(count)]


def _crowded(path: Path) -> Made:
    made = rocket(path, landed=5)
    pages = {f"docs/page{number}.md": "# Page\n" for number in range(PAGES)}
    links = {f"docs/about{number}.md": f"# About\n\nRead [it](page{number}.md).\n" for number in range(PAGES)}
    made.commit({**pages, **links}, "write pages")
    made.commit({}, "drop pages", remove=tuple(pages))
    return made


def _tables_of_warehouse(file: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with Warehouse(file).reading() as connection:
        names = connection.execute(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
        ).fetchall()
        for (name,) in names:
            cursor = connection.execute(f"FROM {name}")
            columns = [column[0] for column in cursor.description]
            rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
            found[name] = sorted(repr(row) for row in _without_salt(rows))
    return {name: rows for name, rows in found.items() if name not in UNLIKE}


def _without_salt(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with pseudonyms numbered: they rest on a random salt."""
    numbers: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: str(row.get("sha", ""))):
        if "author_id" in row:
            row["author_id"] = numbers.setdefault(row["author_id"], len(numbers))
        if "position" in row:
            row["position"] = {**json.loads(row["position"]), "basis": ""}
    return rows


def _tables_of_ledger(file: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(file)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        found = {
            f"ledger.{name}": sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)  # noqa: S608 - the database's own words
            for (name,) in names
        }
    return {name: rows for name, rows in found.items() if name not in UNLIKE}


def _sources(file: Path) -> dict[str, Any]:
    sheet = json.loads(file.read_text("utf-8"))
    cursors = {
        project: {source: {**cursor, "basis": ""} for source, cursor in known.items()}
        for project, known in sheet["cursors"].items()
    }
    return {"cursors": cursors, "sources": sheet["sources"]}
