"""Files of JSON are read piece by piece, however they are laid out, and what is broken harms nothing else."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scout.sources._imports import pieces as module
from scout.sources._imports.pieces import ENVELOPE, Fault, Piece, pieces
from tests.archives import written

ROWS: list[dict[str, Any]] = [{"a": 1}, {"b": '}]\n\\"', "c": [1, {"d": None}]}, {"e": "\ud800 \u0000 é"}]


def values(path: Path) -> list[Any]:
    return [piece.value for piece in pieces(path) if isinstance(piece, Piece)]


def faults(path: Path) -> list[Fault]:
    return [piece for piece in pieces(path) if isinstance(piece, Fault)]


def each(rows: list[dict[str, Any]], between: str, indent: int | None = None) -> str:
    return "".join(json.dumps(row, indent=indent) + between for row in rows)


LAYOUTS = {
    "lines": each(ROWS, "\n"),
    "lines with blank ones between": each(ROWS, "\r\n\r\n"),
    "lines after a mark": "\ufeff" + each(ROWS, "\n"),
    "an array": json.dumps(ROWS),
    "a pretty array after a mark": "\ufeff \n" + json.dumps(ROWS, indent=2),
    "arrays one after the other": "".join(json.dumps([row]) for row in ROWS),
    "pretty objects one after the other": each(ROWS, "\n", indent=1),
    "an envelope": json.dumps({"issues": ROWS}),
    "a pretty envelope": json.dumps({"total": 3, "issues": ROWS}, indent=4),
    "an envelope in a line": json.dumps({"items": ROWS}) + "\n",
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("suffix", ["json", "json.gz"])
def test_every_layout_gives_the_same(tmp_path: Path, text: str, suffix: str):
    path = written(tmp_path / f"it.{suffix}", text)
    found = [piece for piece in pieces(path) if isinstance(piece, Piece) and piece.within != ENVELOPE]
    assert [piece.value for piece in found] == ROWS
    assert not faults(path)


def test_a_broken_line_is_named_and_the_others_are_read(tmp_path: Path):
    path = written(tmp_path / "it.jsonl", '{"a": 1\n{"a": 2}\n\n<html>\n[1]\n{"a": 3}')
    assert values(path) == [{"a": 2}, {"a": 3}]
    assert [fault.line for fault in faults(path)] == [1, 4, 5]


def test_a_broken_document_is_read_as_far_as_it_goes(tmp_path: Path):
    path = written(tmp_path / "it.json", '[\n{"a": 1},\n{"a": 2},\n{"a": ')
    assert values(path) == [{"a": 1}, {"a": 2}]
    (fault,) = faults(path)
    assert "from here on" in fault.reason


def test_a_packed_file_that_was_cut_is_read_as_far_as_it_goes(tmp_path: Path):
    path = tmp_path / "it.jsonl.gz"
    text = "".join(json.dumps({"a": number, "b": str(number**9)}) + "\n" for number in range(5000))
    path.write_bytes(gzip.compress(text.encode())[:-2000])
    assert values(path)[:10] == [{"a": number, "b": str(number**9)} for number in range(10)]
    assert "damaged" in faults(path)[-1].reason


def test_a_line_that_is_too_long_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "LONGEST", 100)
    path = written(tmp_path / "it.jsonl", '{"a": 1}\n{"b": "' + "x" * 1000 + '"}\n{"c": 1}\n')
    assert values(path) == [{"a": 1}, {"c": 1}]
    assert [fault.line for fault in faults(path)] == [2]


def test_an_envelope_says_the_rest_after_its_arrays(tmp_path: Path):
    path = written(tmp_path / "it.json", json.dumps({"pulls": [{"a": 1}], "labels": [{"b": 1}], "issues": []}))
    assert list(pieces(path)) == [
        Piece(1, "pulls", {"a": 1}),
        Piece(1, ENVELOPE, {"labels": [{"b": 1}]}),
    ]


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
_rows = st.lists(st.dictionaries(st.text(max_size=5), _json, max_size=4), min_size=1, max_size=8)


@given(_rows, st.sampled_from([None, 2]), st.integers(min_value=1, max_value=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_arrays_are_read_whatever_they_hold_and_wherever_a_chunk_ends(
    tmp_path: Path, rows: list[dict[str, Any]], indent: int | None, chunk: int
):
    path = written(tmp_path / "it.json", json.dumps(rows, indent=indent))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_CHUNK", chunk)
        assert values(path) == rows


@given(st.binary(max_size=200) | st.text(alphabet='[]{}",:1a \n', max_size=60).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
def test_no_bytes_make_it_fail(tmp_path: Path, data: bytes):
    path = tmp_path / "it"
    for content in (data, b"\x1f\x8b" + data, gzip.compress(data)):
        path.write_bytes(content)
        assert all(isinstance(piece, Piece | Fault) for piece in pieces(path))
