"""A worker's folder: checked when it is written, and gone with the run it belongs to."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from scout.errors import StoreError
from scout.warehouse._arrow import Rows
from scout.warehouse.merge import merge
from scout.warehouse.staging import Staging, staging_area
from scout.warehouse.store import Warehouse
from tests.unit.warehouse.rows import NOW, columns, tag


def test_arrow_rows_and_plain_columns_say_the_same(tmp_path: Path):
    plain = columns("git_tag", [tag("v1", "c1"), tag("v2", "c2")])
    arrow: Any = pa  # it comes without types
    shuffled = arrow.table(dict(reversed(plain.items())))
    forms: dict[str, Rows] = {"plain": plain, "batch": shuffled.to_batches()[0], "table": shuffled}
    found: list[object] = []
    for name, rows in forms.items():
        warehouse = Warehouse(tmp_path / name / "warehouse.duckdb")
        with Staging(tmp_path / name / "staging") as staging:
            staging.write("git_tag", rows)
        merge(warehouse, [staging], "alpha", NOW)
        with warehouse.reading() as connection:
            found.append(connection.execute("FROM raw.git_tag ORDER BY ALL").fetchall())
    assert found[0] == found[1] == found[2]
    assert isinstance(found[0], list)


@pytest.mark.parametrize("spoil", ["missing", "unknown"])
def test_rows_with_other_columns_are_refused(tmp_path: Path, spoil: str):
    rows = columns("git_tag", [tag("v1", "c1")])
    rows = {**rows, "author": ["x"]} if spoil == "unknown" else {"project": rows["project"]}
    with pytest.raises(ValueError, match="git_tag"):
        Staging(tmp_path / "w").write("git_tag", rows)


def test_a_manifest_that_cannot_be_read_says_what_to_do(tmp_path: Path):
    staging = Staging(tmp_path / "w")
    staging.finish()
    (tmp_path / "w" / "manifest.json").write_text('{"parts"')
    with pytest.raises(StoreError, match="cannot be read") as said:
        staging.manifest()
    assert "scout run" in said.value.remedy


def test_an_area_is_private_and_gone_with_its_run(tmp_path: Path):
    with staging_area(tmp_path / "staging") as area:
        assert area.stat().st_mode & 0o777 == 0o700
        Staging(area / "git").finish()
    assert list((tmp_path / "staging").iterdir()) == []


def test_areas_of_killed_runs_are_swept_and_those_at_work_are_not(tmp_path: Path):
    root = tmp_path / "staging"
    script = (
        "import sys, os; from pathlib import Path; from scout.warehouse.staging import staging_area\n"
        "with staging_area(Path(sys.argv[1])) as area:\n"
        "    (area / 'rows').write_text('x'); print(area, flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        theirs = Path(other.stdout.readline().strip())
        with staging_area(root) as mine:
            assert theirs.exists()
            assert mine != theirs
        other.kill()
        other.wait()
    assert theirs.exists()
    with staging_area(root) as mine:
        assert not theirs.exists()
        assert sorted(root.iterdir()) == [mine, Path(f"{mine}.lock")]


def test_what_others_keep_beside_the_areas_is_left_alone(tmp_path: Path):
    pages = tmp_path / "staging" / "pages" / "alpha"
    pages.mkdir(parents=True)
    (pages / "pages.spool").write_bytes(b"x")
    with staging_area(tmp_path / "staging"):
        assert (pages / "pages.spool").exists()
    assert (pages / "pages.spool").exists()
