"""Counts per working day and per week."""

import numpy as np
from numpy.typing import NDArray

from scout.flow.log import Floats, FlowLog, Ints
from scout.flow.reading import ENOUGH, SLOW, TYPICAL, Reading, Rows, too_little

_SURE = 1.96
WEEK = 7


def daily(log: FlowLog, days: Ints, window: int, what: str) -> Reading:
    """Return how often something happened per working day of the last days of data.

    Args:
        log: for the calendar and the end of the data.
        days: day numbers, one for each occurrence, in any order.
        window: how many days to look back.
        what: what is counted.
    """
    first, after = log.window(window)
    counts, worked = per_working_day(log, days, first, after)
    n = int(counts.sum())
    if worked.size < ENOUGH:
        return too_little(n, f"{what} in {worked.size} working days")
    mean = n / worked.size
    spread = _SURE * float(np.std(counts, ddof=1)) / worked.size**0.5
    middle, slow = (float(value) for value in np.percentile(counts, [100 * TYPICAL, 100 * SLOW]))
    rows = Rows("day", worked, counts, np.zeros(worked.size, dtype=np.bool_))
    return Reading(n, mean, middle, slow, max(mean - spread, 0.0), mean + spread, rows=rows)


def per_working_day(log: FlowLog, days: Ints, first: int, after: int) -> tuple[Floats, Ints]:
    """Return counts for each working day from `first` on and before `after`, and those days.

    What happened on a day off counts for the next working day, after the last one for the last.
    """
    span = np.arange(first, after, dtype=np.int64)
    worked = span[log.calendar.worked(span)]
    if not worked.size:
        return np.zeros(0), worked
    inside = days[(days >= first) & (days < after)]
    places = np.minimum(np.searchsorted(worked, inside), worked.size - 1)
    return np.bincount(places, minlength=worked.size).astype(np.float64), worked


def weekly(days: NDArray[np.int64], first: int, after: int) -> Floats:
    """Return counts for each whole week of seven days that ends before `after`, oldest first."""
    weeks = max((after - first) // WEEK, 0)
    start = after - weeks * WEEK
    inside = days[(days >= start) & (days < after)]
    return np.bincount((inside - start) // WEEK, minlength=weeks).astype(np.float64)[:weeks]
