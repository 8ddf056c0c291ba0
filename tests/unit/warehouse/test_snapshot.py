"""The snapshot: replaced whole, untouched when nothing changed, kept by whoever has it open."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.errors import StoreError
from scout.warehouse.snapshot import Snapshot, read_snapshot, write_snapshot
from tests.unit.warehouse.rows import NOW

scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text()
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)


@given(content=st.dictionaries(st.text(), values))
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, content: dict[str, object]):
    path = tmp_path_factory.mktemp("snapshot") / "snapshot.json"
    assert write_snapshot(path, content, NOW)
    assert read_snapshot(path) == Snapshot(at=NOW, content=content)


def test_before_the_first_run_there_is_none(tmp_path: Path):
    assert read_snapshot(tmp_path / "state" / "snapshot.json") is None


def test_the_same_content_is_not_written_again(tmp_path: Path):
    path = tmp_path / "state" / "snapshot.json"
    assert write_snapshot(path, {"a": 1, "b": [2]}, NOW)
    before = path.stat()
    assert not write_snapshot(path, {"b": [2], "a": 1}, NOW + timedelta(days=1))
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert write_snapshot(path, {"a": 2, "b": [2]}, NOW + timedelta(days=1))
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_reader_keeps_the_one_it_opened(tmp_path: Path):
    path = tmp_path / "snapshot.json"
    write_snapshot(path, {"a": 1}, NOW)
    with path.open() as opened:
        write_snapshot(path, {"a": 2}, NOW)
        assert '"a":1' in opened.read()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": "scout.snapshot/9", "at": "2026-01-01", "content": {}}'])
def test_a_damaged_one_names_the_remedy_and_is_replaced(tmp_path: Path, text: str):
    path = tmp_path / "snapshot.json"
    path.write_text(text)
    with pytest.raises(StoreError, match="cannot be read") as said:
        read_snapshot(path)
    assert "scout run" in said.value.remedy
    assert write_snapshot(path, {}, NOW)
    assert read_snapshot(path) == Snapshot(at=NOW, content={})
