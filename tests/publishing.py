"""A made-up project whose accepted candidates go to a tracker on loopback: a state folder that can be copied."""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

from scout.clock import now
from scout.service import decide, review
from scout.service.publish import PublishReport, publish
from scout.service.run import run
from scout.service.wiring import Workspace, open_workspace
from scout.signals.testing import git
from tests.making import Made
from tests.rocket import NOW
from tests.trackers import REPOSITORY, TOKEN

LINKS = 6


def prepared(root: Path, links: int = LINKS) -> Path:
    """Make a project with broken links, look at it once, and return the folder that holds project and state."""
    made = Made(root / "rocket")
    pages = {f"docs/page{n}.md": f"# Page {n}\n\nRead [the map](gone{n}.md).\n" for n in range(links)}
    gone = {f"docs/gone{n}.md": f"# Gone {n}\n" for n in range(links)}
    made.commit({"README.md": "# Rocket\n", **pages, **gone}, "begin")
    made.commit({}, "drop the maps", remove=tuple(gone))
    with home(root) as settings:
        settings.write_text('[[project]]\nid = "rocket"\npath = "rocket"\nvisibility = "public"\n')
        work = open_workspace(root, now(NOW), settings)
        run(work, work.project("rocket"))
        work.close()
    return root


@contextmanager
def home(root: Path) -> Generator[Path]:
    """Let the state be in the folder, and yield where its settings are."""
    with patch.dict(os.environ, {"SCOUT_HOME": str(root / "state"), "XDG_CONFIG_HOME": str(root / "config")}):
        yield root / "scout.toml"


@dataclass
class Desk:
    """A copy of a prepared folder whose publisher is told where a tracker is.

    Attributes:
        table: the publisher's table, as TOML.
        now: the clock.
    """

    root: Path
    table: str
    now: str = NOW
    visibility: str = "public"
    sources: str = ""

    @contextmanager
    def work(self) -> Generator[Workspace]:
        """Open the workspace."""
        with home(self.root) as settings:
            settings.write_text(self.settings)
            work = open_workspace(self.root, now(self.now), settings)
            try:
                yield work
            finally:
                work.close()

    @property
    def settings(self) -> str:
        first = f'[[project]]\nid = "rocket"\npath = "rocket"\nvisibility = "{self.visibility}"\n'
        return f"{first}{self.sources}[project.publish]\n{self.table}"

    def accept(self, most: int = 100) -> list[str]:
        """Accept what waits, and return the ids."""
        with self.work() as work:
            names = [one.id for one in review.listing(work, everything=True).candidates][:most]
            for name in names:
                decide.accept(work, name)
        return names

    def publish(self, *, live: bool = True) -> PublishReport:
        with self.work() as work:
            return publish(work, work.project("rocket"), live=live)


def github(root: Path, base: str, **more: Any) -> Desk:
    """Return a copy of a prepared folder that files in GitHub."""
    return Desk(root, _table({"to": "github", "url": base, "repository": REPOSITORY, **_common(root), **more}))


def jira(root: Path, base: str, **more: Any) -> Desk:
    """Return a copy of a prepared folder that files in Jira."""
    own = {"to": "jira", "url": base, "project": "SCT", "auth": "token", **_common(root)}
    return Desk(root, _table({**own, **more}))


def copied(prepared_root: Path, root: Path) -> Path:
    """Return a copy of a prepared folder."""
    shutil.copytree(prepared_root, root, symlinks=True)
    return root


def _common(root: Path) -> dict[str, Any]:
    file = root / "token"
    file.write_text(TOKEN)
    return {"token_file": str(file), "listing_lag": 0}


def _table(values: dict[str, Any]) -> str:
    return "".join(f"{name} = {_toml(value)}\n" for name, value in values.items())


def _toml(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case dict():
            table = cast("dict[str, Any]", value)
            return "{" + ", ".join(f'"{name}" = {_toml(one)}' for name, one in table.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(_toml(one) for one in cast("list[Any]", value)) + "]"
        case _:
            return str(value)


def commit(folder: Path) -> None:
    """Commit what has changed in a checkout."""
    git(folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "--quiet", "-am", "change")
