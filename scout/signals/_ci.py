"""What continuous integration runs: GitHub Actions, GitLab CI, CircleCI and Travis, as one list of jobs and steps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from scout.repository import Tree
from scout.signals import _yaml
from scout.signals._paths import joined
from scout.signals._yaml import Node

_WORKFLOW = re.compile(r"^\.github/workflows/[^/]+\.ya?ml$")
_ACTION = re.compile(r"(?:^|/)action\.ya?ml$")
_GITLAB = re.compile(r"(?:^|/)\.gitlab-ci\.ya?ml$|^\.gitlab/[^/]+\.ya?ml$")
_CIRCLE = re.compile(r"^\.circleci/[^/]+\.ya?ml$")
_TRAVIS = re.compile(r"^\.travis\.ya?ml$")
_GITLAB_WORDS = frozenset({"stages", "variables", "include", "image", "services", "cache", "workflow", "pages"})
_TRAVIS_PHASES = (
    *("before_install", "install", "before_script", "script", "after_success", "after_script", "before_deploy"),
    "after_failure",
)
_AFTER_RESULT = frozenset({"after_success", "after_script", "after_failure"})
"""Phases whose failure leaves a build's result as it is (Travis CI, Job lifecycle)."""
_MAIN_LINES = frozenset({"main", "master", "trunk", "develop", "dev", "development"})
_BEFORE_MERGE = frozenset({"pull_request", "pull_request_target", "merge_group", "push"})
_ARTIFACTS = re.compile(
    r"download-artifact|/cache(?:/restore)?@|attach_workspace|restore_cache|/checkout-\w+|setup-\w+-build"
)


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
        return not self.tolerated and self.condition not in _AFTER_RESULT


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

    @property
    def gates(self) -> bool:
        """Whether it runs for changes before they are merged, as far as its triggers tell."""
        return not self.triggers or bool(self.triggers & _BEFORE_MERGE)


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
    after = bool(triggers) and triggers.isdisjoint(_BEFORE_MERGE - {"push"}) and _of_main_lines(root)
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
        tolerated = _tolerated(job, "continue-on-error")
        yield Job(path, name, steps, here, triggers, condition, tolerated, after, matrix=tuple(_matrix(job)))


def _of_main_lines(root: Node) -> bool:
    """Say whether a workflow runs for pushes to main lines or of tags alone, if for pushes at all."""
    pushed = next((found for key in ("on", "true") if (found := _yaml.get(root, key, "push")) is not None), None)
    named = {_yaml.text(one) for one in _yaml.several(_yaml.get(pushed, "branches"))}
    return bool(named or _yaml.get(pushed, "tags") is not None) and named <= _MAIN_LINES


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
            tolerated=_tolerated(step, "continue-on-error"),
        )
        if run is not None:
            own = _yaml.text(_yaml.get(step, "working-directory")) or base
            shell = _yaml.text(_yaml.get(step, "shell")) or usual_shell
            if shell and not re.match(r"(?:ba)?sh\b", shell):
                continue
            pipefail = shell == "bash" or "pipefail" in shell
            yield told(_yaml.line(run), script=_yaml.text(run), folder=_folder(own), pipefail=pipefail)
        elif uses is not None:
            name = _yaml.text(uses)
            with_path = _yaml.text(_yaml.get(step, "with", "path"))
            foreign = _yaml.get(step, "with", "repository") is not None
            makes = (with_path.strip("./"),) if with_path and (foreign or "checkout" not in name) else ()
            opaque = _ARTIFACTS.search(name) is not None and not makes
            yield told(_yaml.line(uses), uses=name, makes=makes, opaque=opaque, given=_given(step))


def _given(node: Node) -> tuple[tuple[str, str], ...]:
    return tuple((key, _yaml.text(value)) for key, value in _yaml.entries(_yaml.get(node, "with")))


def _tolerated(node: Node, word: str) -> int:
    said = _yaml.get(node, word)
    return _yaml.line(said) if said is not None and _yaml.text(said).lower() in {"true", "yes"} else 0


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


