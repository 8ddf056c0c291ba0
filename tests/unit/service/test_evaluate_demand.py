"""Forecasts of event lists, tried on every past day."""

import gzip
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from scout.buffer.calendar import Calendar
from scout.errors import UsageError
from scout.service.evaluate_demand import evaluate_demand
from scout.service.event_lists import Dated, events

TODAY = date(2026, 3, 2)
DAY = date(2026, 2, 27)


def _written(folder: Path, content: str | bytes, name: str = "starts.txt") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        '{"at": "2026-02-27T23:59:00Z"}\n\n{"at": "2026-02-28T01:00:00+02:00"}\n',
        '{"id": 7, "opened": "2026-02-27"}\n{"id": 8, "opened": "2026-02-27"}',
        '{"pull": {"title": "x", "created_at": "2026-02-27T10:00:00Z"}}\n{"pull": {"created_at": "2026-02-27"}}',
        '{"ts": 1772186400}\n{"ts": 1772186400000}',
        '["2026-02-27", "2026-02-27T10:00:00"]',
        '"2026-02-27"\n"2026-02-27"\n',
        "\ufeffnumber,opened_at\n1,2026-02-27 10:00:00\n2,2026-02-27 11:00:00\n",
        'title;created\n"Sort; keep";2026-02-27\nNext;2026-02-27\n',
        "2026-02-27\n2026-02-27T12:00:00Z\n",
        gzip.compress(
            b'{"started_at": "2026-02-27", "created_at": "2025-01-01"}\n{"started_at": "2026-02-27"}', mtime=0
        ),
    ],
)
def test_events_are_read_in_every_shape(tmp_path: Path, content: str | bytes):
    assert list(events(_written(tmp_path, content))) == [Dated(DAY, 1)] * 2


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("date,count\n2026-02-27,3\n2026-02-26,0\n", [Dated(DAY, 3), Dated(date(2026, 2, 26), 0)]),
        ("2026-02-27,3\n", [Dated(DAY, 3)]),
        ('{"day": "2026-02-27", "starts": 3}', [Dated(DAY, 3)]),
        ("3\n0\n12\n", [Dated(None, 3), Dated(None, 0), Dated(None, 12)]),
        ("[3, 0]", [Dated(None, 3), Dated(None, 0)]),
        ("count\n3\n0\n", [Dated(None, 3), Dated(None, 0)]),
        ("", []),
    ],
)
def test_counts_a_day_are_read_too(tmp_path: Path, content: str, found: list[Dated]):
    assert list(events(_written(tmp_path, content))) == found


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"at": "2026-02-27"}\n{"at": "2026-02-27"', r"starts.txt, line 2: no JSON"),
        ('{"at": "2026-02-27"}\n{"title": "x"}', r"line 2: neither a time nor a count"),
        ('{"at": "yesterday"}', r"line 1: \"yesterday\" is no date"),
        ('{"at": 1e300}', "line 1: .* is no date"),
        ("day,count\n2026-02-27,3\n2026-02-26,-1\n", "line 3: .*no count"),
        ("3\n1.5\n", "line 2: .*no count"),
        ("[1, 2", "line 1: no JSON"),
        (b"\xff\xfe\x00x", "no text in UTF-8"),
        (gzip.compress(b'{"at": "2026-02-27"}\n' * 999, mtime=0)[:-20], "is damaged"),
    ],
)
def test_what_is_no_event_is_told_with_file_and_line(tmp_path: Path, content: str | bytes, told: str):
    with pytest.raises(UsageError, match=told):
        list(events(_written(tmp_path, content)))


def test_a_missing_file_and_a_missing_column_are_told(tmp_path: Path):
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        evaluate_demand([tmp_path / "none.csv"], TODAY)
    with pytest.raises(UsageError, match="line 1: no 'began'"):
        list(events(_written(tmp_path, '{"at": "2026-02-27"}'), "began"))
    with pytest.raises(UsageError, match="Is a directory"):
        list(events(tmp_path))


def test_several_files_are_several_series_and_anyone_can_recompute(tmp_path: Path):
    days = Calendar().days(TODAY - timedelta(days=400), TODAY)
    busy = "".join(f'{{"at": "{day}"}}\n' * (1 + place % 3) for place, day in enumerate(days))
    report = evaluate_demand([_written(tmp_path, busy, "busy.jsonl"), _written(tmp_path, "3\n", "one.csv")], TODAY)
    document = json.loads(json.dumps(report.document()))
    assert document["schema"] == "scout.evaluation.demand/1"
    row, short = document["rows"]
    assert (row["id"], row["days"], row["starts"]) == ("busy.jsonl", len(days), busy.count("\n"))
    assert set(row["coverage"]) == set(row["forecasts"]) == {"3", "5", "7", "10", "14"}
    assert row["ratio"] == pytest.approx(row["pinball"] / row["baseline"], abs=1e-3)
    assert sum(row["used"].values()) == pytest.approx(1, abs=1e-3)
    assert (short["ratio"], report.tried) == (None, 1)
    assert "too short" in short["notes"][0]


@pytest.mark.parametrize(
    ("content", "note"),
    [("", "no history"), ("2099-01-01\n", "1 after 2026-03-02 left out"), ("0\n0\n", "no history")],
)
def test_no_history_is_said_and_nothing_is_made_up(tmp_path: Path, content: str, note: str):
    [row] = evaluate_demand([_written(tmp_path, content)], TODAY).rows
    assert note in row.notes
    assert (row.starts, row.per_day, row.model, row.coverage) == (0, 0.0, "", {})


@pytest.mark.parametrize(
    "counts",
    [[1], [0] * 99 + [1], [500] + [0] * 99, [2] * 100 + [0] * 65 + [2] * 100, [1_000_000] * 80],
)
def test_odd_histories_have_figures_that_are_numbers(tmp_path: Path, counts: list[int]):
    [row] = evaluate_demand([_written(tmp_path, "\n".join(map(str, counts)))], TODAY).rows
    assert row.starts == sum(counts)
    assert "NaN" not in json.dumps(row.model_dump(mode="json"))
    assert all(0 <= share <= 1 for share in row.coverage.values())


def test_a_stray_date_of_long_ago_does_no_harm(tmp_path: Path):
    recent = "".join(f"{day}\n" for day in Calendar().days(date(2025, 6, 1), TODAY))
    [row] = evaluate_demand([_written(tmp_path, "1970-01-01\n" + recent)], TODAY).rows
    assert row.per_day == pytest.approx(1, rel=0.1)
