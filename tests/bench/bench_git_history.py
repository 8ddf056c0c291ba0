"""How long the history of a repository takes into Arrow, compared with `git log --numstat` to a null device.

Run it as a script: `python tests/bench/bench_git_history.py [REPOSITORY]`; without one it makes its own.
"""

import io
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from scout.repository import Repository
from scout.sources import SourceContext
from scout.sources.git import GitSource
from tests.fakes import Nothing

COMMITS = 3000
FILES = 60


def main(arguments: list[str]) -> None:
    """Measure the repository named, or a made one; print one line."""
    if arguments:
        print(line(Path(arguments[0])))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.git"
        make(path)
        print(line(path))


def line(path: Path) -> str:
    """Return the comparison in a line; each side is measured once, after the file cache has been warmed."""
    count(path)
    plain = timed_log(path)
    start = time.perf_counter()
    count(path)
    ours = time.perf_counter() - start
    return f"git history into Arrow: {ours / plain:.2f}x git log --numstat ({plain:.1f} s -> {ours:.1f} s)"


def timed_log(path: Path) -> float:
    """Return the seconds that `git log --numstat` takes."""
    start = time.perf_counter()
    subprocess.run(["git", "-C", str(path), "log", "--numstat"], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def count(path: Path) -> int:
    """Read the whole history as a first run does, and return its rows."""
    with Repository.open(path) as repository:
        now, sha = datetime.now(UTC), repository.resolve()
        at = SourceContext(
            path=path, home=path, now=now, salt=b"bench", known=Nothing(), repository=repository, sha=sha
        )
        rows: list[int] = []
        GitSource().pull("bench", at, None, lambda _, batch: rows.append(batch.num_rows))
        return sum(rows)


def make(path: Path) -> None:
    """Make a bare repository of 3,000 commits on 60 files, some of them large, through `git fast-import`."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(path)], check=True)
    stream = io.StringIO()
    for number in range(COMMITS):
        name = f"folder{number % 7}/file{number % FILES}.py"
        body = "".join(f"value_{row} = {row if row % 50 else number}\n" for row in range(200 + number % 1500))
        message = f"change {number}"
        stream.write(f"commit refs/heads/main\ncommitter Ada <ada@example.org> {1_700_000_000 + number * 3600} +0000\n")
        stream.write(f"data {len(message)}\n{message}\n")
        stream.write(f"M 100644 inline {name}\ndata {len(body)}\n{body}\n")
    command = ["git", "-C", str(path), "fast-import", "--quiet"]
    subprocess.run(command, input=stream.getvalue().encode(), check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
