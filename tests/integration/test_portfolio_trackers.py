"""A portfolio of small projects at real clients' hands: faults are named, the others are whole, memory is small.

`SCOUT_PROJECTS=200` makes it as large as it is promised to work; by default it is smaller, to be quick.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rocket import Scout
from tests.tracker_portfolio import portfolio
from tests.trackers import TOKEN, Trackers

pytestmark = pytest.mark.slow

COUNT = int(os.environ.get("SCOUT_PROJECTS", "40"))
REPOSITORIES = tuple(f"tool-{number:02}" for number in range(COUNT // 10))
PROJECTS = tuple(f"P{chr(65 + number // 26)}{chr(65 + number % 26)}" for number in range(COUNT - len(REPOSITORIES)))
MOST_MEMORY = 600 * 1024  # KB
MEASURED = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(process.pid, 0)
with open(sys.argv[1], "w") as file:
    file.write(str(usage.ru_maxrss))
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""Starts a command from a small process: until it has begun, a child counts with the memory of whoever started it."""


def settings(trackers: Trackers) -> str:
    """Return settings that discover the repositories and name the Jira projects, two of which are not there."""
    github = (
        f'[[discover]]\ntype = "github"\nurl = "{trackers.base}"\nowner = "acme"\ntoken_env = "GITHUB"\nreserve = 0.0\n'
    )
    keys = ["NOPE", *PROJECTS[1:-1], "LOST"]
    jira = (
        f'[[project]]\nid = "j-{number:03}"\n'
        f'sources = [{{type = "jira", url = "{trackers.base}", projects = ["{key}"], token_env = "JIRA"}}]\n'
        for number, key in enumerate(keys)
    )
    return "\n".join((github, *jira))


def test_many_small_projects_in_one_run(tmp_path: Path):
    (tmp_path / "work").mkdir()
    scout = Scout(tmp_path / "state", tmp_path / "work")
    with portfolio(REPOSITORIES, PROJECTS) as trackers:
        (scout.folder / "scout.toml").write_text(settings(trackers))
        code, memory, out, err = _run(scout, tmp_path, GITHUB=TOKEN, JIRA=TOKEN, JIRA_USER="me")
        violations = trackers.violations
    report = json.loads(out)
    outcomes = {line["project"]: line["outcome"] for line in report["projects"]}
    last = f"j-{len(PROJECTS) - 1:03}"
    assert len(outcomes) == COUNT
    assert {name for name, outcome in outcomes.items() if outcome != "complete"} == {"j-000", last}, err
    reasons = {line["project"]: line["reason"] for line in report["projects"]}
    assert "NOPE" in reasons["j-000"]
    assert "LOST" in reasons[last]
    assert code == 3
    assert violations == {}
    assert memory <= MOST_MEMORY
    assert TOKEN not in out + err
    assert not [path for path in _files(scout.home) if TOKEN.encode() in path.read_bytes()]


def _run(scout: Scout, folder: Path, **secrets: str) -> tuple[int, int, str, str]:
    """Return exit code, peak memory (KB), and what was said on stdout and stderr."""
    measured = [sys.executable, "-S", "-c", MEASURED, str(folder / "peak")]
    with (folder / "out").open("w") as out, (folder / "err").open("w") as err:
        done = subprocess.run(
            [*measured, *scout.command("run", "--all", "--json", now=None)],
            cwd=scout.folder,
            env=scout.environment(**secrets),
            stdout=out,
            stderr=err,
            check=False,
        )
    memory = int((folder / "peak").read_text())
    return done.returncode, memory, (folder / "out").read_text(), (folder / "err").read_text()


def _files(folder: Path) -> list[Path]:
    return [Path(place) / name for place, _, names in os.walk(folder) for name in names]
