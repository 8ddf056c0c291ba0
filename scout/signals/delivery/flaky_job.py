"""`flaky-job`: the same commit fails and passes: runs are repeated until they are green."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Example, Expected, Reads, Scout, View, row
from scout.signals._evidence import at_run
from scout.signals._words import listed, title
from scout.signals.delivery._workflow_runs import FAILED, PASSED, ended, ran, told
from scout.warehouse.records import JobRow, RunRow

_WINDOW = timedelta(days=90)
_FEWEST = 4
_FEWEST_RUNS = 20
_SHARE = 0.03
_MANY = 0.1
_CALM = tuple(ran(str(number), f"2024-05-{number:02}") for number in range(1, 31))


class _Flaky(NamedTuple):
    """A workflow that fails by chance: commits that failed and passed, each with its runs, and all its runs."""

    workflow: str
    turns: tuple[tuple[RunRow, ...], ...]
    runs: int
    jobs: tuple[str, ...]


class FlakyJob(Scout):
    """A workflow that failed and passed at the same commit, four times or more in 90 days.

    It counts when a run passed at its second attempt or later (it was started again after a failure), or when two runs
    of the workflow for the same commit and the same event ended differently. That has to be so for 3 % of the commits
    it ran for, twenty at least. Where jobs of both runs are known, those that ended differently are named. One finding
    for each workflow.

    ## Why it matters
    People learn to start again instead of reading what failed, so real faults pass; every repeat costs the length of a
    run and the attention of somebody who waits.

    ## What to do with it
    Find what differs between the runs: order, time, network, shared state; mend that, or take the test out with a
    ticket.

    ## Severity
    3 when one commit in ten is concerned, else 2.

    ## Source
    Luo et al., An Empirical Analysis of Flaky Tests (FSE 2014).
    """

    id: ClassVar[str] = "flaky-job"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.RUNS})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.TESTS
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Four runs passed when they were started again",
            (),
            "2024-06-10",
            (Expected("test", "34"),),
            (*_CALM, *(ran(str(number), "2024-06-02", attempt=2) for number in range(31, 35))),
        ),
        Example(
            "Two runs of the same commit ended differently, four times, in one job",
            (),
            "2024-06-10",
            (Expected("test", "141"),),
            (
                *_CALM,
                *(
                    one
                    for number in range(31, 35)
                    for one in (
                        ran(str(number + 100), "2024-06-02", "failure", sha=f"{number:040x}"),
                        ran(str(number + 107), "2024-06-03", sha=f"{number:040x}"),
                        row(JobRow, run=str(number + 100), key=f"{number}a", name="slow", conclusion="failure"),
                        row(JobRow, run=str(number + 107), key=f"{number}b", name="slow", conclusion="success"),
                    )
                ),
            ),
        ),
        Example(
            "Three repeats; repeats that failed again; other events; long ago; few runs",
            (),
            "2024-06-10",
            (),
            (
                *_CALM,
                *(ran(str(number), "2024-06-02", attempt=2) for number in range(31, 34)),
                *(ran(str(number), "2024-06-02", "failure", attempt=2) for number in range(41, 46)),
                *(
                    ran(str(number), "2024-06-02", "failure", event="schedule", sha=f"{number - 50:040x}")
                    for number in range(51, 56)
                ),
                *(ran(str(number), "2024-01-02", attempt=2) for number in range(61, 66)),
                *(ran(str(number), "2024-06-02", workflow="large") for number in range(200, 340)),
                *(ran(str(number), "2024-06-02", workflow="large", attempt=2) for number in range(340, 344)),
                *(ran(str(number), "2024-06-02", attempt=2, workflow="rare") for number in range(71, 76)),
            ),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each workflow that fails by chance."""
        recent = [run for run in ended(view) if run.created_at and view.now - run.created_at <= _WINDOW]
        workflows: dict[str, list[RunRow]] = {}
        for run in recent:
            workflows.setdefault(run.workflow, []).append(run)
        for name in sorted(workflows):
            flaky = _flaky(name, workflows[name], view.core.jobs)
            if flaky:
                yield Finding(
                    signal=self.id,
                    subject=name,
                    identity=f"flaky {name}",
                    severity=3 if len(flaky.turns) >= _MANY * flaky.runs else 2,
                    kind=self.kind,
                    story=_story(flaky),
                    evidence=tuple(at_run(run.key, _said(run)) for turn in flaky.turns[:8] for run in turn),
                    score=min(0.9, 0.7 + len(flaky.turns) / flaky.runs),
                )


def _flaky(name: str, runs: Sequence[RunRow], jobs: Mapping[str, tuple[JobRow, ...]]) -> _Flaky | None:
    commits: dict[tuple[str, str, str], list[RunRow]] = {}
    for run in runs:
        commits.setdefault((run.sha, run.event, run.branch), []).append(run)
    turns = [turn for group in commits.values() if (turn := _turn(group))]
    if len(turns) < _FEWEST or len(commits) < _FEWEST_RUNS or len(turns) < _SHARE * len(commits):
        return None
    return _Flaky(name, tuple(reversed(turns)), len(commits), _differing(turns, jobs))


def _turn(group: Sequence[RunRow]) -> tuple[RunRow, ...]:
    """Return the runs that show that one commit failed and passed; empty where it did not."""
    failed = [run for run in group if run.conclusion in FAILED]
    passed = [run for run in group if run.conclusion == PASSED]
    if failed and passed:
        return (passed[-1], failed[-1])
    again = [run for run in passed if (run.attempt or 1) > 1]
    return (again[-1],) if again else ()


def _differing(turns: Sequence[tuple[RunRow, ...]], jobs: Mapping[str, tuple[JobRow, ...]]) -> tuple[str, ...]:
    """Return the names of jobs that failed in one and passed in the other run of a commit, the most frequent first."""
    counts: dict[str, int] = {}
    for turn in turns:
        passed = {job.name for job in jobs.get(turn[0].key, ()) if job.conclusion == PASSED}
        for job in jobs.get(turn[-1].key, ()):
            if job.conclusion in FAILED and job.name in passed:
                counts[job.name] = counts.get(job.name, 0) + 1
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


def _said(run: RunRow) -> str:
    return f"{told(run)}, attempt {run.attempt}" if (run.attempt or 1) > 1 else told(run)


def _story(flaky: _Flaky) -> Story:
    name, number = flaky.workflow, len(flaky.turns)
    newest = flaky.turns[0][0]
    names = [f"'{one}'" for one in flaky.jobs]
    jobs = f" The jobs that ended differently are {listed(names, 5)}." if names else ""
    return Story(
        title=title("Make ", f"'{name}'", " give the same answer twice"),
        current=(
            f"In the last 90 days '{name}' failed and passed at the same commit for {number} of the {flaky.runs} "
            "commits it "
            f"ran for ({100 * number / flaky.runs:.0f} %), the newest in run {newest.key}.{jobs}"
        ),
        why="People start it again instead of reading what failed, so real faults pass, and everybody waits twice.",
        wanted=f"A failure of '{name}' means that something is wrong with the change.",
        acceptance=(f"In four weeks no run of '{name}' passes at a commit that it failed for.",),
        tests=("The tests that failed in the runs named, made independent of order, time and network.",),
        scope=(f"'{name}'", *(f"job '{one}'" for one in flaky.jobs[:5])),
        non_goals=("Repeating failed tests automatically, which hides the cause.",),
        size="M",
    )
