"""How long all measures take on many events, and how much memory: `python -m tests.bench.bench_flow [EVENTS …]`.

Made-up tickets and changes are written straight into core tables (four events a ticket, seven a change), then measured
in a process of its own for each size. The promise: one million events within 60 s and 2 GB, and at most 12 times as
long as 100,000.
"""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from scout.warehouse.connection import Connection
from scout.warehouse.store import Warehouse
from tests.bench._measured import peak

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LINEAGE = (
    "'made' AS project, 'made' AS source, 'made' AS stream, {record} AS record, 0 AS place, '' AS digest, "
    "$now AS fetched_at"
)
TICKETS = """
    INSERT INTO core.ticket BY NAME
    SELECT {lineage}, i::VARCHAR AS key, 'Ticket ' || i AS title, '' AS body,
           CASE WHEN i % 10 < 9 THEN 'completed' ELSE 'started' END AS state,
           CASE WHEN i % 10 < 9 THEN 'Done' ELSE 'Doing' END AS native_state,
           CASE WHEN i % 3 = 0 THEN 'bug' ELSE 'feature' END AS kind, '' AS native_kind,
           ['area ' || (i % 40)] AS labels, true AS claimed, '' AS priority, '' AS milestone, '' AS parent,
           '' AS resolution, (hash(i) % 300)::VARCHAR AS author,
           false AS by_bot, '' AS url, '{{}}' AS fields, made AS created_at, made AS updated_at,
           CASE WHEN i % 10 < 9 THEN made + INTERVAL (3600 + hash(i * 7) % 3000000) SECOND END AS closed_at,
           NULL::TIMESTAMPTZ AS due_at
    FROM (SELECT i, $now - INTERVAL (1 + 157000000.0 * i / $count) SECOND
                - INTERVAL 60 DAY AS made FROM range($count) AS t(i))
"""
TURNS = """
    INSERT INTO core.transition BY NAME
    SELECT project, source, stream, record || '-' || nth AS record, nth AS place, '' AS digest, fetched_at,
           key AS subject, 'state' AS field,
           before, after, native_before, native_after, author AS actor, false AS by_bot,
           created_at + (coalesce(closed_at, $now) - created_at) * part AS "at"
    FROM core.ticket CROSS JOIN (VALUES
        (0, 'triage', 'unstarted', 'New', 'Ready', 0.2), (1, 'unstarted', 'started', 'Ready', 'Doing', 0.5),
        (2, 'started', 'completed', 'Doing', 'Done', 1.0)
    ) AS step(nth, before, after, native_before, native_after, part)
    WHERE nth < 2 OR closed_at IS NOT NULL
"""
CHANGES = """
    INSERT INTO core.change BY NAME
    SELECT {lineage}, 'c' || i AS key, CASE WHEN i % 50 = 0 THEN 'Revert "x"' ELSE 'Change ' || i END AS title,
           '' AS body,
           CASE WHEN i % 20 < 19 THEN 'merged' ELSE 'open' END AS state, false AS draft,
           []::VARCHAR[] AS labels, '' AS milestone,
           (hash(i) % 300)::VARCHAR AS author, false AS by_bot, '' AS url, made AS created_at, made AS updated_at,
           CASE WHEN i % 20 < 19 THEN made + INTERVAL (36000 + hash(i * 3) % 900000) SECOND END AS merged_at,
           CASE WHEN i % 20 < 19 THEN made + INTERVAL (36000 + hash(i * 3) % 900000) SECOND END AS closed_at
    FROM (SELECT i, $now - INTERVAL (1 + 157000000.0 * i / $count) SECOND
                - INTERVAL 30 DAY AS made FROM range($count) AS t(i))
"""
REVIEWS = """
    INSERT INTO core.review BY NAME
    SELECT project, source, stream, record || '-' || nth AS record, nth AS place, '' AS digest, fetched_at,
           key AS change,
           key || '-' || nth AS key, verdict, '' AS sha, 'r' || (hash(key) % 50) AS reviewer, false AS by_bot,
           created_at + INTERVAL 30000 SECOND * part AS "at"
    FROM core.change CROSS JOIN (VALUES
        (0, 'commented', 0.2), (1, 'changes_requested', 0.4), (2, 'commented', 0.6), (3, 'approved', 1.0)
    ) AS step(nth, verdict, part)
"""
FILES = """
    INSERT INTO core.change_file BY NAME
    SELECT project, source, stream, record || '-f' || nth AS record, nth AS place, '' AS digest, fetched_at,
           key AS change,
           'part' || (hash(key, nth) % 30) || '/file' || (hash(key) % 900) || '.py' AS path,
           '' AS old_path, 'modified' AS status,
           hash(key, nth) % 200 AS additions, 3 AS deletions
    FROM core.change CROSS JOIN (VALUES (0), (1)) AS step(nth)
"""


