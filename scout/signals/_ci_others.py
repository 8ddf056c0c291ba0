"""Jobs of GitLab CI, CircleCI and Travis, out of their files."""

from collections.abc import Iterator

from scout.signals import _yaml
from scout.signals._ci_parts import AFTER_RESULT, ARTIFACTS, Job, Step, folder_of, in_one_shell, tolerated
from scout.signals._yaml import Node

_GITLAB_WORDS = frozenset({"stages", "variables", "include", "image", "services", "cache", "workflow", "pages"})
_TRAVIS_PHASES = (
    "before_install",
    "install",
    "before_script",
    "script",
    "after_success",
    "after_script",
    "before_deploy",
    "after_failure",
)


def gitlab(path: str, root: Node) -> Iterator[Job]:
    """Give the jobs of a file of GitLab CI."""
    for name, job in _yaml.entries(root):
        if name in _GITLAB_WORDS:
            continue
        parts = [_yaml.get(job, key) for key in ("before_script", "script", "after_script")]
        if name in {"before_script", "after_script"}:
            parts = [job]
        lines = [one for part in parts for one in _yaml.several(part)]
        steps = tuple(Step(_yaml.line(one), script=_yaml.text(one)) for one in lines if _yaml.text(one))
        if steps:
            yield Job(path, name, in_one_shell(steps), checked_out=True, tolerated=tolerated(job, "allow_failure"))


def circle(path: str, root: Node) -> Iterator[Job]:
    """Give the jobs and commands of a file of CircleCI."""
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
                folder=folder_of(_yaml.text(_yaml.get(run, "working_directory")) or base),
            )
        elif any(ARTIFACTS.search(name) for name, _ in _yaml.entries(step)):
            yield Step(_yaml.line(step), opaque=True)


def travis(path: str, root: Node) -> Iterator[Job]:
    """Give the one job of a file of Travis."""
    lines = [(phase, one) for phase in _TRAVIS_PHASES for one in _yaml.several(_yaml.get(root, phase))]
    steps = tuple(
        Step(_yaml.line(one), script=_yaml.text(one), condition=phase if phase in AFTER_RESULT else "")
        for phase, one in lines
        if _yaml.text(one)
    )
    if steps:
        yield Job(path, "travis", in_one_shell(steps), checked_out=True)
