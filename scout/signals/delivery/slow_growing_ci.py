"""`slow-growing-ci`: continuous integration takes clearly longer than it did."""

import math
from collections.abc import Iterator, Sequence
from datetime import timedelta
from statistics import median
from typing import ClassVar, NamedTuple

from scout.model import Evidence, Finding, Story, WorkKind
from scout.signals._base import Example, Expected, Reads, Scout, View
from scout.signals._evidence import at_run, metric
from scout.signals._words import title
from scout.signals.delivery._workflow_runs import PASSED, ended, on_default, ran, seconds, told
from scout.warehouse.records import RunRow

_HALF = timedelta(weeks=4)
_FEWEST = 12
_RATIO = 1.3
_LEAST = 120
_MUCH = 600
_SURE = 3.3
_BEFORE = tuple(ran(str(number), f"2024-04-{number:02}", minutes=10 + number % 3) for number in range(8, 28))


class _Grown(NamedTuple):
    """A workflow that takes longer: seconds of its runs in the four weeks before and in the last four."""

    workflow: str
    before: tuple[tuple[float, RunRow], ...]
    after: tuple[tuple[float, RunRow], ...]


class SlowGrowingCi(Scout):
    """A workflow's runs on the default branch take longer in the last four weeks than in the four weeks before.

    Only runs that passed at their first attempt count, twelve or more in either half. The median has to have grown by
    30 % and by two minutes, and the difference must not be chance (Mann-Whitney test, z of 3.3 or more), so that single
    slow runs don't matter. One finding for each workflow.

    ## Why it matters
    Everybody waits for it, many times a day; it grows slowly, so nobody notices and nobody is asked.

    ## What to do with it
    Find the job or step that grew; cache, split or remove it.

    ## Severity
    2 when the median grew by ten minutes or to twice what it was, else 1.

    ## Source
    Mann and Whitney (1947) for the test.
    """

    id: ClassVar[str] = "slow-growing-ci"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.RUNS})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "From eleven minutes to sixteen",
            (),
            "2024-06-01",
            (Expected("test", "median duration of 'test' on the default branch, four weeks against the four before"),),
            (
                *_BEFORE,
                *(ran(str(number + 30), f"2024-05-{number:02}", minutes=15 + number % 3) for number in range(8, 28)),
            ),
        ),
        Example(
            "By one minute; three slow runs; slow only when repeated or failing; too few",
            (),
            "2024-06-01",
            (),
            (
                *_BEFORE,
                *(ran(str(number + 30), f"2024-05-{number:02}", minutes=11 + number % 3) for number in range(8, 25)),
                *(ran(str(number + 30), f"2024-05-{number:02}", minutes=50) for number in range(25, 28)),
                *(ran(str(number + 60), f"2024-05-{number:02}", minutes=50, attempt=2) for number in range(8, 28)),
                *(ran(str(number + 90), f"2024-05-{number:02}", "failure", minutes=50) for number in range(8, 28)),
                *(
                    ran(str(number + 300), f"2024-04-{number:02}", minutes=40, workflow="by a quarter")
                    for number in range(8, 28)
                ),
                *(
                    ran(str(number + 330), f"2024-05-{number:02}", minutes=50, workflow="by a quarter")
                    for number in range(8, 28)
                ),
                *(
                    ran(str(number + 400), f"2024-04-{number:02}", minutes=1, workflow="by a minute")
                    for number in range(8, 28)
                ),
                *(
                    ran(str(number + 430), f"2024-05-{number:02}", minutes=2, workflow="by a minute")
                    for number in range(8, 28)
                ),
                *(
                    ran(
                        str(number + 500),
                        f"2024-04-{number:02}",
                        minutes=5 + number // 19 * 25,
                        workflow="by chance",
                    )
                    for number in range(8, 28)
                ),
                *(
                    ran(
                        str(number + 530),
                        f"2024-05-{number:02}",
                        minutes=5 + number // 17 * 25,
                        workflow="by chance",
                    )
                    for number in range(8, 28)
                ),
                *(ran(str(number + 200), f"2024-04-{number:02}", minutes=5, workflow="few") for number in range(8, 16)),
                *(
                    ran(str(number + 230), f"2024-05-{number:02}", minutes=50, workflow="few")
                    for number in range(8, 16)
                ),
            ),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each workflow that has grown."""
        for workflow, runs in on_default(ended(view)).items():
            grown = _grown(view, workflow, runs)
            if grown:
                before, after = (median(took for took, _ in half) for half in (grown.before, grown.after))
                yield Finding(
                    signal=self.id,
                    subject=workflow,
                    identity=f"slow {workflow}",
                    severity=2 if after - before >= _MUCH or after >= 2 * before else 1,
                    kind=self.kind,
                    story=_story(grown, before, after),
                    evidence=tuple(_evidence(grown, before, after)),
                    score=min(0.9, 0.5 + (after / before - 1) / 4),
                )


def _grown(view: View, workflow: str, runs: Sequence[RunRow]) -> _Grown | None:
    took = [
        (spent, run)
        for run in runs
        if run.conclusion == PASSED
        and (run.attempt or 1) == 1
        and (spent := seconds(run, view.core.jobs.get(run.key, ())))
    ]
    after = tuple(one for one in took if one[1].created_at and view.now - one[1].created_at <= _HALF)
    before = tuple(one for one in took if one[1].created_at and _HALF < view.now - one[1].created_at <= 2 * _HALF)
    if min(len(before), len(after)) < _FEWEST:
        return None
    old, new = median(spent for spent, _ in before), median(spent for spent, _ in after)
    if (
        new < _RATIO * old
        or new - old < _LEAST
        or surprise([one for one, _ in before], [one for one, _ in after]) < _SURE
    ):
        return None
    return _Grown(workflow, before, after)


def surprise(before: Sequence[float], after: Sequence[float]) -> float:
    """Return by how many standard deviations the second sample lies higher than chance would have it (Mann-Whitney)."""
    wins = sum((new > old) + (new == old) / 2 for new in after for old in before)
    pairs = len(before) * len(after)
    deviation = math.sqrt(pairs * (len(before) + len(after) + 1) / 12)
    return (wins - pairs / 2) / deviation if deviation else 0.0


def _evidence(grown: _Grown, before: float, after: float) -> Iterator[Evidence]:
    query = f"median duration of '{grown.workflow}' on the default branch, four weeks against the four before"
    yield metric(
        query,
        f"{before / 60:.1f} minutes ({len(grown.before)} runs) → {after / 60:.1f} minutes ({len(grown.after)} runs)",
    )
    for half, middle in ((grown.after, after), (grown.before, before)):
        took, run = min(half, key=lambda one: (abs(one[0] - middle), one[1].key))
        yield at_run(run.key, f"{told(run)}, {took / 60:.1f} minutes")


def _story(grown: _Grown, before: float, after: float) -> Story:
    name = grown.workflow
    return Story(
        title=title("Make ", f"'{name}'", f" as fast as it was: {after / 60:.0f} minutes instead of {before / 60:.0f}"),
        current=(
            f"The median duration of '{name}' on the default branch, four weeks against the four before, grew from "
            f"{before / 60:.1f} to {after / 60:.1f} minutes ({len(grown.before)} and {len(grown.after)} runs "
            "that passed at "
            "their first attempt)."
        ),
        why="Whoever merges waits for it, many times a day; it grew slowly enough that nobody was asked.",
        wanted=f"The median is back at {before / 60:.0f} minutes, or what makes it longer is worth it and "
        "written down.",
        acceptance=(
            f"The median of '{name}' over two weeks on the default branch is below {before * 1.1 / 60:.0f} minutes.",
        ),
        scope=(f"'{name}'",),
        non_goals=("Leaving out checks that find faults.",),
        size="M",
    )
