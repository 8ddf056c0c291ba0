"""Merged pull requests by quarter, and which of them nobody but their author had looked at."""

import math
import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from scout.signals._base import View
from scout.warehouse.records import ChangeCommitRow, ChangeRow, CommentRow, ReviewRow

_APPROVES = re.compile(
    r"^\W*(?:(?:ut|tested |concept |code review |light )?ack\b|lgtm\b|looks good\b|approved?\b|\+1\b|👍|:\+1:"
    r"|ship it\b|r\+|/lgtm|/approve)",
    re.IGNORECASE | re.MULTILINE,
)


class Quarter(NamedTuple):
    """A quarter of a year: its merged changes of people, and those that nobody else had looked at."""

    name: str
    merged: tuple[ChangeRow, ...]
    bypassed: tuple[ChangeRow, ...]


def quarters(view: View, number: int) -> tuple[Quarter, ...]:
    """Return the last quarters, so many, oldest first, the running one included."""
    looked = _looked(view)
    read = {row.change for row in view.core.of(ChangeCommitRow)}
    last = view.now.year * 4 + (view.now.month - 1) // 3
    by_quarter: dict[int, list[ChangeRow]] = {place: [] for place in range(last - number + 1, last + 1)}
    for change in view.core.of(ChangeRow):
        if change.merged_at and change.merged_at <= view.now and not change.by_bot and (not read or change.key in read):
            by_quarter.get(change.merged_at.year * 4 + (change.merged_at.month - 1) // 3, []).append(change)
    found: list[Quarter] = []
    for place, changes in by_quarter.items():
        merged = tuple(sorted(changes, key=lambda one: (one.merged_at or view.now, one.key)))
        bypassed = tuple(one for one in merged if not _before(looked.get(one.key, ()), one))
        found.append(Quarter(f"{place // 4} Q{place % 4 + 1}", merged, bypassed))
    return tuple(found)


def _looked(view: View) -> dict[str, list[tuple[str, datetime]]]:
    """Return who looked at each pull request and when, by reviews and by words that approve."""
    found: dict[str, list[tuple[str, datetime]]] = {}
    for one in view.core.of(ReviewRow):
        if one.at and not one.by_bot and one.verdict != "pending":
            found.setdefault(one.change, []).append((one.reviewer, one.at))
    for one in view.core.of(CommentRow):
        if one.created_at and not one.by_bot and (one.kind == "review" or _APPROVES.search(one.body)):
            found.setdefault(one.subject, []).append((one.author, one.created_at))
    return found


def _before(looked: Sequence[tuple[str, datetime]], change: ChangeRow) -> bool:
    return any(who != change.author and change.merged_at and at <= change.merged_at for who, at in looked)


def count(quarters: Sequence[Quarter]) -> tuple[int, int]:
    """Return how many pull requests were merged without and with review."""
    bypassed = sum(len(one.bypassed) for one in quarters)
    return bypassed, sum(len(one.merged) for one in quarters) - bypassed


def surprise(old: tuple[int, int], new: tuple[int, int]) -> float:
    """Return by how many standard deviations the second share is higher (two-proportion z-test)."""
    first, second = sum(old), sum(new)
    pooled = (old[0] + new[0]) / (first + second)
    deviation = math.sqrt(pooled * (1 - pooled) * (1 / first + 1 / second))
    return (new[0] / second - old[0] / first) / deviation if deviation else math.inf
