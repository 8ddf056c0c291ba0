"""Where benchmarks of sources happen: trackers in a process of their own, and Scout in another for each pull."""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.trackers import REPOSITORY, TOKEN

ROOT = Path(__file__).parents[2]


def control(base: str, method: str, where: str, body: Mapping[str, Any] | None = None) -> Any:
    """Talk to the server's control door."""
    sent = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{base}/_control/{where}", method=method, data=sent, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        said = answer.read()
    return json.loads(said) if said else None


def count_of(base: str, path: str) -> int:
    """Return how many records a listing of the repository has."""
    address = f"{base}/repos/{REPOSITORY}/{path}{'&' if '?' in path else '?'}per_page=1"
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {TOKEN}"})  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        last = re.search(r'[?&]page=(\d+)[^>]*>; rel="last"', answer.headers.get("Link", ""))
        rows = json.load(answer)
    return int(last[1]) if last else len(rows)


@dataclass(frozen=True)
class Scene:
    """A state folder and settings with one project of one source.

    Attributes:
        folder: all of it stands here.
        table: of the source, as in `scout.toml`.
    """

    folder: Path
    table: Mapping[str, Any]

    @property
    def home(self) -> Path:
        """The state folder."""
        return self.folder / "state"

    def pulled(self) -> dict[str, Any]:
        """Let Scout pull once in a process of its own; return what it measured (`_measured`)."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench._measured", str(self.written())],
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            check=True,
        )
        return json.loads(done.stdout)

    def fresh(self) -> "Scene":
        """Forget all state."""
        shutil.rmtree(self.home, ignore_errors=True)
        return self

    def written(self) -> Path:
        """Write the settings and return their file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        keys = ", ".join(f"{key} = {json.dumps(value)}" for key, value in self.table.items())
        file = self.folder / "scout.toml"
        file.write_text(f'[[project]]\nid = "rocket"\nsources = [{{ {keys} }}]\n', "utf-8")
        return file

    def environment(self) -> dict[str, str]:
        """Return the environment of a process whose state and settings are its own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SCOUT_")}
        own = {"SCOUT_HOME": str(self.home), "XDG_CONFIG_HOME": str(self.folder / "config"), "BENCH_TOKEN": TOKEN}
        return {**kept, **own, "PYTHONPATH": str(ROOT)}


def github(folder: Path, base: str, **more: Any) -> Scene:
    """Return a scene that pulls the repository, without details of single records."""
    table = {"type": "github", "url": base, "repository": REPOSITORY, "token_env": "BENCH_TOKEN", "details_per_run": 0}
    return Scene(folder, {**table, "history_days": 10_000, **more})


def jira(folder: Path, base: str, *projects: str, **more: Any) -> Scene:
    """Return a scene that pulls projects of the Jira."""
    table = {"type": "jira", "url": base, "projects": list(projects), "token_env": "BENCH_TOKEN"}
    return Scene(folder, {**table, **more})
