"""How long a first and a second run take, against `git log --numstat` to a null device in the same run.

    python tests/bench/bench_run.py [REPOSITORY] [--now ISO]

Without a repository a synthetic one of 2,000 commits is made.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.rocket import rocket


def timed(command: list[str], **environment: str) -> float:
    """Return the seconds that a command takes; its output is thrown away."""
    start = time.perf_counter()
    subprocess.run(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def ingested(path: Path, now: str, home: Path) -> float:
    """Return the seconds from nothing to the whole history in DuckDB, without the interpreter's start."""
    os.environ["SCOUT_HOME"] = str(home)
    from scout import clock
    from scout.service.ingest import ingest
    from scout.service.wiring import open_workspace

    start = time.perf_counter()
    work = open_workspace(path, clock.now(now))
    ingest(work, work.project())
    return time.perf_counter() - start


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository", nargs="?", type=Path)
    parser.add_argument("--now", default="2030-01-01")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path: Path = given.repository or rocket(Path(folder) / "rocket", landed=2000).path
        log = min(timed(["git", "-C", str(path), "log", "--numstat"], GIT_NO_LAZY_FETCH="1") for _ in range(2))
        pulled = ingested(path, given.now, Path(folder) / "ingest")
        print(f"history into DuckDB: {pulled / log:.2f}x git log --numstat ({log:.2f} s -> {pulled:.2f} s)")
        home = str(Path(folder) / "run")
        command = [sys.executable, "-m", "scout", "run", str(path), "--now", given.now, "--json"]
        first = timed(command, SCOUT_HOME=home)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        second = min(timed(command, SCOUT_HOME=home) for _ in range(2))
        ratio = f"second run: {second / first:.3f}x the first ({second:.2f} s)"
        print(f"first run: {first:.2f} s, peak {peak:.0f} MB; {ratio}")


if __name__ == "__main__":
    main()
