"""Versions of runtimes in workflows of GitHub Actions: steps that set one up, matrices, and the runners' systems."""

import re
from collections.abc import Iterator

from scout.signals import _yaml
from scout.signals._yaml import Node

_WORKFLOW = re.compile(r"^\.github/workflows/[^/]+\.ya?ml$|(?:^|/)action\.ya?ml$")
_KEY = re.compile(
    r"^(?:default-)?(python|node|ruby|go|php|java|django|rails)[-_]?(?:js)?(?:[-_]?versions?)?$", re.IGNORECASE
)
_MATRIX = re.compile(r"\$\{\{\s*matrix\.([\w-]+)\s*\}\}")
_RUNNER = re.compile(r"^(ubuntu|macos|windows)-(\d[\d.]*)(?:-\w+)?$")
_VERSION = re.compile(r"^[\^~v>=<]*\d+(?:\.\d+)*(?:\.[x*])?$")


def is_workflow(path: str) -> bool:
    """Say whether a file is a workflow or an action."""
    return _WORKFLOW.search(path) is not None


def versions(content: str) -> Iterator[tuple[str, str, int, bool]]:
    """Give runtime, version, line, and whether it is one matrix, whose versions are then alternatives."""
    root = _yaml.parsed(content)
    if root is None:
        return
    for _, job in _yaml.entries(_yaml.get(root, "jobs")):
        yield from _matrix(_yaml.get(job, "strategy", "matrix"))
        yield from _runners(job)
        yield from _steps(_yaml.get(job, "steps"))
    yield from _steps(_yaml.get(root, "runs", "steps"))


def _steps(steps: Node | None) -> Iterator[tuple[str, str, int, bool]]:
    for step in _yaml.several(steps):
        if "setup-" not in _yaml.text(_yaml.get(step, "uses")):
            continue
        for name, node in _yaml.entries(_yaml.get(step, "with")):
            key = _KEY.match(name)
            if key is None or "version" not in name.lower():
                continue
            listed = [one.strip() for one in _yaml.text(node).split("\n") if one.strip()]
            if listed and all(_VERSION.match(one) for one in listed):
                yield key.group(1).lower(), " || ".join(listed), _yaml.line(node), len(listed) > 1


def _matrix(matrix: Node | None) -> Iterator[tuple[str, str, int, bool]]:
    extra = list(_yaml.several(_yaml.get(matrix, "include")))
    for name, node in _yaml.entries(matrix):
        key = _KEY.match(name)
        if key is None:
            continue
        more = [one for entry in extra if (one := _yaml.get(entry, name)) is not None]
        listed = [_yaml.text(one) for one in (*_yaml.several(node), *more)]
        if listed and all(_VERSION.match(one) for one in listed):
            first = next(_yaml.several(node))
            yield key.group(1).lower(), " || ".join(listed), _yaml.line(first), len(listed) > 1


def _runners(job: Node) -> Iterator[tuple[str, str, int, bool]]:
    for label in _labels(job):
        if found := _RUNNER.match(_yaml.text(label)):
            yield f"runner-{found.group(1)}", found.group(2), _yaml.line(label), False


def _labels(job: Node) -> Iterator[Node]:
    matrix = _yaml.get(job, "strategy", "matrix")
    for label in _yaml.several(_yaml.get(job, "runs-on")):
        variable = _MATRIX.search(_yaml.text(label))
        if variable is None:
            yield label
            continue
        yield from _yaml.several(_yaml.get(matrix, variable.group(1)))
        for entry in _yaml.several(_yaml.get(matrix, "include")):
            if (one := _yaml.get(entry, variable.group(1))) is not None:
                yield one
