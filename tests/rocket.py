"""A small made-up project with things that deserve attention, and a way to run Scout on it as a user does."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import warm
from tests.making import Made
from tests.warm import COLD

NOW = "2026-03-02T09:00:00+00:00"
PEOPLE = ("Ada <ada@example.org>", "Ben <ben@example.org>", "Cleo <cleo@example.org>")
README = """# Rocket

Read [the guide](docs/guide.md), [how to fly](docs/flying.md) and [the old map](docs/map.md).

```sh
make launch
```
"""
GUIDE = """# Guide

See [the engine](engine.md).

Run `make refuel` before each flight.
"""
CODE = '''"""Fly."""


def thrust(load):
    # Workaround: remove this once the fuel pump is fixed upstream (version 2.0).
    return load * 1.1
'''
CI = """name: ci
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: bash scripts/check.sh
"""


def rocket(path: Path, *, landed: int = 40) -> Made:
    """Make the project: three authors, `landed` further changes, files that say what is not so."""
    made = Made(path)
    first = {
        "README.md": README,
        "docs/guide.md": GUIDE,
        "docs/flying.md": "# Flying\n",
        "docs/map.md": "# Map\n",
        "docs/engine.md": "# Engine\n",
        "Makefile": "launch:\n\techo go\nrefuel:\n\techo fuel\n",
        "rocket/fly.py": CODE,
        "scripts/check.sh": "echo ok\n",
        ".github/workflows/ci.yml": CI,
    }
    made.commit(first, "begin", by=PEOPLE[0])
    for number in range(landed):
        made.commit({"rocket/log.txt": f"{number}\n"}, f"change {number}", by=PEOPLE[number % len(PEOPLE)])
    made.commit({"Makefile": "launch:\n\techo go\n"}, "drop refuel", by=PEOPLE[1], remove=("docs/map.md",))
    made.commit({}, "drop engine and check", by=PEOPLE[2], remove=("docs/engine.md", "scripts/check.sh"))
    return made


@dataclass(frozen=True)
class Ran:
    """How a call of Scout ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The JSON document it printed."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Scout:
    """Scout as a user calls it: a process, a state folder, a working folder."""

    home: Path
    folder: Path

    def __call__(self, *arguments: str, now: str | None = NOW, stdin: str = "", **environment: str) -> Ran:
        """Run a command; `now` is added as `--now` unless it is None.

        What is read while Python starts, such as a locale, gets a process that starts from nothing.
        """
        whole, given = self.environment(**environment), self.command(*arguments, now=now)
        if any(name.startswith(COLD) for name in environment):
            done = subprocess.run(
                given, cwd=self.folder, env=whole, input=stdin, capture_output=True, text=True, timeout=120, check=False
            )
        else:
            done = warm.run(given[3:], self.folder, whole, stdin)
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    def command(self, *arguments: str, now: str | None = NOW) -> list[str]:
        """Return the command's arguments."""
        return [sys.executable, "-m", "scout", *arguments, *(["--now", now] if now else [])]

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment: nothing of the user's settings, nothing of this checkout's."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SCOUT_")}
        config = str(self.home.parent / "config")
        own = {"SCOUT_HOME": str(self.home), "XDG_CONFIG_HOME": config, "COLUMNS": "100", "NO_COLOR": "1"}
        return {**kept, **own, **more}
