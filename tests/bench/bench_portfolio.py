"""A portfolio of 200 small projects in one run: those with faults are named, the others are complete.

Run it with `python -m tests.bench.bench_portfolio`.
"""

import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web

from tests.tracker_conformance import Sent
from tests.tracker_doors import refusing
from tests.tracker_portfolio import OWNER, portfolio
from tests.tracker_pulls import github_table, jira_table, settings
from tests.trackers import TOKEN

EACH = int(os.environ.get("SCOUT_BENCH_PROJECTS", "200")) // 2
BROKEN = 5
ROOT = Path(__file__).parents[2]
NAMES = [f"repository-{number:03}" for number in range(EACH)]
KEYS = [f"P{number}" for number in range(EACH)]


def main() -> None:
    """Print the figures; end with 1 when a project is missing or a fault is not named."""
    with TemporaryDirectory() as name, portfolio(NAMES, KEYS) as trackers:
        folder = Path(name)
        (folder / "scout.toml").write_text(settings(projects(trackers.base, folder)), "utf-8")
        trackers.before = broken
        began = time.monotonic()
        lines = ran(folder)
        seconds = time.monotonic() - began
        assert trackers.violations == {}, trackers.violations
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    wrong = {line["project"] for line in lines if line["outcome"] != "complete"}
    named = {line["project"] for line in lines if line["reason"]}
    told = f"{len(lines)} projects in one run: {len(lines) - len(wrong)} complete, {len(named)} with faults named"
    sys.stdout.write(f"{told}; peak {peak:.0f} MB, {seconds:.0f} s\n")
    expected = {*NAMES[:BROKEN], *(key.lower() for key in KEYS[:BROKEN])}
    sys.exit(len(lines) != 2 * EACH or wrong != expected or named != expected or peak > 600)


def projects(base: str, folder: Path) -> dict[str, tuple[Mapping[str, Any], ...]]:
    """Return the tables of the sources of all projects."""
    few = {"streams": ["issue", "comment"], "reserve": 0}
    own = {"token_file": None, "token_env": "BENCH_TOKEN", "sweep_hours": 24}
    tables: dict[str, dict[str, Any]] = {
        name: {**github_table(base, folder, repository=f"{OWNER}/{name}", **few), **own} for name in NAMES
    }
    tables |= {key.lower(): {**jira_table(base, folder, projects=[key], jql=""), **own} for key in KEYS}
    return {
        name: ({key: value for key, value in table.items() if value is not None},) for name, table in tables.items()
    }


def broken(sent: Sent) -> web.StreamResponse | None:
    """Answer for the projects that are broken: gone, forbidden, or without sense."""
    number = re.search(r"/repository-(\d+)|/project/P(\d+)", sent.path)
    if number is None or int(number[1] or number[2]) >= BROKEN:
        return None
    status, said = [(404, "Not Found"), (403, "Must have admin rights"), (410, "Gone")][int(number[1] or number[2]) % 3]
    return refusing("/", status, said)(sent)


def ran(folder: Path) -> list[dict[str, Any]]:
    """Let Scout run for all projects in one process, and return its lines."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCOUT_")}
    own = {"SCOUT_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / "config"), "BENCH_TOKEN": TOKEN}
    command = [sys.executable, "-m", "scout", "run", "--all", "--json", "--config", str(folder / "scout.toml")]
    environment = {**kept, **own, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, check=False)
    assert done.returncode == 3, done.returncode
    return json.loads(done.stdout)["projects"]


if __name__ == "__main__":
    main()
