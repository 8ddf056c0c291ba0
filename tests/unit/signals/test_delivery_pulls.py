"""Whose turn it is with a pull request follows from what happened to it, as a role."""

from datetime import UTC, datetime
from typing import Any

import pytest

from scout.signals._base import View, row
from scout.signals._core import Core
from scout.signals.delivery._pulls import Pulls, Turn
from scout.signals.delivery._workflow_runs import default_branch, ran, seconds
from scout.signals.delivery.slow_growing_ci import surprise
from scout.warehouse.records import (
    ChangeBranchRow,
    ChangeCommitRow,
    ChangeRow,
    CommentRow,
    JobRow,
    ReviewRow,
    TransitionRow,
)

NOW = datetime(2024, 6, 1, tzinfo=UTC)


def review(verdict: str, at: str, reviewer: str = "k1") -> ReviewRow:
    return row(ReviewRow, change="1", key=f"{reviewer}{at}", verdict=verdict, reviewer=reviewer, at=at)


def comment(body: str, at: str, author: str = "k1") -> CommentRow:
    return row(CommentRow, subject="1", key=f"c{at}", kind="comment", body=body, author=author, created_at=at)


def pushed(at: str) -> ChangeCommitRow:
    return row(ChangeCommitRow, change="1", sha="1" * 40, committed_at=at)


@pytest.mark.parametrize(
    ("turn", "rows"),
    [
        (Turn.REVIEW, []),
        (Turn.AUTHOR, [review("changes_requested", "2024-02-01")]),
        (Turn.REVIEW, [review("changes_requested", "2024-02-01"), pushed("2024-02-02")]),
        (Turn.MERGE, [review("approved", "2024-02-01")]),
        (Turn.REVIEW, [review("approved", "2024-02-01"), pushed("2024-02-02")]),
        (Turn.AUTHOR, [review("approved", "2024-02-01"), review("changes_requested", "2024-02-01", "k2")]),
        (Turn.MERGE, [review("changes_requested", "2024-02-01"), review("approved", "2024-02-03")]),
        (Turn.REVIEW, [review("changes_requested", "2024-02-01"), review("dismissed", "2024-02-03")]),
        (
            Turn.MERGE,
            [
                review("approved", "2024-02-01"),
                comment("ACK, I tried it with paper of three sizes and of all colours.", "2024-02-02"),
            ],
        ),
        (
            Turn.REVIEW,
            [
                review("approved", "2024-02-01"),
                comment("I doubt that this is right, as the tray may be empty by then.", "2024-02-02"),
            ],
        ),
        (Turn.AUTHOR, [comment("Could you add a test?", "2024-02-01")]),
        (Turn.REVIEW, [comment("Could you add a test?", "2024-02-01"), comment("Done.", "2024-02-02", "p1")]),
        (Turn.REVIEW, [comment("Nice work.", "2024-02-01")]),
        (Turn.REVIEW, [comment("Ok.", "2024-02-01")._replace(kind="review")]),
        (
            Turn.AUTHOR,
            [
                comment("I'd move it to the tray's own file.", "2024-02-01")._replace(kind="review"),
                comment("ACK", "2024-02-02"),
            ],
        ),
        (Turn.REVIEW, [review("approved", "2024-02-01", "p1")]),
    ],
)
def test_whose_turn_it_is(turn: Turn, rows: list[Any]):
    change = row(ChangeRow, key="1", title="One", state="open", author="p1", created_at="2024-01-01")
    pulls = Pulls(View(None, NOW, core=Core.holding([change, *rows])))

    assert pulls.waiting(change).turn is turn


def test_labels_and_failed_checks_are_the_authors_turn():
    change = row(
        ChangeRow, key="1", title="One", state="open", author="p1", created_at="2024-01-01", labels=["Needs rebase"]
    )
    moved = row(TransitionRow, subject="1", field="label", after="Needs rebase", at="2024-03-01")
    plain = change._replace(labels=[])
    head = row(ChangeBranchRow, change="1", head_sha=f"{7:040x}")
    marked = Pulls(View(None, NOW, core=Core.holding([change, moved]))).waiting(change)
    failed = Pulls(
        View(None, NOW, core=Core.holding([plain, head, ran("7", "2024-02-01", "failure", event="pull_request")]))
    )

    assert (marked.turn, f"{marked.since:%m-%d}") == (Turn.AUTHOR, "03-01")
    assert failed.waiting(plain).turn is Turn.AUTHOR


def test_the_default_branch_is_a_usual_one_that_pushes_run_on():
    runs = [ran("1", "2024-01-01"), *(ran(str(key), "2024-01-01", branch="topic") for key in range(2, 6))]

    assert default_branch(runs) == "main"
    assert default_branch(runs[1:]) == "topic"
    assert default_branch([]) == ""


def test_a_run_lasts_from_its_first_job_to_its_last():
    run = ran("1", "2024-01-01", minutes=50)
    jobs = [
        row(JobRow, run="1", key="a", started_at="2024-01-01T00:10", completed_at="2024-01-01T00:15"),
        row(JobRow, run="1", key="b", started_at="2024-01-01T00:12", completed_at="2024-01-01T00:20"),
    ]

    assert seconds(run, jobs) == 600
    assert seconds(run, []) == 3000
    assert seconds(run._replace(started_at=None), []) is None


def test_a_few_slow_runs_are_no_growth():
    assert surprise([10.0] * 20, [10.0] * 17 + [60.0] * 3) < 3.3
    assert surprise([10.0, 11.0] * 10, [15.0, 16.0] * 10) > 3.3
    assert surprise([], []) == 0
