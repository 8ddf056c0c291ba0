"""Disks that are full or read-only: a sentence, a remedy, and what was there before intact."""

import os
import shutil
import subprocess
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path

import pytest

from scout.errors import StoreError
from scout.warehouse.freshness import Ending
from scout.warehouse.merge import stored_cursor
from scout.warehouse.snapshot import read_snapshot, write_snapshot
from scout.warehouse.staging import Staging, staging_area
from scout.warehouse.store import Warehouse
from tests.unit.warehouse.rows import NOW, keys, merge_tickets, stage_tickets, ticket


@pytest.fixture
def disk(tmp_path: Path) -> Generator[Path, None, None]:
    """A file system of 8 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        reason = "mounting a small file system is not permitted here"
        if os.environ.get("SCOUT_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def warehouse(disk: Path, tmp_path: Path) -> Warehouse:
    warehouse = Warehouse(disk / "warehouse.duckdb")
    merge_tickets(warehouse, tmp_path / "first", [ticket("1"), ticket("2")], cursor={"n": 1})
    return warehouse


def fill(disk: Path) -> Path:
    ballast = disk / "ballast"
    descriptor = os.open(ballast, os.O_CREAT | os.O_WRONLY)
    try:
        while True:
            os.write(descriptor, bytes(65536))
    except OSError:
        return ballast
    finally:
        os.close(descriptor)


def read_only(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)


def unlike(count: int) -> list[str]:
    """Texts that no compression makes small."""
    return [os.urandom(2000).hex() for _ in range(count)]


def test_a_disk_that_is_full_before_the_merge_keeps_the_old_content(warehouse: Warehouse, disk: Path, tmp_path: Path):
    ballast = fill(disk)
    with pytest.raises(StoreError, match="no space left") as said:
        merge_tickets(warehouse, tmp_path / "second", [ticket("3", body=text) for text in unlike(1)], cursor={"n": 2})
    assert "Free some space" in said.value.remedy
    with warehouse.reading() as connection:
        assert keys(connection) == ["1", "2"]
    assert stored_cursor(warehouse, "alpha", "files") == {"n": 1}
    ballast.unlink()
    merge_tickets(warehouse, tmp_path / "third", [ticket("3")], cursor={"n": 2})
    with warehouse.reading() as connection:
        assert keys(connection) == ["3"]


def test_a_disk_that_fills_up_during_the_merge_keeps_the_old_content(warehouse: Warehouse, tmp_path: Path):
    large = [ticket(f"{place}", body=text) for place, text in enumerate(unlike(3000))]
    with pytest.raises(StoreError, match="no space left"):
        merge_tickets(warehouse, tmp_path / "second", large, cursor={"n": 2})
    with warehouse.reading() as connection:
        assert keys(connection) == ["1", "2"]
    merge_tickets(warehouse, tmp_path / "third", [ticket("3")], cursor={"n": 3})
    assert stored_cursor(warehouse, "alpha", "files") == {"n": 3}


def test_a_full_disk_makes_no_half_warehouse(disk: Path, tmp_path: Path):
    ballast = fill(disk)
    warehouse = Warehouse(disk / "warehouse.duckdb")
    with pytest.raises(StoreError, match="no space left"):
        merge_tickets(warehouse, tmp_path / "first", [ticket("1")])
    assert not warehouse.path.exists()
    ballast.unlink()
    merge_tickets(warehouse, tmp_path / "second", [ticket("1")])
    with warehouse.reading() as connection:
        assert keys(connection) == ["1"]


def test_a_full_disk_stops_staging_snapshot_and_freshness_alike(warehouse: Warehouse, disk: Path):
    write_snapshot(disk / "snapshot.json", {"a": 1}, NOW)
    staging = Staging(disk / "staging")
    fill(disk)
    with pytest.raises(StoreError, match="no space left"):
        stage_tickets(staging, [ticket("1", body=text) for text in unlike(1)])
    with pytest.raises(StoreError, match="no space left"):
        write_snapshot(disk / "snapshot.json", {"a": unlike(5)}, NOW)
    later = NOW + timedelta(days=1)
    with pytest.raises(StoreError, match="no space left"):
        warehouse.freshness.record("alpha", "files", Ending(), at=later, cursor={"n": unlike(5)})
    found = read_snapshot(disk / "snapshot.json")
    assert found is not None
    assert found.content == {"a": 1}
    assert warehouse.freshness.cursor("alpha", "files") == {"n": 1}
    assert not list(disk.glob(".*.new"))


def test_a_read_only_folder_can_be_read_and_says_that_it_cannot_be_written(
    warehouse: Warehouse, disk: Path, tmp_path: Path
):
    read_only(disk)
    with warehouse.reading() as connection:
        assert keys(connection) == ["1", "2"]
    assert stored_cursor(warehouse, "alpha", "files") == {"n": 1}
    with pytest.raises(StoreError, match="read-only") as said:
        merge_tickets(warehouse, tmp_path / "second", [ticket("3")])
    assert "SCOUT_HOME" in said.value.remedy
    with pytest.raises(StoreError, match="read-only"):
        write_snapshot(disk / "snapshot.json", {"a": 1}, NOW)
    with pytest.raises(StoreError, match="read-only"):
        warehouse.freshness.record("alpha", "files", Ending(), at=NOW + timedelta(days=1))
    with pytest.raises(StoreError, match="read-only"), staging_area(disk / "staging"):
        pass


def test_a_read_only_folder_without_a_warehouse_says_so(disk: Path, tmp_path: Path):
    read_only(disk)
    with pytest.raises(StoreError, match="read-only"):
        merge_tickets(Warehouse(disk / "state" / "warehouse.duckdb"), tmp_path / "first", [ticket("1")])
