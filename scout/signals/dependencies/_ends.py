"""Until when versions of runtimes are supported: a table with source and date on each row, and ranges of versions."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

_PACKAGE = "scout.signals.dependencies"
_LATE = 999
_OPERATED = re.compile(r"(~>|\^|~=?|>=|<=|===?|!=|>|<|=)?\s*[vV]?(\d+(?:\.(?:\d+|[xX*]))*)")
_ALTERNATIVES = re.compile(r"\|\|?")

Version = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cycle:
    """A line of releases that is supported as a whole.

    Attributes:
        end: the last day of support; the end of time where the vendor has not named it yet.
        source: the vendor's page that says so.
    """

    runtime: str
    version: Version
    end: date
    source: str

    @property
    def name(self) -> str:
        """The version as it is written."""
        return _written(self.runtime, self.version)


@cache
def cycles(runtime: str) -> tuple[Cycle, ...]:
    """Return the known lines of releases of a runtime, the oldest version first."""
    return _table().get(runtime, ())


def ended(runtime: str, written: str, on: date) -> Cycle | None:
    """Return the line of releases that a version or range allows and that ended last, if all of them are over.

    None when one of them is supported on that day, or when the table knows none of them. A floor (`>=3.8`) allows
    every later version, so it is never over.
    """
    allowed = [cycle for cycle in cycles(runtime) if allows(written, cycle.version)]
    if not allowed or any(cycle.end >= on for cycle in allowed):
        return None
    return max(allowed, key=lambda cycle: (cycle.end, cycle.version))


def supported(runtime: str, on: date) -> tuple[Cycle, ...]:
    """Return the lines of releases that are supported on a day, the oldest version first."""
    return tuple(cycle for cycle in cycles(runtime) if cycle.end >= on)


def allows(written: str, cycle: Version) -> bool:
    """Say whether a version or range, as Python, npm, Ruby or an image tag write it, allows a release of a line."""
    return any(_meets_all(part, cycle) for part in _ALTERNATIVES.split(written))


def exact(written: str) -> Version | None:
    """Return the version that is written without any range; None for ranges and names."""
    found = re.fullmatch(r"\s*={0,3}\s*[vV]?(\d+(?:\.\d+)*)(?:\.[xX*])?\s*", written)
    return numbers(found.group(1)) if found else None


def numbers(text: str) -> Version:
    """Return the numbers of a version."""
    return tuple(int(part) for part in re.findall(r"\d{1,18}", text)[:4])


def _meets_all(part: str, cycle: Version) -> bool:
    conditions = _OPERATED.findall(part)
    return bool(conditions) and all(_meets(operator, number, cycle) for operator, number in conditions)


def _meets(operator: str, number: str, cycle: Version) -> bool:
    """Say whether one of a line's releases, its first or a late one, meets a condition."""
    wanted = numbers(number)
    last = (*cycle, _LATE)
    match operator:
        case "" | "=" | "==" | "===":
            met = _begins(wanted, cycle)
        case "!=":
            met = number[-1] not in "xX*" or not _begins(wanted, cycle)
        case ">=":
            met = last >= wanted
        case ">":
            met = last > wanted and cycle != wanted
        case "<=":
            met = cycle <= wanted
        case "<":
            met = cycle < wanted
        case _:
            met = any(wanted <= one < _ceiling(operator, wanted) for one in (cycle, last))
    return met


def _begins(wanted: Version, cycle: Version) -> bool:
    shared = min(len(wanted), len(cycle))
    return wanted[:shared] == cycle[:shared]


def _ceiling(operator: str, wanted: Version) -> Version:
    if operator == "^":
        kept = next((at for at, part in enumerate(wanted) if part), len(wanted) - 1) + 1
    elif operator == "~":
        kept = min(2, len(wanted))
    else:
        kept = max(1, len(wanted) - 1)
    return (*wanted[: kept - 1], wanted[kept - 1] + 1)


def _written(runtime: str, version: Version) -> str:
    if runtime in {"ubuntu", "runner-ubuntu"} and len(version) > 1:
        return f"{version[0]}.{version[1]:02d}"
    return ".".join(map(str, version))


@cache
def _table() -> Mapping[str, tuple[Cycle, ...]]:
    found: dict[str, list[Cycle]] = {}
    for row in rows("ends.csv"):
        end = date.fromisoformat(row["end"]) if row["end"] else date.max
        cycle = Cycle(row["runtime"], numbers(row["cycle"]), end, row["source"])
        found.setdefault(cycle.runtime, []).append(cycle)
    return {name: tuple(sorted(lines, key=lambda cycle: cycle.version)) for name, lines in found.items()}


def rows(name: str) -> Iterator[Mapping[str, str]]:
    """Give the rows of one of the tables beside this module."""
    yield from csv.DictReader(files(_PACKAGE).joinpath(name).read_text("utf-8").splitlines())


NAMES = {
    "python": "Python",
    "node": "Node.js",
    "ruby": "Ruby",
    "go": "Go",
    "php": "PHP",
    "java": "Java",
    "postgresql": "PostgreSQL",
    "mysql": "MySQL",
    "mariadb": "MariaDB",
    "redis": "Redis",
    "mongodb": "MongoDB",
    "elasticsearch": "Elasticsearch",
    "debian": "Debian",
    "ubuntu": "Ubuntu",
    "alpine": "Alpine",
    "centos": "CentOS",
    "django": "Django",
    "rails": "Rails",
    "runner-ubuntu": "runner ubuntu",
    "runner-macos": "runner macos",
    "runner-windows": "runner windows",
}
"""The names of runtimes as people write them."""
