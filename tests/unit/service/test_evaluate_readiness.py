"""`scout eval readiness`: every shape of row, every bad line, figures that anybody can recompute."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from scout.errors import UsageError
from scout.model import WorkKind
from scout.readiness import Judged, assess
from scout.readiness.figures import Scored, area
from scout.service.evaluate_readiness import evaluate_readiness
from scout.service.labelled import LabelledText, text_of

GOOD = "It writes local time with 2.3.1.\n\n## Steps\n\n1. Run `demo`.\n2. Look.\n\n## Expected\n\nEvery row is in UTC."


def row(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "title": "Wrong zone", "body": GOOD, **more}


def written(path: Path, *rows: dict[str, Any] | bytes) -> Path:
    lines = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in rows]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def read(**fields: Any) -> LabelledText:
    found = text_of(fields)
    assert isinstance(found, LabelledText), found
    return found


def test_scores_are_those_of_the_rubric_and_figures_can_be_recomputed(tmp_path: Path):
    rows = [row(f"a/b#{n}", ready=n % 2, body=GOOD if n % 3 else "Should we?") for n in range(12)]
    report = evaluate_readiness([written(tmp_path / "rows.jsonl", *rows)])
    assert [one.id for one in report.rows] == [one["id"] for one in rows]
    assert report.rows[1].score == assess(Judged.of("Wrong zone", GOOD)).total
    again = [Scored(one.repository, one.score, bool(one.ready)) for one in report.rows]
    assert report.areas[0].auc == round(area(again).value or 0, 4)
    assert [line.scorer for line in report.areas] == ["rubric", "text length", "section headings"]
    assert (report.texts, report.labelled, report.not_ready) == (12, 12, 6)
    assert sum(one.rows for one in report.reliability) == 12
    assert len(report.misses) == 10
    assert report.document()["schema"] == "scout.evaluation.readiness/1"


def test_rows_without_a_label_are_scored_all_the_same(tmp_path: Path):
    report = evaluate_readiness(
        [written(tmp_path / "rows.jsonl", row("1"), row("2", ready=None), row("3", ready=True))]
    )
    assert [one.ready for one in report.rows] == [None, None, True]
    assert all(0 <= one.score <= 1 for one in report.rows)
    assert report.labelled == 1
    assert report.areas[0].auc is None


def test_bad_lines_are_told_with_their_number_and_the_others_are_scored(tmp_path: Path):
    lines = [
        row("1", ready=True),
        b"{ no json",
        b"[1, 2]",
        {"title": "no id", "body": "b"},
        {"id": "no text"},
        row("2", ready="maybe"),
        b'{"id": "3", "title": "\xff\xfe", "body": "b"}',
        b"",
        {"instance_id": "4", "problem_statement": "", "underspecified": "much"},
        row("5", ready=False, body=None),
    ]
    report = evaluate_readiness([written(tmp_path / "rows.jsonl", *lines)])
    assert [one.id for one in report.rows] == ["1", "5"]
    assert [one.line for one in report.skipped] == [2, 3, 4, 5, 6, 7, 9]
    assert all(one.file == "rows.jsonl" and one.reason for one in report.skipped)


def test_packed_and_empty_files(tmp_path: Path):
    packed = tmp_path / "rows.jsonl.gz"
    packed.write_bytes(gzip.compress(json.dumps(row("1", ready=1)).encode()))
    empty = written(tmp_path / "empty.jsonl")
    assert [one.ready for one in evaluate_readiness([packed, empty]).rows] == [True]
    with pytest.raises(UsageError, match="cannot be read"):
        evaluate_readiness([tmp_path / "nowhere.jsonl"])


@pytest.mark.parametrize(
    ("label", "ready"),
    [({"ready": 1}, True), ({"ready": False}, False), ({"underspecified": 1.0}, True), ({"underspecified": 2}, False)],
)
def test_labels(label: dict[str, Any], *, ready: bool):
    assert read(id="1", title="t", **label).ready is ready
    assert read(id="1", title="t", ready=ready, underspecified=3 * ready).ready is ready


@pytest.mark.parametrize(
    ("fields", "group"),
    [
        ({"instance_id": "owner__repo-123"}, "owner/repo"),
        ({"id": "owner/repo#12"}, "owner/repo"),
        ({"id": "KEY-7"}, "KEY"),
        ({"id": 7}, ""),
        ({"id": "7", "repository": "o/r"}, "o/r"),
        ({"id": "7", "project": "P"}, "P"),
    ],
)
def test_the_repository_is_named_or_stands_in_the_id(fields: dict[str, Any], group: str):
    assert read(title="t", **fields).group == group


def test_what_a_row_says():
    found = read(
        id="KEY-7",
        title="Wrong zone",
        body="h3. Steps\n# one\n{code}x{code}",
        environment="2.3.1",
        comments=[{"body": "*Why?*"}, "plain", {"body": {"type": "doc", "content": []}}],
        type="New Feature",
        links=[
            {"type": "is blocked by", "target": "KEY-1", "state": "Open"},
            {"type": "depends on", "target": "KEY-2", "state": "Resolved"},
            {"type": "relates to", "target": "KEY-3", "state": "Open"},
        ],
        missing=["scope"],
    )
    assert found.body.startswith("### Steps")
    assert found.body.endswith("## Environment\n\n2.3.1")
    assert found.comments == ("**Why?**", "plain", "")
    assert found.kind is WorkKind.FEATURE
    assert found.blocked_by == ("KEY-1",)
    assert found.missing == ("scope",)
    assert read(id="o/r#7", title="t", labels=[{"name": "kind/bug"}], body="h3. as it is").kind is WorkKind.BUG
    assert read(instance_id="o__r-7", problem_statement="Title\nBody").title == "Title"


def test_agreement_with_what_people_missed(tmp_path: Path):
    rows = [
        row("1", ready=False, body="Should we?", missing=["open_decision", "content"]),
        row("2", ready=True, missing=[]),
        row("3", ready=True),
    ]
    report = evaluate_readiness([written(tmp_path / "rows.jsonl", *rows)])
    found = {line.criterion: line for line in report.criteria}["no-open-decision"]
    assert (found.asked, found.listed, found.failed, found.said, found.both) == (3, 2, 1, 1, 1)
    assert found.kappa == 1
