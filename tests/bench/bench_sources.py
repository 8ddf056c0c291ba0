"""How long a full pull takes, against a plain aiohttp pull of the same pages in the same run; and what little it asks.

Run it with `python -m tests.bench.bench_sources`. `SCOUT_BENCH_ROUNDS=5` is what medians are of.
"""

import os
import statistics
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench import _floor, _scene
from tests.bench._floor import Floor
from tests.bench._scene import Scene, control
from tests.trackers import apart

ROUNDS = int(os.environ.get("SCOUT_BENCH_ROUNDS", "3"))
WORLD = ("--issues", "10000", "--comments", "15000", "--events", "20000", "--jira-issues", "10000", "--runs", "50")
SMALL = ("--issues", "10000", "--comments", "2500", "--events", "0", "--jira-issues", "0", "--runs", "0")
LARGE = ("--issues", "40000", "--comments", "10000", "--events", "0", "--jira-issues", "0", "--runs", "0")
Pulled = dict[str, Any]


def main() -> None:
    """Print the figures, one a line."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        with apart(*WORLD) as base:
            truth = control(base, "GET", "truth")
            runs = _scene.count_of(base, "actions/runs")
            floor = _floor.github(base, truth, _scene.count_of(base, "pulls?state=all"), runs)
            scene = _scene.github(folder / "github", base)
            counters = [against("GitHub", latency, floor, scene) for latency in (80, 0)]
            told(f"GitHub requests: {counters[0]['requests']} for {len(floor.pages)} pages")
            memory(folder)
            highest = _floor.highest_keys(truth["jira"])
            ranges, tickets = _floor.jira(base, highest), _scene.jira(folder / "jira", base, *highest)
            counters = [against("Jira", latency, ranges, tickets) for latency in (80, 0)]
            told(f"Jira requests: {counters[0]['requests']} for keys up to {numbers(highest)}")
            for title, seen in (("GitHub", scene), ("Jira", tickets)):
                later(title, base, seen)


def against(title: str, latency: float, floor: Floor, scene: Scene) -> dict[str, Any]:
    """Time floor and Scout by turns; print the ratio of the medians, and return the counters of the last pull."""
    control(floor.base, "PATCH", "settings", {"latency_ms": latency})
    quickest: list[float] = []
    ours: list[float] = []
    counters: dict[str, Any] = {}
    for number in range(ROUNDS):
        for turn in ("floor", "Scout") if number % 2 == 0 else ("Scout", "floor"):
            control(floor.base, "POST", "reset")
            if turn == "floor":
                quickest.append(floor.pulled())
            else:
                ours.append(scene.fresh().pulled()["seconds"])
                counters = polite(floor.base)
    ratio = statistics.median(ours) / statistics.median(quickest)
    figures = f"{statistics.median(quickest):.2f} s -> {statistics.median(ours):.2f} s"
    told(f"{title} pull at {latency:g} ms: {ratio:.2f}x the floor ({figures}, medians of {ROUNDS})")
    return counters


def memory(folder: Path) -> None:
    """Print what a pull holds when everything is fetched, of few and of many records."""
    figures: list[str] = []
    for title, world in (("10,000", SMALL), ("40,000", LARGE)):
        with apart(*world, latency_ms=0) as base:
            pulled = _scene.github(folder / title, base).pulled()
            polite(base)
            figures.append(f"{pulled['fetched_mb']:.0f} MB ({title} issues)")
    told(f"memory after fetching: {', '.join(figures)}")


def later(title: str, base: str, scene: Scene) -> None:
    """Print what a pull asks when nothing, and when 1 % has changed since the last."""
    tracker = title.lower()
    changes = {"github": {"changed": 100, "comments": 150, "events": 200}, "jira": {"changed": 100}}[tracker]
    control(base, "POST", "reset")
    before = parts(scene.home)
    told(f"{title}, 0 % changed: {asked(base, scene.pulled())}, {len(parts(scene.home) - before)} files")
    control(base, "POST", "reset")
    control(base, "POST", "advance", {tracker: changes})
    told(f"{title}, 1 % changed: {asked(base, scene.pulled())}")


def asked(base: str, pulled: Pulled) -> str:
    """Return in words what a pull asked the server, and what it wrote."""
    counters = polite(base)
    rows = sum(sum(source["rows"].values()) for source in pulled["report"]["sources"])
    return f"{counters['requests']} requests, {counters['not_modified']} x 304, {rows} rows"


def polite(base: str) -> dict[str, Any]:
    """Return the server's counters, once it has nothing to complain about."""
    counters = control(base, "GET", "counters")
    assert not counters["violations"], counters["violations"]
    return counters


def parts(home: Path) -> set[tuple[str, int]]:
    """Return every file of the state folder that holds rows, with the time of its last change."""
    return {(str(file), file.stat().st_mtime_ns) for file in home.rglob("*.parquet")} | {
        (str(file), file.stat().st_mtime_ns) for file in home.glob("warehouse.duckdb*")
    }


def numbers(highest: Mapping[str, int]) -> str:
    """Return the highest keys in words."""
    return " and ".join(f"{project}-{last}" for project, last in highest.items())


def told(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
