"""The composition root: from a folder, settings and the clock to projects and their stores.

Everything here is cheap until it is used: opening a workspace touches no database and runs no git.
"""

import json
import os
import re
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from scout.errors import ConflictError, StoreError, UsageError
from scout.model import digest
from scout.model.names import nearest
from scout.settings import Loaded, ProjectSettings, load, locate, state_home

if TYPE_CHECKING:
    from scout.ledger import Ledger
    from scout.warehouse.freshness import Freshness
    from scout.warehouse.store import Warehouse

SALT_BYTES = 32
PATIENCE = 30.0  # seconds


@dataclass(frozen=True)
class Project:
    """A project as the service sees it.

    Attributes:
        path: the checkout (or bare repository), absolute.
        sources: ids of the sources to pull.
        named: whether the settings name the sources, so that a missing one makes the project blind.
        tickets: folder of Markdown tickets, absolute.
        reviewers: decisions per working day.
    """

    id: str
    path: Path
    sources: tuple[str, ...]
    named: bool
    publisher: str
    tickets: Path
    live: bool
    reviewers: float
    cadence: str


@dataclass(frozen=True)
class Workspace:
    """Settings, projects, clock and stores of one call.

    Attributes:
        start: the folder the call is about.
        home: the state folder, absolute; may not exist yet.
        now: the clock of this call, UTC.
    """

    loaded: Loaded
    start: Path
    home: Path
    now: datetime

    @cached_property
    def projects(self) -> tuple[Project, ...]:
        """The configured projects; without settings, the checkout that `start` is in."""
        configured = tuple(self._configured(project) for project in self.loaded.settings.project)
        return configured or (self._checkout(),)

    def project(self, name: str | None = None) -> Project:
        """Return the project called `name`, or the one that `start` belongs to.

        Raises:
            UsageError: there is no such project, or it is not clear which one is meant.
        """
        if name is not None:
            found = next((one for one in self.projects if one.id == name), None)
            if found is None:
                message = f"There is no project '{name}'."
                raise UsageError(message, _suggestion(name, [one.id for one in self.projects]))
            return found
        here = [one for one in self.projects if self.start.resolve().is_relative_to(one.path.resolve())]
        if here:
            return max(here, key=lambda one: len(one.path.parts))
        if (top := checkout_of(self.start)) is not None:
            return self._default(top)
        if len(self.projects) == 1:
            return self.projects[0]
        message = f"{self.start} belongs to none of the configured projects."
        raise UsageError(message, f"Give --project, one of: {', '.join(one.id for one in self.projects)}.")

    @cached_property
    def warehouse(self) -> "Warehouse":
        """The warehouse; opened by whoever reads or writes."""
        from scout.warehouse.store import Warehouse

        return Warehouse(self.home / "warehouse.duckdb")

    @cached_property
    def freshness(self) -> "Freshness":
        """When each source was last read, and how that ended."""
        from scout.warehouse.freshness import Freshness

        return Freshness(self.home / "sources.json")

    @property
    def ledger_place(self) -> str | Path:
        """Where the ledger is: a file in the state folder, or the database that the settings name."""
        url = self.loaded.settings.portfolio.ledger
        return url.get_secret_value() if url else self.home / "ledger.sqlite"

    @cached_property
    def ledger(self) -> "Ledger":
        """The ledger, opened; made when it is missing."""
        from scout.ledger import Ledger

        self.prepare()
        return Ledger.open(self.ledger_place)

    def close(self) -> None:
        """Let go of what was opened."""
        if "ledger" in vars(self):
            self.ledger.close()

    def prepare(self) -> None:
        """Make the state folder (mode 0700) unless it is there.

        Raises:
            StoreError: it cannot be made or written.
        """
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            message = f"The state folder {self.home} cannot be made: {error.strerror}."
            raise StoreError(message, "Set SCOUT_HOME to a folder that you may write.") from error
        if not os.access(self.home, os.W_OK | os.X_OK):
            message = f"The state folder {self.home} cannot be written."
            raise StoreError(message, "Change its permissions, or set SCOUT_HOME to a folder that you may write.")

    def remember(self, project: Project) -> None:
        """Bind a project's id to its path, so that another checkout of the same name gets another id.

        Raises:
            ConflictError: another checkout took that id since this workspace was opened.
        """
        from scout.warehouse.freshness import replace_file

        if self._known().get(project.id) == str(project.path):
            return
        self.prepare()
        with _alone(self._memory):
            configured = any(one.id == project.id for one in self.loaded.settings.project)
            if not configured and self._identity(project.path) != project.id:
                message = f"Another checkout took the name '{project.id}' just now."
                raise ConflictError(message, "Run it again: this one gets a name of its own.")
            known = {**self._known(), project.id: str(project.path)}
            replace_file(self._memory, json.dumps(known, indent=1).encode())

    def salt(self) -> bytes:
        """Return the key of the pseudonyms, made once for this state folder; without it nobody can be traced.

        A damaged one is replaced, and with it all pseudonyms: an empty key would hide nobody.
        """
        from scout.warehouse.freshness import replace_file

        file = self.home / "salt"
        if len(known := _content(file)) == SALT_BYTES:
            return known
        with _alone(file):
            if len(_content(file)) != SALT_BYTES:
                replace_file(file, secrets.token_bytes(SALT_BYTES))
            return _content(file)

    @property
    def _memory(self) -> Path:
        return self.home / "projects.json"

    def _known(self) -> dict[str, str]:
        try:
            known: Any = json.loads(self._memory.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(known, dict):
            return {}
        return {str(name): str(path) for name, path in cast("dict[Any, Any]", known).items()}

    def _configured(self, given: ProjectSettings) -> Project:
        return _project(given, (self.loaded.base / given.path).resolve(), given.sources or ("git", "files"))

    def _checkout(self) -> Project:
        top = checkout_of(self.start)
        if top is None:
            message = f"{self.start} is not in a git repository."
            raise UsageError(message, "Go to a checkout or give the path of one.")
        return self._default(top)

    def _default(self, top: Path) -> Project:
        sources = ("git", "files") if (top / ".git").exists() else ("git",)
        return _project(ProjectSettings(id=self._identity(top)), top, sources)

    def _identity(self, top: Path) -> str:
        known = self._known()
        for name, path in known.items():
            if path == str(top):
                return name
        slug = re.sub(r"[^a-z0-9._-]+", "-", top.name.removesuffix(".git").lower()).strip("-._")[:50] or "project"
        other = known.get(slug)
        return slug if other is None or not Path(other).exists() else f"{slug}-{digest(str(top), length=4)}"


def _project(given: ProjectSettings, path: Path, sources: tuple[str, ...]) -> Project:
    return Project(
        id=given.id,
        path=path,
        sources=sources,
        named=given.sources is not None,
        publisher=given.publish.to,
        tickets=path / given.publish.folder,
        live=given.publish.live,
        reviewers=given.reviewers,
        cadence=given.cadence,
    )


def open_workspace(start: Path, now: datetime, config: Path | None = None) -> Workspace:
    """Open the workspace for a folder.

    Args:
        start: a checkout, a folder in one, or any folder where settings name the projects.
        now: the clock, UTC.
        config: a settings file; by default searched as `scout.settings.locate` says.

    Raises:
        UsageError: `start` does not exist.
        SettingsError: the settings are wrong.
    """
    if not start.exists():
        message = f"There is no folder {start}."
        raise UsageError(message, "Give the path of a git checkout.")
    start = (start if start.is_dir() else start.parent).absolute()
    return Workspace(loaded=load(locate(start, config), start), start=start, home=state_home(), now=now)


def checkout_of(folder: Path) -> Path | None:
    """Return the top of the checkout (or the bare repository) that `folder` is in, without running git."""
    for place in (folder.resolve(), *folder.resolve().parents):
        if (place / ".git").exists():
            return place
        if (place / "HEAD").is_file() and (place / "objects").is_dir() and (place / "refs").is_dir():
            return place
    return None


@contextmanager
def _alone(file: Path) -> Generator[None]:
    """Hold the lock beside a file, so that of several first runs one makes it."""
    from filelock import FileLock, Timeout

    lock = FileLock(f"{file}.lock", timeout=PATIENCE, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        message = f"Another process has kept {file}.lock for {PATIENCE:.0f} seconds."
        raise StoreError(message, "Wait for it to end, then try again.") from error
    try:
        yield
    finally:
        lock.release()


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def _suggestion(name: str, known: list[str]) -> str:
    near = nearest(name, known)
    return f"Did you mean '{near}'?" if near else f"Known: {', '.join(known)}."
