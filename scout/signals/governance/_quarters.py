"""Changes of code quarter by quarter, and how many of them came without a test."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import sqrt

from scout.repository import Change, FileClass
from scout.signals._base import View
from scout.signals._changes import SOURCE, kind, units
from scout.signals.at_once import runs
from scout.signals.routine import is_routine

RECENT = 4
BEFORE = 8
_NO_CODE = re.compile(r"\.(?:rs|erb|haml|jinja2?)$")
_SNAPSHOT = re.compile(r"(?:^|/)__snapshots__/|\.snap$")


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter: its first moment, changes of code, and those without a test."""

    start: datetime
    changes: tuple[Change, ...]
    without: tuple[Change, ...]

    @property
    def name(self) -> str:
        return f"{self.start.year}-Q{(self.start.month + 2) // 3}"


@dataclass(frozen=True, slots=True)
class Rates:
    """The last four whole quarters, oldest first, and the eight before them."""

    recent: tuple[Quarter, ...]
    before: tuple[Quarter, ...]

    @property
    def number(self) -> int:
        return sum(len(one.changes) for one in self.recent)

    @property
    def earlier(self) -> int:
        return sum(len(one.changes) for one in self.before)

    @property
    def rate(self) -> float:
        return share(self.recent)

    @property
    def rate_before(self) -> float:
        return share(self.before)

    @property
    def may_be_chance(self) -> bool:
        """Whether the shares differ by less than two standard errors (the test of two proportions)."""
        if not self.number or not self.earlier:
            return True
        pooled = (self.rate * self.number + self.rate_before * self.earlier) / (self.number + self.earlier)
        error = sqrt(pooled * (1 - pooled) * (1 / self.number + 1 / self.earlier))
        return abs(self.rate - self.rate_before) < 2 * error

    @property
    def tempo(self) -> float:
        """How many times more changes came per quarter than before; 1 where there is nothing to compare."""
        return (self.number / RECENT) / (self.earlier / BEFORE) if self.earlier else 1.0


def quarterly(view: View) -> Rates:
    """Return how changes of code came in the last twelve whole quarters before the view's clock."""
    starts = _starts(view.now)
    found: dict[datetime, tuple[list[Change], list[Change]]] = {start: ([], []) for start in starts[:-1]}
    for run in runs(units(view, starts[0])):
        start = _quarter(run[0].at)
        code = next((unit for unit in run if _needs_test(view, unit)), None)
        if start in found and code is not None:
            found[start][0].append(code)
            if not any(_is_of_tests(view, file.path) for unit in run for file in unit.files):
                found[start][1].append(code)
    quarters = [Quarter(start, tuple(every), tuple(without)) for start, (every, without) in found.items()]
    return Rates(tuple(quarters[-RECENT:]), tuple(quarters[:-RECENT]))


def _needs_test(view: View, unit: Change) -> bool:
    if is_routine(unit.title) or kind(unit.title).is_revert:
        return False
    code = (file.path for file in unit.files if _is_told_apart(file.path))
    return any(view.tree.file_class(path) is FileClass.CODE for path in code)


def _is_told_apart(path: str) -> bool:
    """Say whether a file is code whose tests stand in files of their own: not Rust, and not what only shows things."""
    return SOURCE.search(path) is not None and _NO_CODE.search(path) is None


def _is_of_tests(view: View, path: str) -> bool:
    """Say whether a file is a test, or what tests compare with."""
    return view.tree.file_class(path) in {FileClass.TEST, FileClass.FIXTURE} or _SNAPSHOT.search(path) is not None


def _quarter(at: datetime) -> datetime:
    return datetime(at.year, (at.month - 1) // 3 * 3 + 1, 1, tzinfo=UTC)


def _starts(now: datetime) -> list[datetime]:
    """Return the starts of the twelve whole quarters before a moment and of the one it is in, oldest first."""
    found = [_quarter(now)]
    while len(found) <= RECENT + BEFORE:
        year, month = (found[0].year, found[0].month - 3) if found[0].month > 3 else (found[0].year - 1, 10)  # noqa: PLR2004 the first quarter
        found.insert(0, datetime(year, month, 1, tzinfo=UTC))
    return found


def share(quarters: Sequence[Quarter]) -> float:
    """Return the share of changes without a test, 0..1; 0 where there are none."""
    number = sum(len(one.changes) for one in quarters)
    return sum(len(one.without) for one in quarters) / number if number else 0.0
