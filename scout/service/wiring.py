"""The composition root: from a folder, settings and the clock to projects and their stores.

Everything here is cheap until it is used: opening a workspace touches no database and runs no git.
"""

import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scout.errors import StoreError, UsageError
from scout.service import listings, roster
from scout.service.memory import Memory, alone
from scout.service.project import Project, SourceChoice, suggestion
from scout.settings import PROJECT_ID, Loaded, load, locate, state_home

if TYPE_CHECKING:
    from scout.ledger import Ledger
    from scout.llm import Embedder, Model
    from scout.service.purse import LedgerPurse
    from scout.warehouse.freshness import Freshness
    from scout.warehouse.store import Warehouse

__all__ = ["Project", "SourceChoice", "Workspace", "checkout_of", "open_workspace"]

SALT_BYTES = 32


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
    def listed(self) -> tuple[Project, ...]:
        """The projects of the settings, then those that trackers listed for them."""
        configured = roster.configured(self.loaded, self.memory)
        if not self.loaded.settings.discover:
            return configured
        found = roster.discovered(self.loaded, self.memory, listings.read(self.home), configured)
        return (*configured, *found)

    @property
    def projects(self) -> tuple[Project, ...]:
        """All projects: those of the settings; without settings, the checkout that `start` is in.

        Outside of any checkout they are those that were seen before.

        Raises:
            UsageError: there are none.
        """
        if self.listed or self.loaded.settings.discover:
            return self.listed
        if (top := checkout_of(self.start)) is not None:
            return (roster.at_checkout(top, self.memory),)
        seen = (roster.remembered(name, self.loaded, self.memory) for name in self.memory.known())
        if found := tuple(filter(None, seen)):
            return found
        message = f"{self.start} is not in a git repository."
        raise UsageError(message, "Go to a checkout or give the path of one.")

    def project(self, name: str | None = None) -> Project:
        """Return the project called `name`, or the one that `start` belongs to.

        Raises:
            UsageError: there is no such project, or it is not clear which one is meant.
        """
        if name is not None:
            return self._called(name)
        here = [one for one in self.listed if one.has_checkout and self.start.resolve().is_relative_to(one.path)]
        if here:
            return max(here, key=lambda one: len(one.path.parts))
        if (top := checkout_of(self.start)) is not None:
            return roster.at_checkout(top, self.memory)
        if len(self.listed) == 1:
            return self.listed[0]
        names = [one.id for one in self.listed] or list(self.memory.known())
        if self.listed:
            message = f"{self.start} belongs to none of the configured projects."
        elif self.loaded.settings.discover:
            message = "No tracker has listed a project yet."
            raise UsageError(message, "Ask them: scout run --all")
        else:
            message = f"{self.start} is not in a git repository."
        remedy = (
            f"Give --project, one of: {', '.join(names)}." if names else "Go to a checkout or give the path of one."
        )
        raise UsageError(message, remedy)

    def adopt(self, name: str) -> Project:
        """Return the project called `name`; one that nobody knows is made, without a checkout, and remembered.

        Raises:
            UsageError: it cannot be a project's id.
        """
        if PROJECT_ID.fullmatch(name) is None:
            message = f"'{name}' cannot be the id of a project."
            raise UsageError(message, "An id has lower-case letters, digits, '.', '-' or '_', at most 64.")
        known = self._find(name)
        if known is not None:
            return known
        made = roster.without_checkout(name, self.memory)
        self.remember(made)
        return made

    @cached_property
    def memory(self) -> Memory:
        """Which projects were seen before."""
        return Memory(self.home)

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

    @cached_property
    def model(self) -> "Model | None":
        """The language model of the settings; None when they name none. Its budget is that of this call.

        Raises:
            SettingsError: its key cannot be read, or its endpoint is no address.
        """
        from scout.llm import Model

        return Model.of(self.loaded.settings.llm, self.loaded.base, self.home / "cache" / "model", self._purse)

    @cached_property
    def embedder(self) -> "Embedder | None":
        """The model of meanings of the settings; None when they name none. Its budget is the language model's.

        Raises:
            SettingsError: its key cannot be read, or its endpoint is no address.
        """
        from scout.llm import Embedder

        return Embedder.of(self.loaded.settings.llm, self.loaded.base, self.home / "cache" / "vectors", self._purse)

    @cached_property
    def _purse(self) -> "LedgerPurse":
        from scout.service.purse import LedgerPurse

        return LedgerPurse(self, self.loaded.settings.llm)

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

    def borrow(self, ledger: "Ledger") -> None:
        """Use a ledger that somebody else has opened and will close."""
        vars(self).update(ledger=ledger, borrowed=True)

    def close(self) -> None:
        """Let go of what was opened."""
        if "ledger" in vars(self) and "borrowed" not in vars(self):
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
        """Bind a project's id to its path, and make its folder where it has no checkout.

        Raises:
            ConflictError: another checkout took that id since this workspace was opened.
            StoreError: the state folder cannot be made or written.
        """
        self.prepare()
        if not project.has_checkout:
            project.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.memory.bind(project.id, project.path, firm=any(one.id == project.id for one in self.listed))

    def answers(self, place: Path, sha: str) -> dict[Any, Any]:
        """Return what scouts of this call learned of a sibling at its newest commit; they add to it."""
        if place not in self._answers or self._answers[place][0] != sha:
            self._answers[place] = (sha, {})
        return self._answers[place][1]

    @cached_property
    def _answers(self) -> dict[Path, tuple[str, dict[Any, Any]]]:
        return {}

    def reread(self) -> None:
        """Forget which projects there are: trackers have listed others meanwhile."""
        vars(self).pop("listed", None)

    def salt(self) -> bytes:
        """Return the key of the pseudonyms, made once for this state folder; without it nobody can be traced.

        A damaged one is replaced, and with it all pseudonyms: an empty key would hide nobody.
        """
        from scout.warehouse.freshness import replace_file

        file = self.home / "salt"
        if len(known := _content(file)) == SALT_BYTES:
            return known
        with alone(file):
            if len(_content(file)) != SALT_BYTES:
                replace_file(file, secrets.token_bytes(SALT_BYTES))
            return _content(file)

    def _called(self, name: str) -> Project:
        found = self._find(name)
        if found is not None:
            return found
        here = [] if self.listed or checkout_of(self.start) is None else [self.project().id]
        known = dict.fromkeys((*(one.id for one in self.listed), *here, *self.memory.known()))
        if (path := self.memory.known().get(name)) is not None and path.exists():
            message = f"The project '{name}' is the checkout {path}, where other settings hold than here."
            raise UsageError(message, "Go there.")
        message = f"There is no project '{name}'."
        raise UsageError(message, suggestion(name, known))

    def _find(self, name: str) -> Project | None:
        found = next((one for one in self.listed if one.id == name), None)
        if found is None and not self.listed and (top := checkout_of(self.start)) is not None:
            here = roster.at_checkout(top, self.memory)
            found = here if here.id == name else None
        return found or roster.remembered(name, self.loaded, self.memory)


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


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""
