"""What continuous integration runs: GitHub Actions, GitLab CI, CircleCI and Travis, as one list of jobs and steps."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from scout.repository import Tree
from scout.signals import _yaml
from scout.signals._ci_others import circle, gitlab, travis
from scout.signals._ci_parts import ARTIFACTS, BEFORE_MERGE, Job, Step, folder_of, tolerated
from scout.signals._yaml import Node

__all__ = ["Job", "Step", "jobs"]

_WORKFLOW = re.compile(r"^\.github/workflows/[^/]+\.ya?ml$")
_ACTION = re.compile(r"(?:^|/)action\.ya?ml$")
_GITLAB = re.compile(r"(?:^|/)\.gitlab-ci\.ya?ml$|^\.gitlab/[^/]+\.ya?ml$")
_CIRCLE = re.compile(r"^\.circleci/[^/]+\.ya?ml$")
_TRAVIS = re.compile(r"^\.travis\.ya?ml$")
_MAIN_LINES = frozenset({"main", "master", "trunk", "develop", "dev", "development"})

_LINE = re.compile(
    r"(?:main|master|trunk|dev|develop|development|staging|production|prod|next|gh-pages|(?:stable|releases?|hotfix)\b.*"
    r"|v[\d*].*|\d.*|[\w.-]+-stable)$"
)
"""Names and patterns of branches to which nobody pushes work that waits for a review."""


def jobs(tree: Tree) -> Iterator[Job]:
    """Give the jobs of all files of continuous integration, by path."""
    for path in tree.files:
        reader = next((read for pattern, read in _READERS if pattern.search(path)), None)
        if reader is None or (text := tree.text(path)) is None:
            continue
        root = _yaml.parsed(text)
        if root is not None:
            yield from reader(path, root)


def _workflow(path: str, root: Node) -> Iterator[Job]:
    triggers = frozenset(
        name for node in (_yaml.get(root, "on"), _yaml.get(root, "true")) if node is not None for name in _names(node)
    )
    after = bool(triggers) and triggers.isdisjoint(BEFORE_MERGE - {"push"}) and _of_main_lines(root)
    beside = _is_beside(root)
    base = _yaml.text(_yaml.get(root, "defaults", "run", "working-directory"))
    shell = _yaml.text(_yaml.get(root, "defaults", "run", "shell"))
    for name, job in _yaml.entries(_yaml.get(root, "jobs")):
        folder = _yaml.text(_yaml.get(job, "defaults", "run", "working-directory")) or base
        own = _yaml.text(_yaml.get(job, "defaults", "run", "shell")) or shell
        steps = tuple(_action_steps(_yaml.get(job, "steps"), folder, own))
        used = _yaml.get(job, "uses")
        if used is not None:
            steps = (Step(_yaml.line(used), uses=_yaml.text(used), given=_given(job)),)
        here = used is not None or _own_checkout(job)
        condition = _yaml.text(_yaml.get(job, "if"))
        allowed = tolerated(job, "continue-on-error")
        made = Job(path, name, steps, here, triggers, condition, allowed, after, matrix=tuple(_matrix(job)))
        yield replace(made, beside=beside)


def _of_main_lines(root: Node) -> bool:
    """Say whether a workflow runs for pushes to main lines or of tags alone, if for pushes at all."""
    pushed = next((found for key in ("on", "true") if (found := _yaml.get(root, key, "push")) is not None), None)
    named = {_yaml.text(one) for one in _yaml.several(_yaml.get(pushed, "branches"))}
    return bool(named or _yaml.get(pushed, "tags") is not None) and all(map(_LINE.match, named))


def _is_beside(root: Node) -> bool:
    """Say whether requests start a workflow only by what is done with them, never by their commits."""
    named = [
        {_yaml.text(one) for one in _yaml.several(_yaml.get(found, "types"))}
        for key in ("on", "true")
        for event in ("pull_request", "pull_request_target")
        if (found := _yaml.get(root, key, event)) is not None
    ]
    return bool(named) and all(types and "synchronize" not in types for types in named)


def _matrix(job: Node) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key, values in _yaml.entries(_yaml.get(job, "strategy", "matrix")):
        written = tuple(_yaml.text(one) for one in _yaml.several(values) if _yaml.text(one))
        if written and key not in {"include", "exclude"}:
            yield key, written


def _action(path: str, root: Node) -> Iterator[Job]:
    steps = tuple(_action_steps(_yaml.get(root, "runs", "steps"), ""))
    if steps:
        yield Job(path, "action", steps, checked_out=True)


def _action_steps(node: Node | None, base: str, usual_shell: str = "") -> Iterator[Step]:
    for step in _yaml.several(node):
        run, uses = _yaml.get(step, "run"), _yaml.get(step, "uses")
        told = partial(
            Step,
            name=_yaml.text(_yaml.get(step, "id")),
            condition=_yaml.text(_yaml.get(step, "if")),
            tolerated=tolerated(step, "continue-on-error"),
        )
        if run is not None:
            own = _yaml.text(_yaml.get(step, "working-directory")) or base
            shell = _yaml.text(_yaml.get(step, "shell")) or usual_shell
            if shell and not re.match(r"(?:ba)?sh\b", shell):
                continue
            pipefail = shell == "bash" or "pipefail" in shell
            yield told(_yaml.line(run), script=_yaml.text(run), folder=folder_of(own), pipefail=pipefail)
        elif uses is not None:
            name = _yaml.text(uses)
            with_path = _yaml.text(_yaml.get(step, "with", "path"))
            foreign = _yaml.get(step, "with", "repository") is not None
            makes = (with_path.strip("./"),) if with_path and (foreign or "checkout" not in name) else ()
            opaque = ARTIFACTS.search(name) is not None and not makes
            yield told(_yaml.line(uses), uses=name, makes=makes, opaque=opaque, given=_given(step))


def _given(node: Node) -> tuple[tuple[str, str], ...]:
    return tuple((key, _yaml.text(value)) for key, value in _yaml.entries(_yaml.get(node, "with")))


def _own_checkout(job: Node) -> bool:
    """Say whether the job checks this repository out at the place where its steps begin."""
    for step in _yaml.several(_yaml.get(job, "steps")):
        if "actions/checkout" in _yaml.text(_yaml.get(step, "uses")):
            here = _yaml.text(_yaml.get(step, "with", "path")) in {"", ".", "./"}
            foreign = _yaml.text(_yaml.get(step, "with", "repository")) not in {"", "${{ github.repository }}"}
            if here:
                return not foreign and _is_this_state(_yaml.text(_yaml.get(step, "with", "ref")))
    return False


def _is_this_state(ref: str) -> bool:
    """Say whether a checkout of a reference has the files of the commit that is looked at, as far as its name tells."""
    return not ref or ref.removeprefix("refs/heads/") in _MAIN_LINES or ("${{" in ref and "matrix." not in ref)


def _names(node: Node) -> Iterator[str]:
    yield from (name for name, _ in _yaml.entries(node))
    yield from (_yaml.text(one) for one in _yaml.several(node) if _yaml.text(one))


_READERS = ((_WORKFLOW, _workflow), (_ACTION, _action), (_GITLAB, gitlab), (_CIRCLE, circle), (_TRAVIS, travis))
