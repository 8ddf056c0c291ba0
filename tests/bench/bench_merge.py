"""How long a merge of 1 % of 100,000 rows takes, opening and closing included, and how much the file grows.

Run it with `python -m tests.bench.bench_merge`.
"""

import statistics
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from scout.warehouse.merge import merge
from scout.warehouse.staging import Staging
from scout.warehouse.store import Warehouse
from scout.warehouse.streams import ticket_rows
from tests.unit.warehouse.rows import NOW, columns, commit, ticket

ROWS, SHARE, ROUNDS = 100_000, 100, 10


def main() -> None:
    """Print the figures."""
    with TemporaryDirectory() as folder:
        warehouse = Warehouse(Path(folder) / "warehouse.duckdb")
        for stream in ("git_commit", "ticket"):
            first = merged(warehouse, stream, range(ROWS), number=0)
            size = warehouse.path.stat().st_size
            rounds = [
                merged(warehouse, stream, range(number, ROWS, SHARE), number=number) for number in range(1, ROUNDS)
            ]
            growth = (warehouse.path.stat().st_size / size - 1) * 100
            again = merged(warehouse, stream, range(ROUNDS - 1, ROWS, SHARE), number=ROUNDS - 1)
            told(
                f"{stream}: first {ROWS:,} rows {first:.0f} ms; 1 % {statistics.median(rounds):.0f} ms "
                f"(worst {max(rounds):.0f}); file +{growth / len(rounds):.1f} % a merge; unchanged 1 % {again:.0f} ms"
            )
        told(f"open for reading, ask, close: {statistics.median(read(warehouse) for _ in range(ROUNDS)):.0f} ms")


def merged(warehouse: Warehouse, stream: str, keys: Iterable[int], number: int) -> float:
    """Stage rows with the given keys, merge them, and return how long the merge took in milliseconds."""
    with Staging(warehouse.path.with_name("worker")) as staging:
        if stream == "ticket":
            body = f"Some text {number}. " * 30
            staging.write(stream, ticket_rows([ticket(str(key), body=body) for key in keys], NOW))
        else:
            staging.write(stream, columns(stream, [commit(f"{key:040x}", additions=number) for key in keys]))
    start = time.perf_counter()
    merge(warehouse, [staging], "alpha", NOW)
    return (time.perf_counter() - start) * 1000


def read(warehouse: Warehouse) -> float:
    """Return how long a small question takes in milliseconds, opening and closing included."""
    start = time.perf_counter()
    with warehouse.reading() as connection:
        connection.execute("SELECT count(*) FROM core.ticket").fetchone()
    return (time.perf_counter() - start) * 1000


def told(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main()
