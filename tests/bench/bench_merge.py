"""How long merges take, opening and closing included, and how much the file grows by them.

First 45,000 records of about 2 KB with as many core rows, then 1 % of 100,000 rows again and again, of records with
bodies of about 1 KB and of a history of git. Run it with `python -m tests.bench.bench_merge`.
"""

import random
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from scout.sources._records import RecordSink
from scout.warehouse.merge import merge
from scout.warehouse.records import Record, TicketRow
from scout.warehouse.staging import Staging
from scout.warehouse.store import Warehouse
from tests.unit.warehouse.rows import NOW, columns, commit

FIRST, ROWS, SHARE, ROUNDS = 45_000, 100_000, 100, 10
_chance = random.Random(7)  # noqa: S311 - made-up words, no secret
_WORDS = ["".join(_chance.choices("abcdefghijklmnopqrstuvwxyz", k=_chance.randint(2, 10))) for _ in range(5000)]


def main() -> None:
    """Print the figures."""
    with TemporaryDirectory() as folder:
        told(first(Warehouse(Path(folder) / "first" / "warehouse.duckdb")))
        for stream in ("git_commit", "record"):
            warehouse = Warehouse(Path(folder) / stream / "warehouse.duckdb")
            told(again(warehouse, stream))
            told(f"open for reading, ask, close: {statistics.median(read(warehouse) for _ in range(ROUNDS)):.0f} ms")


def first(warehouse: Warehouse) -> str:
    """Return how long the records of a full pull take into staging, and from there into an empty warehouse."""
    with warehouse.writing():
        pass
    records = list(made(range(FIRST), number=0, size=1800))
    start = time.perf_counter()
    staging = staged(warehouse, records)
    written = time.perf_counter() - start
    start = time.perf_counter()
    merge(warehouse, [staging], "alpha", NOW)
    size = sum(len(record.payload) for record in records) / 1e6
    return (
        f"first merge of {FIRST:,} records ({size:.0f} MB): {time.perf_counter() - start:.2f} s "
        f"(staging {written:.2f} s); file {warehouse.path.stat().st_size / 1e6:.0f} MB"
    )


def again(warehouse: Warehouse, stream: str) -> str:
    """Return how long merges of 1 % take, changed and unchanged, and how much the file grows by one."""
    whole = merged(warehouse, stream, range(ROWS), number=0)
    size = warehouse.path.stat().st_size
    rounds = [merged(warehouse, stream, range(number, ROWS, SHARE), number=number) for number in range(1, ROUNDS)]
    growth = (warehouse.path.stat().st_size / size - 1) * 100
    unchanged = merged(warehouse, stream, range(ROUNDS - 1, ROWS, SHARE), number=ROUNDS - 1)
    return (
        f"{stream}: first {ROWS:,} rows {whole:.0f} ms; 1 % {statistics.median(rounds):.0f} ms "
        f"(worst {max(rounds):.0f}); file +{growth / len(rounds):.1f} % a merge; unchanged 1 % {unchanged:.0f} ms"
    )


def merged(warehouse: Warehouse, stream: str, keys: Iterable[int], number: int) -> float:
    """Stage rows with the given keys, merge them, and return how long the merge took in milliseconds."""
    if stream == "record":
        staging = staged(warehouse, made(keys, number=number, size=800))
    else:
        with Staging(warehouse.path.with_name("worker")) as staging:
            staging.write(stream, columns(stream, [commit(f"{key:040x}", additions=number) for key in keys]))
    start = time.perf_counter()
    merge(warehouse, [staging], "alpha", NOW)
    return (time.perf_counter() - start) * 1000


def staged(warehouse: Warehouse, records: Iterable[Record]) -> Staging:
    """Return a folder with records of a tracker."""
    with Staging(warehouse.path.with_name("worker")) as staging:
        sink = RecordSink("alpha", "tracker", NOW, staging.write)
        for record in records:
            sink.add(record)
        sink.flush()
    return staging


def made(keys: Iterable[int], *, number: int, size: int) -> Iterator[Record]:
    """Return records of tickets; the same for the same number."""
    words = random.Random(number)  # noqa: S311 - made-up words, no secret
    at = NOW + timedelta(minutes=number)
    for key in keys:
        body = " ".join(words.choices(_WORDS, k=size // 7))
        payload = orjson.dumps({"number": key, "title": f"Ticket {key}", "body": body, "updated_at": at})
        row = TicketRow(
            *(
                str(key),
                f"Ticket {key}",
                body,
                "unstarted",
                "open",
                None,
                "",
                ["bug"],
                False,
                "",
                "",
                "",
                "",
                "",
                False,
            ),
            *("", "{}", at, at, None, None),
        )
        yield Record("issue", str(key), payload, changed_at=at, core=(row,))


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
