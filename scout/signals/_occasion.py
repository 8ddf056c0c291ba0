"""When machines run something: on every change, after it, at a release, by a clock, in a commit hook."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from scout.repository import Tree
from scout.signals._ci import Job, Step, jobs
from scout.signals._paths import joined

AFTER_MERGE = (
    r"event_name\s*==\s*['\"](?:push|release|schedule|workflow_dispatch)|refs/(?:heads|tags)|startsWith\(github\.ref"
)
"""What conditions say that no change before its merge meets."""
_LATER = re.compile(rf"{AFTER_MERGE}|\bmerged\b")
_DELIVERS = re.compile(r"release|deploy|publish", re.IGNORECASE)
_NO_DELIVERY = re.compile(
    r"(?i)(?<![a-z])(?:docs?|documentation|gh-?pages|storybook|previews?|release[-_ ]?(?:draft\w*|notes?))(?![a-z])"
)
_ACTION = re.compile(r"(?:^|/)action\.ya?ml$")
_BY_HAND = frozenset({"workflow_call", "workflow_dispatch"})


class Occasion(StrEnum):
    """When a caller runs."""

    CHECK = "on every change in continuous integration"
    TOLERATED = "on every change, without its failure counting"
    MERGED = "after every merge"
    ASKED = "when somebody or another event starts it"
    DELIVERY = "when a release or deployment runs"
    SCHEDULE = "on a schedule"
    IMAGE = "when the image is built"
    HOOK = "as a commit hook"
    LEFT = "by a system that another one took over from"


class Occasions:
    """When the steps of a tree's jobs run: made once, for all who ask.

    Args:
        tree: with the jobs.
        left: files of continuous integration that the project has left.
    """

    def __init__(self, tree: Tree, left: Collection[str] = ()) -> None:
        self._left = left
        self._used = _users(tree)

    def of(self, job: Job, step: Step) -> tuple[Occasion, ...]:
        """Return when a step runs; what only others start runs when those do that use it."""
        return (Occasion.LEFT,) if job.path in self._left else self._of(job, step, frozenset())

    def _of(self, job: Job, step: Step, above: frozenset[str]) -> tuple[Occasion, ...]:
        own = occasion_of(job, step)
        is_used = _ACTION.search(job.path) is not None or "workflow_call" in job.triggers
        if not is_used or own is not Occasion.CHECK or job.path in above:
            return (own,)
        inside = above | {job.path}
        by = [one for user in self._used.get(job.path, ()) for one in self._of(*user, inside)]
        by_itself = () if _ACTION.search(job.path) or job.triggers <= _BY_HAND else (own,)
        return tuple(dict.fromkeys((*by_itself, *by))) or (Occasion.ASKED,)


def _users(tree: Tree) -> Mapping[str, Sequence[tuple[Job, Step]]]:
    """Return by the path of an action or a workflow of the repository which steps of its jobs use it."""
    found: dict[str, list[tuple[Job, Step]]] = defaultdict(list)
    for job in jobs(tree):
        for step in job.steps:
            path = joined("", step.uses) if step.uses.startswith("./") else None
            for one in (path, f"{path}/action.yml", f"{path}/action.yaml") if path else ():
                if one in tree.files:
                    found[one].append((job, step))
    return found


def occasion_of(job: Job, step: Step | None = None) -> Occasion:
    """Return when a job runs, or a step of it, as far as triggers, conditions and names tell."""
    conditions = f"{job.condition} {step.condition if step else ''}"
    later = job.after_merge or ("!=" not in conditions and _LATER.search(conditions) is not None)
    asked = job.triggers & {"pull_request", "pull_request_target", "merge_group"}
    checked = Occasion.TOLERATED if job.tolerated or (step and not step.counts) else Occasion.CHECK
    if asked and not later and not (job.beside and "merge_group" not in asked):
        return checked
    names = " ".join((job.path, job.name, *job.also))
    if (_DELIVERS.search(names) and not _NO_DELIVERY.search(names)) or "release" in job.triggers:
        return Occasion.DELIVERY
    if "schedule" in job.triggers and "push" not in job.triggers:
        return Occasion.SCHEDULE
    if not later and job.triggers and job.triggers.isdisjoint({"push", "workflow_call"}):
        return Occasion.ASKED
    return Occasion.MERGED if later else checked
