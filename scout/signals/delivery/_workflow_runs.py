"""Runs of continuous integration: those of the default branch, whether they ended well, and how long they took."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from scout.signals._base import View, row
from scout.signals._evidence import seen
from scout.warehouse.records import JobRow, RunRow

FAILED = frozenset({"failure", "timed_out", "startup_failure"})
PASSED = "success"
_OURS = frozenset({"push", "schedule", "workflow_dispatch", "merge_group", "workflow_run", "repository_dispatch"})
_USUAL = ("main", "master", "trunk", "develop", "dev", "development")


def ended(view: View) -> tuple[RunRow, ...]:
    """Return the runs that passed or failed by the view's clock, oldest first."""
    rows = (run for run in view.core.of(RunRow) if run.created_at and run.created_at <= view.now)
    done = (run for run in rows if run.conclusion == PASSED or run.conclusion in FAILED)
    return tuple(sorted(done, key=lambda run: (run.created_at or view.now, run.key)))


def default_branch(runs: Sequence[RunRow]) -> str:
    """Return the branch that pushes and schedules run on most, a usual name first; empty without one."""
    counts = Counter(run.branch for run in runs if run.event in _OURS and run.branch)
    usual = [name for name in _USUAL if counts[name]]
    best = usual or sorted(counts)
    return max(best, key=lambda name: counts[name], default="")


def on_default(runs: Sequence[RunRow]) -> Mapping[str, tuple[RunRow, ...]]:
    """Return the default branch's own runs by workflow, oldest first; those for pull requests are left out."""
    branch = default_branch(runs)
    found: dict[str, list[RunRow]] = {}
    for run in runs:
        if run.branch == branch and run.event in _OURS:
            found.setdefault(run.workflow, []).append(run)
    return {name: tuple(found[name]) for name in sorted(found)}


def seconds(run: RunRow, jobs: Sequence[JobRow]) -> float | None:
    """Return how long a run took from the start of its first job to the end of its last; None where nobody knows."""
    starts = [job.started_at for job in jobs if job.started_at]
    ends = [job.completed_at for job in jobs if job.completed_at]
    first = min(starts, default=run.started_at)
    last = max(ends, default=run.updated_at)
    return (last - first).total_seconds() if first and last and last > first else None


def told(run: RunRow) -> str:
    """Return a run in words: its workflow, its day, how it ended, and the commit."""
    day = f"{run.created_at:%Y-%m-%d}" if run.created_at else "some day"
    return seen(f"{run.workflow}, {day}: {run.conclusion} at {run.sha[:10]}")


def day(at: datetime | None) -> str:
    """Return a day as it is written in stories."""
    return f"{at:%Y-%m-%d}" if at else "an unknown day"


def ran(key: str, at: str, conclusion: str = PASSED, minutes: int = 10, **facts: object) -> RunRow:
    """Return a run of workflow `test` on `main` for the examples of scouts."""
    begun = datetime.fromisoformat(at)
    given = {
        "workflow": "test",
        "event": "push",
        "branch": "main",
        "sha": f"{int(key):040x}",
        "attempt": 1,
        "status": "completed",
        "created_at": at,
        "started_at": at,
        "updated_at": begun.replace(hour=minutes // 60, minute=minutes % 60).isoformat(),
    }
    return row(RunRow, key=key, conclusion=conclusion, **{**given, **facts})
