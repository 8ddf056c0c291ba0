"""What it takes to leave a version that is over: where to, why, what to watch, and how much work it is."""

from collections.abc import Sequence
from datetime import date, timedelta

from scout.signals._words import either
from scout.signals.dependencies._ends import Cycle, supported
from scout.signals.dependencies._runtimes import ASIDE, Use

_SOON = timedelta(days=180)
_MOST_CHOICES = 3
_SMALL = frozenset({"node", "redis", "alpine", "debian", "ubuntu"})
_FRAMEWORKS = frozenset({"rails", "django"})
_STORES = frozenset({"postgresql", "mysql", "mariadb", "mongodb", "elasticsearch"})
_MANIFESTS = {"Gemfile.lock": "Gemfile", "composer.lock": "composer.json", "poetry.lock": "pyproject.toml"}


def is_runner(cycle: Cycle) -> bool:
    """Say whether it is a hosted runner: it is removed, not only left without support."""
    return cycle.runtime.startswith("runner-")


def choices(cycle: Cycle, today: date) -> str:
    """Return what to move to, as the end of a sentence: the newest versions that are supported for half a year more."""
    newest = [one.name for one in _lasting(cycle, today)][-_MOST_CHOICES:]
    return f", such as {either(newest)}" if newest else ""


def beside(path: str) -> str:
    """Return the manifest that asks for what a lock file holds, as the end of its name in a list."""
    name = path.rpartition("/")[2]
    return f", and `{_MANIFESTS[name]}` beside it" if name in _MANIFESTS else ""


def size(cycle: Cycle, files: Sequence[str], today: date) -> str:
    """Return how much work it is; a framework that is several major versions behind is more than a day."""
    if is_runner(cycle) or (len(files) == 1 and cycle.runtime in _SMALL):
        return "S"
    lasting = _lasting(cycle, today)
    behind = lasting[0].version[0] - cycle.version[0] if lasting else 0
    return "L" if cycle.runtime in _FRAMEWORKS and behind > 1 else "M"


def _lasting(cycle: Cycle, today: date) -> tuple[Cycle, ...]:
    return supported(cycle.runtime, today + _SOON) or supported(cycle.runtime, today)


def why(name: str, places: Sequence[Use], *, gone: bool) -> str:
    """Return why it matters."""
    if gone:
        return "Jobs that ask for this runner wait for a machine that does not exist and fail, so they check nothing."
    if all(use.role in ASIDE for use in places):
        return (
            f"{name} gets no fixes any more, and actions and images drop it step by step: the jobs of "
            f"`{places[0].path}` then fail without a change of ours."
        )
    return (
        f"Security holes found in {name} are not closed any more, and whoever builds or deploys from "
        f"`{places[0].path}` gets them. Libraries and images drop it step by step, which makes a later move harder."
    )


def risks(cycle: Cycle) -> tuple[str, ...]:
    """Return what to watch."""
    if cycle.runtime in _STORES:
        return ("The files of a newer major version are not compatible: existing volumes need a dump and a restore.",)
    return ("Libraries that are pinned may not support the new version yet: read their notes first.",)
