"""`failing-default-branch`: a workflow has failed on the default branch ever since."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import takewhile
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Example, Expected, Reads, Scout, View
from scout.signals._evidence import at_run
from scout.signals._words import counted, listed, title
from scout.signals.delivery._workflow_runs import FAILED, PASSED, day, default_branch, ended, on_default, ran, told
from scout.warehouse.records import RunRow

_FEWEST = 3
_LONG = timedelta(days=2)
_MANY = 6
_ALIVE = timedelta(days=30)
_GREEN = tuple(ran(str(number), f"2024-05-0{number}") for number in range(1, 6))


class _Broken(NamedTuple):
    """A workflow that fails: the runs since, oldest first, and the last that passed."""

    workflow: str
    failed: tuple[RunRow, ...]
    passed: RunRow | None


class FailingDefaultBranch(Scout):
    """The newest runs of a workflow on the default branch have all failed: three or more over two days, or six.

    Runs of pushes, schedules and people count, those of pull requests don't; cancelled and skipped runs say nothing.
    The newest failure has to be of the last 30 days, else the workflow is gone. Workflows that began to fail at the
    same commit are one finding.

    ## Why it matters
    Nobody can tell a new fault from the old one: everything that is merged meanwhile is unchecked.

    ## What to do with it
    Mend it, or revert what broke it. A workflow that nobody needs is removed.

    ## Severity
    3; 2 for a workflow that runs by schedule only, or has never passed.

    ## Source
    Humble and Farley, Continuous Delivery (2010): a broken build is mended first.
    """

    id: ClassVar[str] = "failing-default-branch"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.RUNS})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.BUG
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Three failures in three days after five runs that passed",
            (),
            "2024-05-10",
            (Expected("test", "8"),),
            (*_GREEN, *(ran(str(number), f"2024-05-0{number}", "failure") for number in (6, 7, 8))),
        ),
        Example(
            "Two workflows broke at the same commit",
            (),
            "2024-05-10",
            (Expected("lint", "18"),),
            (
                *(ran(str(number), f"2024-05-0{number}", "failure") for number in (6, 7, 8)),
                *(
                    ran(f"1{number}", f"2024-05-0{number}", "failure", workflow="lint", sha=f"{number:040x}")
                    for number in (6, 7, 8)
                ),
            ),
        ),
        Example(
            "The last one passed; failures of pull requests and other branches; two failures; three within an hour; "
            "cancelled ones",
            (),
            "2024-05-10",
            (),
            (
                *_GREEN,
                *(ran(str(number), f"2024-05-0{number}", "failure") for number in (6, 7)),
                ran("8", "2024-05-08"),
                *(ran(f"1{number}", f"2024-05-0{number}", "failure", event="pull_request") for number in (7, 8, 9)),
                *(ran(f"2{number}", f"2024-05-0{number}", "failure", branch="other") for number in (7, 8, 9)),
                *(ran(f"3{number}", f"2024-05-0{number}", "failure", workflow="two") for number in (8, 9)),
                *(ran(f"4{number}", "2024-05-09", "failure", workflow="three") for number in (1, 2, 3)),
                *(ran(f"5{number}", f"2024-05-0{number}", "cancelled", workflow="four") for number in (6, 7, 8)),
            ),
        ),
        Example(
            "The workflow has not run for two months",
            (),
            "2024-07-10",
            (),
            tuple(ran(str(number), f"2024-05-0{number}", "failure") for number in (6, 7, 8)),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each commit since which workflows fail."""
        runs = ended(view)
        causes: dict[str, list[_Broken]] = {}
        for workflow, mine in on_default(runs).items():
            broken = _broken(view, workflow, mine)
            if broken:
                causes.setdefault(broken.failed[0].sha, []).append(broken)
        for group in causes.values():
            names = [one.workflow for one in group]
            soft = all(one.passed is None or {run.event for run in one.failed} == {"schedule"} for one in group)
            yield Finding(
                signal=self.id,
                subject=names[0],
                identity=f"failing {names[0]}",
                severity=2 if soft else 3,
                kind=self.kind,
                story=_story(view, group, default_branch(runs)),
                evidence=tuple(at_run(run.key, told(run)) for one in group for run in _telling(one)),
                score=0.85 if not soft else 0.7,
            )


def _broken(view: View, workflow: str, runs: Sequence[RunRow]) -> _Broken | None:
    failed = tuple(takewhile(lambda run: run.conclusion in FAILED, reversed(runs)))[::-1]
    if len(failed) < _FEWEST:
        return None
    first, last = failed[0].created_at or view.now, failed[-1].created_at or view.now
    if view.now - last > _ALIVE or (last - first < _LONG and len(failed) < _MANY):
        return None
    passed = [run for run in runs if run.conclusion == PASSED]
    return _Broken(workflow, failed, passed[-1] if passed else None)


def _telling(one: _Broken) -> Iterator[RunRow]:
    yield one.failed[-1]
    yield one.failed[0]
    if one.passed:
        yield one.passed


def _story(view: View, group: Sequence[_Broken], branch: str) -> Story:
    names = [f"'{one.workflow}'" for one in group]
    first = group[0]
    since = first.failed[0].created_at or view.now
    parts = [
        f"{name} failed {len(one.failed)} times in a row on `{branch}`, newest run {one.failed[-1].key} of "
        f"{day(one.failed[-1].created_at)}, "
        + (
            f"last passed on {day(one.passed.created_at)} (run {one.passed.key})"
            if one.passed
            else "and no run of it is known that passed"
        )
        for name, one in zip(names, group, strict=True)
    ]
    return Story(
        title=title("Make ", listed(names, 2), f" pass again on {branch[:20]}"),
        current=(
            f"{'; '.join(parts)}. The first failure is of {day(since)}, at commit `{first.failed[0].sha[:10]}`, "
            f"{(view.now - since).days} days ago."
        ),
        why="Whatever is merged meanwhile is unchecked: nobody can tell a new fault from the old one.",
        wanted=f"{listed(names, 4)} {'passes' if len(names) == 1 else 'pass'} on `{branch}`, or what nobody needs "
        "is removed.",
        acceptance=tuple(f"The newest run of {name} on `{branch}` passed." for name in names[:6]),
        scope=(f"What changed in or before `{first.failed[0].sha[:10]}`", *names[:6]),
        non_goals=("Switching the failing check off.",),
        risks=(f"A second fault may hide behind the first: {counted(len(first.failed), 'run')} were not looked at.",),
        size="M",
    )
