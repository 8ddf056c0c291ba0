"""Real series of starts, from the shared data: dates of opened changes, and of tickets where there are no changes."""

import gzip
import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

SHARED = Path(os.environ.get("SCOUT_SHARED", Path(__file__).parents[2] / "shared")) / "data"


def real_starts() -> dict[str, list[date]]:
    """Return dates by series: nine projects whose history is long enough to be forecast, and one that is not."""
    found = {"github-gui": [_day(one["pull"]["created_at"]) for one in _lines("github-gui/pulls.jsonl.gz")]}
    for path in sorted((SHARED / "ietf").glob("*.json.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            pulls: list[dict[str, Any]] = json.load(file)["pulls"]
        found[path.name.removesuffix(".json.gz")] = [_day(one["createdAt"]) for one in pulls]
    for one in _lines("jira-tidev/issues.jsonl.gz"):
        if "fields" in one:
            found.setdefault(f"jira-{one['key'].split('-')[0]}", []).append(_day(one["fields"]["created"]))
    return found


def write_events(folder: Path) -> list[Path]:
    """Write each series as an event list, a date a line; return the files."""
    paths: list[Path] = []
    for name, days in real_starts().items():
        path = folder / f"{name}.csv"
        path.write_text("opened_at\n" + "".join(f"{day}\n" for day in days), encoding="utf-8")
        paths.append(path)
    return paths


def _lines(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(SHARED / name, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _day(written: str) -> date:
    return date.fromisoformat(written[:10])
