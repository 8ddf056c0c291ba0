"""How many tickets and changes were in which state at which moment."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scout.flow.log import DAY, Floats, FlowLog, Ints, Table
from scout.flow.reading import ENOUGH

OTHER, CLOSED, OPEN = "other states", "closed", "open"
_RANKS = ("triage", "backlog", "unstarted", "started")


@dataclass(frozen=True, slots=True, eq=False)
class Depths:
    """States, earliest of the way first, and how many were in each at each moment.

    Attributes:
        counts: a row for each state, a column for each moment.
    """

    states: tuple[str, ...]
    counts: Ints


def of_tickets(log: FlowLog, moments: Floats, most: int = 6) -> Depths:
    """Return the depth of each state of tickets; small states together, closed ones since the first moment last.

    Tickets of sources that tell no history are open from their creation to their closing.

    Args:
        log: the project's.
        moments: seconds since 1970 (UTC), in order.
        most: how many states to tell apart; what never had five tickets is told with the others.
    """
    ticket = log.ticket
    found = _of_stays(log.ticket_stay, moments)
    told = np.isin(ticket["subject"], np.unique(log.ticket_stay["subject"]))
    closed = np.where(ticket["is_closed"] & np.isnan(ticket["closed"]), ticket["created"], ticket["closed"])
    if (~told).any():
        until = np.where(ticket["is_closed"], closed, np.nan)[~told]
        rest = _depth(ticket["created"][~told], until, moments)
        found[OPEN, "unstarted"] = found.get((OPEN, "unstarted"), 0) + rest
    ended = np.sort(closed[ticket["is_closed"] & (closed <= log.now)])
    gone = np.searchsorted(ended, moments, side="right").astype(np.int64)
    states, counts = _shortened(found, most)
    return Depths((*states, CLOSED), np.vstack([*counts, gone - gone[0]]) if moments.size else np.zeros((0, 0), int))


def of_changes(log: FlowLog, moments: Floats, most: int = 6) -> Depths:
    """Return how many changes waited for what at each moment."""
    states, counts = _shortened(_of_stays(log.change_stay, moments), most)
    return Depths(tuple(states), np.vstack(counts) if counts else np.zeros((0, moments.size), dtype=np.int64))


def week_ends(log: FlowLog, weeks: int) -> Floats:
    """Return the ends of the last days of whole weeks of data, oldest first (seconds since 1970)."""
    last = log.last_day + 1
    first = max(last - 7 * weeks, log.first_day + 1)
    days = np.arange(last, first - 1, -7, dtype=np.float64)[::-1]
    return np.minimum(days * DAY, log.now)


def _of_stays(stay: Table, moments: Floats) -> dict[tuple[str, str], Ints]:
    names, kinds = stay["native"].astype(str), stay["state"].astype(str)
    good = np.isnan(stay["until"]) | (stay["until"] >= stay["since"])
    pairs = sorted(set(zip(names[good].tolist(), kinds[good].tolist(), strict=True)))
    return {
        (name, kind): _depth(stay["since"][rows], stay["until"][rows], moments)
        for name, kind in pairs
        for rows in [good & (names == name) & (kinds == kind)]
    }


def _depth(since: Floats, until: Floats, moments: Floats) -> Ints:
    came = np.searchsorted(np.sort(since[~np.isnan(since)]), moments, side="right")
    went = np.searchsorted(np.sort(until[~np.isnan(until)]), moments, side="right")
    return np.maximum(came - went, 0).astype(np.int64)


def _shortened(found: dict[tuple[str, str], Ints], most: int) -> tuple[list[str], list[Ints]]:
    """Return names and depths of the largest states by their place on the way, and the others as one."""
    by_name: dict[str, Ints] = {}
    ranks: dict[str, int] = {}
    for (name, kind), depth in found.items():
        by_name[name] = by_name.get(name, 0) + depth
        ranks[name] = min(ranks.get(name, len(_RANKS)), _rank(kind))
    large = {name: depth for name, depth in by_name.items() if depth.size and int(depth.max()) >= ENOUGH}
    chosen = sorted(sorted(large, key=lambda name: (-int(large[name].sum()), name))[:most], key=lambda n: (ranks[n], n))
    rest: Sequence[Ints] = [depth for name, depth in by_name.items() if name not in chosen]
    others = np.sum(rest, axis=0) if rest else None
    names, counts = list(chosen), [large[name] for name in chosen]
    if others is not None and others.size and int(others.max()) >= ENOUGH:
        names, counts = [*names, OTHER], [*counts, np.asarray(others, dtype=np.int64)]
    return names, counts


def _rank(kind: str) -> int:
    return _RANKS.index(kind) if kind in _RANKS else len(_RANKS)
