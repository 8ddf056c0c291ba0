"""Two made-up projects in one settings file, and a real Dagster instance for them, configured as `make dev` does."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from assets.home import dagster_home, prepare, register
from tests.making import Made
from tests.rocket import rocket

LINE = (
    "sources",
    "core",
    "flow",
    "findings",
    "ticket_readiness",
    "buffer_plan",
    "candidates",
    "outbox",
    "outcomes",
    "inbox_snapshot",
)
LIFECYCLE = ("lifecycle_plan", "lifecycle_verdicts", "lifecycle_audit")
TOLD = "notifications"
"""The one asset that is about all projects at once."""


@dataclass(frozen=True)
class Portfolio:
    """A settings file with projects, each a checkout beside it."""

    folder: Path

    def write(self, **cadences: str) -> None:
        """Write the settings: project ids with their cadences."""
        tables = (
            f'[[project]]\nid = "{name}"\npath = "{name}"\ncadence = "{cadence}"\n'
            for name, cadence in cadences.items()
        )
        (self.folder / "scout.toml").write_text("\n".join(tables), "utf-8")

    def make(self, name: str, *, landed: int = 40) -> Made:
        """Make the checkout of a project."""
        return rocket(self.folder / name, landed=landed)

    @contextmanager
    def dagster(self, *projects: str) -> Generator[dg.DagsterInstance]:
        """Open the instance that `make dev` would use, with these projects as partitions."""
        home = dagster_home()
        prepare(home)
        register(home, projects)
        with dg.DagsterInstance.from_config(os.fspath(home)) as instance:
            yield instance


def portfolio(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Portfolio:
    """Make an empty portfolio and let this process, for this test, look nowhere else."""
    workspace = folder / "work"
    workspace.mkdir()
    for name in [name for name in os.environ if name.startswith("SCOUT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SCOUT_HOME", str(folder / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    monkeypatch.chdir(workspace)
    return Portfolio(workspace)
