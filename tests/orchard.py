"""A small checkout with tickets, and Scout called in the same process."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scout.service.assess import assess_tickets
from scout.service.ingest import ingest
from scout.service.next_work import NextReport, next_work
from scout.service.publish import PublishEntry, publish
from scout.service.wiring import Project, Workspace, open_workspace
from tests.making import Made

READY = """## Current behaviour

The export (`app/export.py:1`, version 2.3.1) writes the server's zone, because `zone()` is never called there.

```text
2026-03-01T09:00+09:00
```

## Expected behaviour

Every row has its date in UTC.

## Steps to reproduce

1. Set the server's zone to Asia/Tokyo.
2. Run the export.

## Why it matters

Reports of two offices cannot be compared.

## Acceptance criteria

- [ ] Every row of the export ends in `Z`.
- [ ] `pytest tests/test_export.py` passes.
"""
VAGUE = "The dates in `export_rows()` are odd.\n\nShould we write UTC or the local zone?"


class Scene:
    """A checkout with tickets, and Scout in the same process."""

    def __init__(self, folder: Path) -> None:
        self.made = Made(folder)
        self.made.commit(
            {
                "app/export.py": "def export_rows():\n    return []\n",
                "tests/test_export.py": "def test_it(): pass\n",
                ".github/workflows/ci.yml": "jobs: {test: {steps: [{run: pytest}]}}\n",
            }
        )

    def ticket(self, name: str, content: str) -> Path:
        file = self.made.path / "tickets" / f"{name}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content.encode())
        return file

    def at(self, day: int = 2) -> tuple[Workspace, Project]:
        work = open_workspace(self.made.path, datetime(2026, 3, day, 9, tzinfo=UTC))
        return work, work.project()

    def judged(self, day: int = 2) -> None:
        work, project = self.at(day)
        ingest(work, project)
        assess_tickets(work, project)

    def served(self, day: int = 3, purpose: str = "person") -> NextReport:
        return next_work(*self.at(day), count=5, purpose="agent" if purpose == "agent" else "person")

    def published(self, *, live: bool) -> PublishEntry:
        (entry,) = publish(*self.at(4), live=live).entries
        return entry


@pytest.fixture(name="scene")
def orchard_scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("SCOUT_CONFIG", raising=False)
    return Scene(tmp_path / "orchard")
