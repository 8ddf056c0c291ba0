"""The inbox: what reviewers see today, in which order."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Generic, NamedTuple, Protocol, TypeVar


class Ranked(Protocol):
    """What has a place in the order: a candidate, or a line about one."""

    @property
    def id(self) -> str:
        """A name of its own."""
        ...

    @property
    def project(self) -> str:
        """Its project's id."""
        ...

    @property
    def severity(self) -> int:
        """1 to 3."""
        ...

    @property
    def score(self) -> float:
        """0..1, how sure the scout is."""
        ...

    @property
    def created_at(self) -> datetime:
        """When it was drafted (UTC)."""
        ...


R = TypeVar("R", bound=Ranked)


class Portion(NamedTuple, Generic[R]):
    """What a reviewer is shown.

    Attributes:
        shown: today's, most worth deciding first.
        rest: how many more wait, which are shown when asked for or on another day.
    """

    shown: tuple[R, ...]
    rest: int


def ordered(candidates: Iterable[R], need: Mapping[str, float] | None = None) -> tuple[R, ...]:
    """Return candidates, most worth deciding first.

    Severity comes first, then the score in tenths, then how much the project needs ready work, then age: of two
    equals the older.

    Args:
        candidates: of any projects, or lines about them.
        need: by project, how far it is below its reorder point, in tickets; 0 where it is not named.
    """
    needs = need or {}

    def rank(one: R) -> tuple[int, float, float, datetime, str]:
        return -one.severity, -round(one.score, 1), -needs.get(one.project, 0.0), one.created_at, one.id

    return tuple(sorted(candidates, key=rank))


def portion(waiting: tuple[R, ...], per_day: float, decided_today: int) -> Portion[R]:
    """Return as much of `waiting` as reviewers still decide today.

    Args:
        waiting: what `ordered` returned.
        per_day: decisions that reviewers make in a working day; a fraction is rounded up.
        decided_today: decisions already made today.
    """
    count = max(0, -int(-per_day // 1) - max(decided_today, 0))
    return Portion(shown=waiting[:count], rest=max(0, len(waiting) - count))
