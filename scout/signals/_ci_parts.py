"""What continuous integration is made of: jobs and their steps, whatever the system that runs them."""

import re
from dataclasses import dataclass, replace

from scout.signals import _yaml
from scout.signals._paths import joined
from scout.signals._yaml import Node

BEFORE_MERGE = frozenset({"pull_request", "pull_request_target", "merge_group", "push"})
ARTIFACTS = re.compile(
    r"download-artifact|/cache(?:/restore)?@|attach_workspace|restore_cache|/checkout-\w+|setup-\w+-build"
)
AFTER_RESULT = frozenset({"after_success", "after_script", "after_failure"})
"""Phases whose failure leaves a build's result as it is (Travis CI, Job lifecycle)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a job.

    Attributes:
        line: on which its script, or the action it uses, begins.
        script: shell text; empty for a step that uses an action.
        uses: the action.
        folder: working directory from the root, None when it is not known.
        makes: folders or files that the action creates (other checkouts, downloads).
        opaque: whether the action brings files that nobody can tell.
        name: how other steps call it.
        condition: under which it runs, as it is written.
        tolerated: the line that says that its failure does not count, from 1; 0 when it counts.
        pipefail: whether a pipe fails with any of its commands.
        given: what the action is told, by name.
    """

    line: int
    script: str = ""
    uses: str = ""
    folder: str | None = ""
    makes: tuple[str, ...] = ()
    opaque: bool = False
    name: str = ""
    condition: str = ""
    tolerated: int = 0
    pipefail: bool = True
    given: tuple[tuple[str, str], ...] = ()

    @property
    def counts(self) -> bool:
        """Whether its failure fails the job."""
        return not self.tolerated and self.condition not in AFTER_RESULT


@dataclass(frozen=True, slots=True)
class Job:
    """One job.

    Attributes:
        path: the file that declares it.
        steps: in order.
        checked_out: whether the repository's own files are where paths are counted from.
        triggers: what starts it, such as `schedule`, `push`; empty where the system has no such words.
        condition: under which it runs, as it is written.
        tolerated: the line that says that its failure does not count, from 1; 0 when it counts.
        after_merge: whether it runs for main lines and tags alone, so that no change waits for it.
        also: by which names workflows use it, and what these uses wait for.
        matrix: the values of each dimension, as they are written.
        beside: whether requests start it only by what is done with them (opened, labelled, closed), not by commits.
    """

    path: str
    name: str
    steps: tuple[Step, ...]
    checked_out: bool
    triggers: frozenset[str] = frozenset()
    condition: str = ""
    tolerated: int = 0
    after_merge: bool = False
    also: tuple[str, ...] = ()
    matrix: tuple[tuple[str, tuple[str, ...]], ...] = ()
    beside: bool = False

    @property
    def gates(self) -> bool:
        """Whether it runs for changes before they are merged, as far as its triggers tell."""
        return not self.triggers or bool(self.triggers & BEFORE_MERGE)

    def forgives(self, step: Step) -> bool:
        """Say whether the failure of one of its steps counts for nothing."""
        return bool(self.tolerated) or not step.counts


def tolerated(node: Node, word: str) -> int:
    """Return the line on which a node says that a failure does not count; 0 where it counts."""
    said = _yaml.get(node, word)
    return _yaml.line(said) if said is not None and _yaml.text(said).lower() in {"true", "yes"} else 0


def in_one_shell(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return steps whose working directory is unknown from the first `cd` on: they share one shell."""
    moved = False
    found: list[Step] = []
    for step in steps:
        found.append(replace(step, folder=None if moved else ""))
        moved = moved or re.search(r"(?:^|[;&\n]\s*)(?:cd|pushd)\s", step.script) is not None
    return tuple(found)


def folder_of(written: str) -> str | None:
    """Return a working directory from the root; None for one that nobody can tell, or outside."""
    if "$" in written or written.startswith(("/", "~")):
        return None
    return joined("", written)
