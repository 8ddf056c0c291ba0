"""Ages of what is open, against how long its like has taken before."""

import numpy as np

from scout.flow.log import DAY, Flags, FlowLog, Table
from scout.flow.reading import ENOUGH, SLOW, TYPICAL, Group, Reading, Rows, too_little
from scout.flow.survival import Lasting, crossing_at

_LEVELS = (50, 70, 85, 95)


def of_ages(kind: str, log: FlowLog, table: Table, among: Flags, history: Lasting) -> Reading:
    """Return ages of rows that are open, and how many are older than the history's percentiles.

    Args:
        kind: `ticket` or `change`.
        log: for the present moment.
        table: tickets or changes, with `created` as the moment from which age counts.
        among: which are open.
        history: how long their like took, open ones included.
    """
    good = among & (table["created"] <= log.now)
    ages = (log.now - table["created"][good]) / DAY
    n = int(ages.size)
    if n < ENOUGH:
        return too_little(n, f"open {kind}s")
    middle, slow = (float(value) for value in np.percentile(ages, [100 * TYPICAL, 100 * SLOW]))
    rows = Rows(kind, np.flatnonzero(good), ages, np.ones(n, dtype=np.bool_))
    return Reading(n, middle, middle, slow, groups=_older(ages, history), rows=rows)


def _older(ages: np.ndarray[tuple[int], np.dtype[np.float64]], history: Lasting) -> tuple[Group, ...]:
    if int((~history.censored).sum()) < ENOUGH:
        return ()
    made: list[Group] = []
    for level in _LEVELS:
        limit = crossing_at(history.days, history.censored, level / 100)
        if limit is not None:
            older = int((ages > limit).sum())
            if older >= ENOUGH:
                made.append(Group(f"older than {level} % of the history", older, limit))
    return tuple(made)
