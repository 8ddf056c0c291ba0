"""The inbox: what reviewers see today, in which order."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from scout.model import Candidate, CandidateState, Frozen
from scout.review.transitions import state


class Portion(Frozen):
    """What a reviewer is shown.

    Attributes:
        shown: today's candidates, most worth deciding first.
        rest: how many more wait, which are shown when asked for or on another day.
    """

    shown: tuple[Candidate, ...]
    rest: int


def offered(candidates: Iterable[Candidate], now: datetime) -> tuple[Candidate, ...]:
    """Return the candidates that wait for a decision now."""
    return tuple(one for one in candidates if state(one.decisions, now) is CandidateState.OFFERED)


def ordered(candidates: Iterable[Candidate], need: Mapping[str, float] | None = None) -> tuple[Candidate, ...]:
    """Return candidates, most worth deciding first.

    Severity comes first, then the score in tenths, then how much the project needs ready work, then age: of two
    equals the older.

    Args:
        candidates: of any projects.
        need: by project, how far it is below its reorder point, in tickets; 0 where it is not named.
    """
    needs = need or {}

    def rank(one: Candidate) -> tuple[int, float, float, datetime, str]:
        return -one.severity, -round(one.score, 1), -needs.get(one.project, 0.0), one.created_at, one.id

    return tuple(sorted(candidates, key=rank))


def portion(waiting: tuple[Candidate, ...], per_day: float, decided_today: int) -> Portion:
    """Return as much of `waiting` as reviewers still decide today.

    Args:
        waiting: what `ordered` returned.
        per_day: decisions that reviewers make in a working day; a fraction is rounded up.
        decided_today: decisions already made today.
    """
    count = max(0, -int(-per_day // 1) - max(decided_today, 0))
    return Portion(shown=waiting[:count], rest=max(0, len(waiting) - count))
