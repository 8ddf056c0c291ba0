"""The warehouse among processes: they take turns, name who keeps them waiting, and may be killed at any moment."""

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scout.warehouse import store
from scout.warehouse.connection import BusyError
from scout.warehouse.store import Warehouse
from tests.unit.warehouse.rows import keys, merge_tickets, ticket

COUNT_UP = """
import sys
from pathlib import Path
from scout.warehouse.store import Warehouse
warehouse = Warehouse(Path(sys.argv[1]), wait=60)
for _ in range(20):
    with warehouse.writing() as connection:
        row = connection.execute("SELECT digest FROM stage.content WHERE stage = 'count'").fetchone()
        connection.execute("DELETE FROM stage.content WHERE stage = 'count'")
        number = int(row[0]) + 1 if row else 1
        connection.execute("INSERT INTO stage.content VALUES ('alpha', 'count', ?)", [str(number)])
"""

HOLD = """
import sys
from pathlib import Path
from scout.warehouse.store import Warehouse
with Warehouse(Path(sys.argv[1])).writing() as connection:
    connection.execute("INSERT INTO stage.content VALUES ('alpha', 'held', 'x')")
    print("open", flush=True)
    sys.stdin.read()
"""

MERGE_FOR_EVER = """
import sys
from itertools import count
from pathlib import Path
from tests.unit.warehouse.rows import merge_tickets, ticket
from scout.warehouse.staging import staging_area
from scout.warehouse.store import Warehouse
path, first = Path(sys.argv[1]), int(sys.argv[2])
warehouse = Warehouse(path)
for number in count(first):
    with staging_area(path.with_name("staging")) as area:
        tickets = [ticket(str(key), body=f"{number} " * 50) for key in range(400)]
        merge_tickets(warehouse, area / "files", tickets, cursor={"n": number})
    print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "warehouse.duckdb"


@contextmanager
def running(script: str, *arguments: object) -> Generator[subprocess.Popen[str], None, None]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_two_processes_that_write_at_once_lose_nothing(path: Path):
    with running(COUNT_UP, path) as one, running(COUNT_UP, path) as other:
        assert (one.wait(), other.wait()) == (0, 0)
    with Warehouse(path).reading() as connection:
        assert connection.execute("SELECT digest FROM stage.content").fetchall() == [("40",)]


def test_a_reader_waits_for_the_writer_of_another_process(path: Path, monkeypatch: pytest.MonkeyPatch):
    with Warehouse(path).writing():
        pass
    waited = threading.Event()
    with running(HOLD, path) as writer:
        assert line(writer) == "open"

        def let_the_writer_end(_: float) -> None:
            if not waited.is_set():
                waited.set()
                writer.communicate()

        monkeypatch.setattr(store.time, "sleep", let_the_writer_end)
        with Warehouse(path, wait=60.0).reading() as connection:
            assert connection.execute("SELECT stage FROM stage.content").fetchall() == [("held",)]
    assert waited.is_set()


@pytest.mark.parametrize("wait", [0.0, 0.3])
def test_who_keeps_the_file_too_long_is_named(path: Path, wait: float):
    with Warehouse(path).writing():
        pass
    with running(HOLD, path) as writer:
        assert line(writer) == "open"
        before = time.monotonic()
        named = rf"process {writer.pid} \(.*python"
        with pytest.raises(BusyError, match=named) as said, Warehouse(path, wait=wait).reading():
            pass
        assert wait <= time.monotonic() - before < wait + 5
        with pytest.raises(BusyError, match=f"process {writer.pid}"), Warehouse(path, wait=wait).writing():
            pass
    assert "try again" in said.value.remedy
    assert said.value.exit_code == 3


def test_readers_of_two_processes_read_at_once(path: Path):
    with Warehouse(path).writing():
        pass
    with running(HOLD.replace("writing", "reading").replace("connection.execute", "str"), path) as other:
        assert line(other) == "open"
        with Warehouse(path, wait=0.0).reading() as connection:
            assert keys(connection) == []


def test_a_merge_killed_at_any_moment_leaves_the_old_or_the_new_state(path: Path):
    chance = random.Random(7)  # noqa: S311 - moments to kill at, no secret
    number = 0
    for _ in range(12):
        with running(MERGE_FOR_EVER, path, number + 1) as merging:
            assert int(line(merging)) == number + 1
            with pytest.raises(subprocess.TimeoutExpired):
                merging.wait(timeout=chance.uniform(0.0, 0.25))
            merging.kill()
            merging.wait()
            assert merging.stdout
            told = [number + 1, *map(int, merging.stdout.read().split())]
        number = _whole_state(Warehouse(path))
        assert number in {told[-1], told[-1] + 1}
    merge_tickets(Warehouse(path), path.with_name("last"), [ticket("1")])
    with Warehouse(path).reading() as connection:
        assert keys(connection) == ["1"]


def _whole_state(warehouse: Warehouse) -> int:
    """Return the number that the whole warehouse is about; raw, core and cursor must agree."""
    with warehouse.reading() as connection:
        core = connection.execute("SELECT body, count(*) FROM core.ticket GROUP BY ALL").fetchall()
        raw = connection.execute("SELECT payload ->> 'body', count(*) FROM raw.record GROUP BY ALL").fetchall()
        cursors = [
            json.loads(position) for (position,) in connection.execute("SELECT position FROM raw.cursor").fetchall()
        ]
    number = int(core[0][0].split()[0])
    assert core == raw == [(f"{number} " * 50, 400)]
    assert cursors == [{"n": number}]
    known = warehouse.freshness.cursor("alpha", "files")
    assert known is None or known["n"] <= number  # an older cursor only pulls more than it needs
    return number