def _gitlab(path: str, root: Node) -> Iterator[Job]:
    for name, job in _yaml.entries(root):
        if name in _GITLAB_WORDS:
            continue
        parts = [_yaml.get(job, key) for key in ("before_script", "script", "after_script")]
        if name in {"before_script", "after_script"}:
            parts = [job]
        lines = [one for part in parts for one in _yaml.several(part)]
        steps = tuple(Step(_yaml.line(one), script=_yaml.text(one)) for one in lines if _yaml.text(one))
        if steps:
            tolerated = _tolerated(job, "allow_failure")
            yield Job(path, name, _in_one_shell(steps), checked_out=True, tolerated=tolerated)


def _circle(path: str, root: Node) -> Iterator[Job]:
    uses: dict[str, list[tuple[bool, tuple[str, ...]]]] = {}
    for name, only, also in _circle_uses(root):
        uses.setdefault(name, []).append((only, also))
    for group in ("jobs", "commands"):
        for name, job in _yaml.entries(_yaml.get(root, group)):
            folder = _yaml.text(_yaml.get(job, "working_directory"))
            below = "" if not folder or folder.startswith(("~", "/")) else folder
            steps = tuple(_circle_steps(_yaml.get(job, "steps"), below))
            if steps:
                used = uses.get(name, []) if group == "jobs" else []
                after = bool(used) and all(only for only, _ in used)
                also = tuple(sorted({one for _, words in used for one in words}))
                triggers = frozenset({"push"}) if after else frozenset[str]()
                yield Job(path, name, steps, checked_out=True, triggers=triggers, after_merge=after, also=also)


def _circle_uses(root: Node) -> Iterator[tuple[str, bool, tuple[str, ...]]]:
    """Give the jobs that workflows of CircleCI use, whether for named branches or tags alone, and names around it."""
    for _, workflow in _yaml.entries(_yaml.get(root, "workflows")):
        for one in _yaml.several(_yaml.get(workflow, "jobs")):
            if _yaml.text(one):
                yield _yaml.text(one), False, ()
            for name, use in _yaml.entries(one):
                branches = [_yaml.text(line) for line in _yaml.several(_yaml.get(use, "filters", "branches", "only"))]
                ignored = [_yaml.text(line) for line in _yaml.several(_yaml.get(use, "filters", "branches", "ignore"))]
                tagged = _yaml.get(use, "filters", "tags") is not None and "/.*/" in ignored
                named = bool(branches) and not any(line.startswith("/") for line in branches)
                words = [_yaml.text(_yaml.get(use, "name"))]
                words += [_yaml.text(line) for line in _yaml.several(_yaml.get(use, "requires"))]
                yield name, named or tagged, tuple(word for word in words if word)


def _circle_steps(node: Node | None, base: str) -> Iterator[Step]:
    for step in _yaml.several(node):
        run = _yaml.get(step, "run")
        command = _yaml.get(run, "command") or run
        if command is not None and _yaml.text(command):
            yield Step(
                _yaml.line(command),
                script=_yaml.text(command),
                folder=_folder(_yaml.text(_yaml.get(run, "working_directory")) or base),
            )
        elif any(_ARTIFACTS.search(name) for name, _ in _yaml.entries(step)):
            yield Step(_yaml.line(step), opaque=True)


def _travis(path: str, root: Node) -> Iterator[Job]:
    lines = [(phase, one) for phase in _TRAVIS_PHASES for one in _yaml.several(_yaml.get(root, phase))]
    steps = tuple(
        Step(_yaml.line(one), script=_yaml.text(one), condition=phase if phase in _AFTER_RESULT else "")
        for phase, one in lines
        if _yaml.text(one)
    )
    if steps:
        yield Job(path, "travis", _in_one_shell(steps), checked_out=True)


def _in_one_shell(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return steps whose working directory is unknown from the first `cd` on: they share one shell."""
    moved = False
    found: list[Step] = []
    for step in steps:
        found.append(replace(step, folder=None if moved else ""))
        moved = moved or re.search(r"(?:^|[;&\n]\s*)(?:cd|pushd)\s", step.script) is not None
    return tuple(found)


def _folder(written: str) -> str | None:
    if "$" in written or written.startswith(("/", "~")):
        return None
    return joined("", written)


def _names(node: Node) -> Iterator[str]:
    yield from (name for name, _ in _yaml.entries(node))
    yield from (_yaml.text(one) for one in _yaml.several(node) if _yaml.text(one))


_READERS = ((_WORKFLOW, _workflow), (_ACTION, _action), (_GITLAB, _gitlab), (_CIRCLE, _circle), (_TRAVIS, _travis))
