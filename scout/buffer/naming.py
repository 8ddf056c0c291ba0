"""Name the constraint of a project: from its days where there are enough of them, else from its position."""

from collections.abc import Sequence
from datetime import date, timedelta

from scout.buffer.calendar import Calendar
from scout.buffer.chronicle import Dated
from scout.buffer.constraint import Cause, Circumstances, Constraint, constraint
from scout.buffer.diagnosis import Diagnosis

_CERTAIN = frozenset({Constraint.BLIND, Constraint.NO_HISTORY, Constraint.HEALTHY})
"""What the position tells for sure, whatever the days say."""


def named(seen: Circumstances, days: Sequence[Dated], today: date, calendar: Calendar) -> Cause:
    """Return the primary constraint.

    Where less is on hand than should be, the days before it became so are compared with those since. The position
    alone is asked where there are too few days to compare with, and where the stock was as low on them: of what has
    always been so, days tell nothing.

    Args:
        seen: the position, and what the plan made of it.
        days: the working days as they ended, oldest first, without today.
        today: the day that is not over.
        calendar: the working days.
    """
    found = constraint(seen)
    if found.name in _CERTAIN:
        return found
    watch = Diagnosis()
    for one in days:
        watch.see(one.ended)
    if not watch.known or (not watch.lasted and watch.level < seen.wanted):
        return found
    on_hand = f"{seen.position.on_hand} on hand, {seen.wanted} wanted"
    if not watch.lasted:
        return Cause(name=Constraint.HEALTHY, evidence=f"{on_hand}; no shortage yet: {watch.level:.1f} is usual")
    cause = watch.cause(seen.capacity)
    since = days[-watch.lasted].day
    if cause.name is Constraint.HEALTHY:
        said = f"{on_hand}; short since {since:%Y-%m-%d}, and no more than chance differs from the days before"
        return Cause(name=Constraint.UNTOLD, evidence=said)
    return cause.dated(_last(today, cause.patience, calendar))


def _last(today: date, patience: int, calendar: Calendar) -> date:
    """Return the last of the next working days, today included; at most `patience` of them."""
    ahead = calendar.days(today, today + timedelta(days=7 * patience + 60))[: max(patience, 1)]
    return ahead[-1] if ahead else today
