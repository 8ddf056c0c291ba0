"""100,000 tickets classified offline: tickets a second over two processes, and memory, which is to stay flat.

python -m tests.bench.bench_classify [TICKETS ...]
"""

import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests import backlog_case

TICKETS = (20_000, 100_000)


def main(counts: list[int]) -> None:
    """Print a line for each number of tickets."""
    texts = [(one.fields, one.body) for one in backlog_case.tickets()]
    print(
        f"{'tickets':>8} {'seconds':>8} {'a second':>9} {'CPU s':>7} {'a CPU s':>8} {'MB, largest process':>20}  phases"
    )
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            rows = Path(folder) / "rows.jsonl"
            with rows.open("w", encoding="utf-8") as file:
                for number, (fields, body) in zip(range(count), itertools.cycle(texts), strict=False):
                    file.write(json.dumps({"id": f"T-{number}", **fields, "body": body}) + "\n")
            _measure(rows, Path(folder), count)


def _measure(rows: Path, folder: Path, count: int) -> None:
    environment = {**os.environ, "SCOUT_HOME": str(folder / "home")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    command = [sys.executable, "-m", "scout", "classify", "run", str(rows), "--at-once", "2", "--json"]
    done = subprocess.run(command, env=environment, cwd=folder, check=True, capture_output=True)
    took = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    report = json.loads(done.stdout)
    assert report["tickets"] == count == sum(report["classes"].values())
    largest = after.ru_maxrss / 1024
    phases = ", ".join(f"{name} {seconds} s" for name, seconds in report["seconds"].items())
    print(
        f"{count:>8} {took:>8.1f} {count / took:>9.0f} {spent:>7.1f} {count / spent:>8.0f} {largest:>20.0f}  {phases}",
        flush=True,
    )


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]] or list(TICKETS))
