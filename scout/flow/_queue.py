"""What comes, goes and stands in between."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scout.flow._days import weekly
from scout.flow.log import DAY, Flags, Floats, FlowLog, Ints, Table
from scout.flow.reading import ENOUGH, Group
from scout.flow.survival import quantiles

OTHER = "other states"


def departures(log: FlowLog) -> tuple[Ints, int]:
    """Return the days on which tickets were closed, bulk closes once, and how many bulk closes there are."""
    ticket = log.ticket
    closed = ticket["is_closed"] & (ticket["closed_day"] >= 0) & (ticket["closed"] <= log.now)
    return _once(ticket["closed_day"], ticket["closed_bulk"], closed)


def arrivals(log: FlowLog) -> tuple[Ints, int]:
    """Return the days on which tickets were created, imports once, and how many imports there are."""
    ticket = log.ticket
    made = (ticket["created_day"] >= 0) & (ticket["created"] <= log.now)
    return _once(ticket["created_day"], ticket["made_bulk"], made)


def arrivals_and_departures(log: FlowLog) -> tuple[Floats, Floats]:
    """Return tickets created and closed in each whole week of data, oldest first."""
    first, after = log.first_day, log.last_day + 1
    return weekly(arrivals(log)[0], first, after), weekly(departures(log)[0], first, after)


def _once(days: Ints, bulks: Ints, among: Flags) -> tuple[Ints, int]:
    """Return days with each bulk on the day of its first, and how many bulks there are."""
    single, together = days[among & (bulks == 0)], np.flatnonzero(among & (bulks > 0))
    together = together[np.argsort(days[together], kind="stable")]
    known, places = np.unique(bulks[together], return_index=True)
    return np.concatenate([single, days[together][places]]), int(known.size)


def in_progress(change: Table, first: int, after: int) -> Floats:
    """Return how many changes were open at the end of each day from `first` on and before `after`."""
    days = np.arange(first, after, dtype=np.int64)
    made = np.sort(change["created_day"][change["created_day"] >= 0])
    gone = np.sort(change["ended_day"][change["ended_day"] >= 0])
    return (np.searchsorted(made, days, side="right") - np.searchsorted(gone, days, side="right")).astype(np.float64)


def ticket_queues(log: FlowLog) -> tuple[Group, ...]:
    """Return how many open tickets are in each of the tracker's states, with stays where the history is known."""
    ticket = log.ticket
    open_now = ~ticket["is_closed"]
    names = np.array(
        [f"{native or state}" for native, state in zip(ticket["native_state"], ticket["state"], strict=True)],
        dtype=object,
    )
    return _queues(log, names, open_now, log.ticket_stay, "native")


def change_queues(log: FlowLog) -> tuple[Group, ...]:
    """Return how many open changes wait for what, with stays."""
    stay = log.change_stay
    waiting = np.isnan(stay["until"])
    names = np.array(["change waits: " + name for name in stay["state"].tolist()], dtype=object)
    return _queues(log, names, waiting, {**stay, "native": names}, "native")


def _queues(log: FlowLog, names: NDArray[Any], among: Flags, stay: Table, column: str) -> tuple[Group, ...]:
    known, counts = np.unique(names[among].astype(str), return_counts=True)
    days = (np.where(np.isnan(stay["until"]), log.now, stay["until"]) - stay["since"]) / DAY
    made: list[Group] = []
    few = 0
    for name, count in zip(known.tolist(), counts.tolist(), strict=True):
        if count < ENOUGH:
            few += int(count)
            continue
        rows = (stay[column] == name) & (days >= 0)
        censored = np.isnan(stay["until"])[rows]
        middle, slow = (None, None)
        if int((~censored).sum()) >= ENOUGH:
            middle, slow, _ = quantiles(days[rows], censored)
        made.append(Group(str(name), int(count), float(count), middle, slow))
    if few >= ENOUGH:
        made.append(Group(OTHER, few, float(few)))
    return tuple(sorted(made, key=lambda group: (-group.n, group.name)))
