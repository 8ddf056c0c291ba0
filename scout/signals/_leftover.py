"""Files of continuous integration that a project has left: another system took over, nobody touched them for a year."""

import re
from collections import defaultdict
from datetime import datetime, timedelta

from scout.signals._ci import jobs
from scout.signals._view import View

_SYSTEMS = {
    "GitHub Actions": re.compile(r"^\.github/workflows/[^/]+\.ya?ml$"),
    "GitLab CI": re.compile(r"^\.gitlab-ci\.ya?ml$|^\.gitlab/[^/]+\.ya?ml$"),
    "CircleCI": re.compile(r"^\.circleci/[^/]+\.ya?ml$"),
    "Travis": re.compile(r"^\.travis\.ya?ml$"),
    "Jenkins": re.compile(r"^Jenkinsfile[^/]*$"),
    "Azure Pipelines": re.compile(r"^\.?azure-pipelines[^/]*\.ya?ml$"),
    "Buildkite": re.compile(r"^\.buildkite/[^/]+\.ya?ml$"),
    "Drone": re.compile(r"^\.drone\.ya?ml$"),
}
_YEAR = timedelta(days=365)


def leftovers(view: View) -> frozenset[str]:
    """Return the files of systems that nobody touched for a year, while one that checks changes came or changed since.

    Workflows of GitHub are none by themselves where no change starts them. With history cut off, nothing is left over.
    """
    if view.history.shallow:
        return frozenset()
    by_system: dict[str, list[str]] = defaultdict(list)
    for path in view.tree.files:
        name = next((name for name, pattern in _SYSTEMS.items() if pattern.search(path)), None)
        if name is not None:
            by_system[name].append(path)
    if len(by_system) <= 1:
        return frozenset()
    touched = {name: last for name, paths in by_system.items() if (last := _last(view, paths)) is not None}
    checking = {job.path for job in jobs(view.tree) if job.gates and not job.beside}
    others = {name for name in touched if name != "GitHub Actions" or not checking.isdisjoint(by_system[name])}
    left = [
        name
        for name, last in touched.items()
        if view.now - last >= _YEAR and any(touched[other] > last for other in others - {name})
    ]
    return frozenset(path for name in left for path in by_system[name])


def _last(view: View, paths: list[str]) -> datetime | None:
    """Return when people changed some files last."""
    return max((change.at for path in paths for change in view.history.touching(path) if not change.bot), default=None)