def main() -> None:
    """Print seconds and memory for each number of events."""
    if len(sys.argv) > 2 and sys.argv[1] == "--measure":
        measure(Path(sys.argv[2]))
        return
    seconds: dict[int, float] = {}
    for events in [int(one) for one in sys.argv[1:]] or [100_000, 1_000_000]:
        with TemporaryDirectory() as folder:
            made(Path(folder), events)
            told = subprocess.run(
                [sys.executable, "-m", "tests.bench.bench_flow", "--measure", folder],
                capture_output=True,
                text=True,
                check=True,
            )
        seen = json.loads(told.stdout)
        seconds[events] = seen["used"]
        took = f"{seen['seconds']:.1f} s ({seen['used']:.1f} s of processor; the log alone {seen['log']:.1f} s)"
        print(f"{seen['events']:,} events: {took}, {seen['peak_mb']:,.0f} MB, {seen['measures']} measures")
    sizes = sorted(seconds)
    if len(sizes) > 1:
        growth = seconds[sizes[-1]] / seconds[sizes[0]]
        print(f"growth of processor time from {sizes[0]:,} to {sizes[-1]:,}: {growth:.1f} times")


def made(folder: Path, events: int) -> None:
    """Write about so many events of half as many tickets as changes into a new warehouse."""
    warehouse = Warehouse(folder / "warehouse.duckdb", memory="2GB")
    (folder / "projects" / "made").mkdir(parents=True)
    (folder / "projects.json").write_text(json.dumps({"made": str(folder / "projects" / "made")}))
    changes, tickets = events // 14, events // 8
    with warehouse.writing() as connection:
        fill(connection, tickets, changes)


def fill(connection: Connection, tickets: int, changes: int) -> None:
    """Write made-up tickets and changes into core tables."""
    ticket = LINEAGE.format(record="'t' || i")
    change = LINEAGE.format(record="'c' || i")
    connection.execute(TICKETS.format(lineage=ticket), {"now": NOW, "count": tickets})
    connection.execute(TURNS, {"now": NOW})
    connection.execute(CHANGES.format(lineage=change), {"now": NOW, "count": changes})
    connection.execute(REVIEWS)
    connection.execute(FILES)


def measure(folder: Path) -> None:
    """Measure everything and print what it took."""
    import os

    os.environ["SCOUT_HOME"] = str(folder)
    from scout.service.flow import flow
    from scout.service.flow_log import flow_log
    from scout.service.wiring import open_workspace

    work = open_workspace(folder, NOW)
    began = time.perf_counter()
    flow_log(work, work.project("made"))
    log = time.perf_counter() - began
    began, used = time.perf_counter(), time.process_time()
    report = flow(work, "made")
    seconds, used = time.perf_counter() - began, time.process_time() - used
    told = {
        "seconds": seconds,
        "used": used,
        "log": log,
        "peak_mb": peak(),
        "events": report.events,
        "measures": len(report.measures),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
