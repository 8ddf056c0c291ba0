"""Where work goes next, how long it waited before that, and how often it comes back."""

import numpy as np

from scout.flow.log import DAY, FlowLog, Table
from scout.flow.reading import ENOUGH
from scout.flow.survival import quantiles
from scout.model import Frozen


class Handoff(Frozen):
    """One edge of the graph: work left one state for another.

    Attributes:
        kind: `ticket` or `change`.
        origin: the state it left.
        target: the state it came into; an ending is one, too.
        volume: how often.
        wait: median days in `origin` of what went this way.
        slow: 85th percentile of these days.
        returns: part of what came into `target` this way and was back in `origin` later; None for endings.
        share: part of all that left `origin`.
    """

    kind: str
    origin: str
    target: str
    volume: int
    wait: float
    slow: float
    returns: float | None
    share: float


class Standing(Frozen):
    """A node of the graph: a state, with what stands there now.

    Attributes:
        standing: how many are there now; None where fewer than five.
        wait: median days there by Kaplan–Meier, what still stands there included; None where not known.
        days: all days that were spent there, of the last 182 days of data: where waiting costs most.
        share: part of all those days.
    """

    kind: str
    state: str
    standing: int | None
    wait: float | None
    days: float
    share: float


def handoffs(log: FlowLog) -> tuple[Handoff, ...]:
    """Return the edges, the largest volume first; edges of fewer than five are not shown."""
    found = (*_edges("ticket", log.ticket_stay), *_edges("change", log.change_stay))
    return tuple(sorted(found, key=lambda edge: (-edge.volume, edge.kind, edge.origin, edge.target)))


def standings(log: FlowLog) -> tuple[Standing, ...]:
    """Return the nodes, where most days were spent first; states that fewer than five ever were in are not shown."""
    found: list[Standing] = []
    since = log.now - (log.calendar.day_of(log.now) - log.last_day + 182) * DAY
    for kind, stay in (("ticket", log.ticket_stay), ("change", log.change_stay)):
        until = np.where(np.isnan(stay["until"]), log.now, stay["until"])
        spent = np.clip(until - np.maximum(stay["since"], since), 0, None) / DAY
        total = float(spent.sum())
        names = stay["native"].astype(str)
        for name in np.unique(names).tolist():
            rows = (names == name) & (until >= stay["since"])
            if int(rows.sum()) < ENOUGH:
                continue
            censored = np.isnan(stay["until"][rows])
            days = (until[rows] - stay["since"][rows]) / DAY
            wait = quantiles(days, censored)[0] if int((~censored).sum()) >= ENOUGH else None
            here = int(censored.sum())
            there = float(spent[rows].sum())
            shown = here if here == 0 or here >= ENOUGH else None
            found.append(
                Standing(
                    kind=kind,
                    state=str(name),
                    standing=shown,
                    wait=wait,
                    days=there,
                    share=there / total if total else 0.0,
                )
            )
    return tuple(sorted(found, key=lambda node: (-node.days, node.kind, node.state)))


def _edges(kind: str, stay: Table) -> list[Handoff]:
    ended = ~np.isnan(stay["until"]) & (stay["until"] >= stay["since"])
    if not ended.any():
        return []
    subject, origin, target = stay["subject"], stay["native"].astype(str), stay["next"].astype(str)
    following = np.append(subject[1:] == subject[:-1], False)
    target = np.where(following, np.append(origin[1:], ""), target)
    days = (stay["until"] - stay["since"]) / DAY
    came_back = _came_back(subject, origin)
    made: list[Handoff] = []
    left = {name: int((ended & (origin == name)).sum()) for name in np.unique(origin[ended]).tolist()}
    for first, second in sorted(set(zip(origin[ended].tolist(), target[ended].tolist(), strict=True))):
        rows = ended & (origin == first) & (target == second)
        volume = int(rows.sum())
        if volume < ENOUGH or not second:
            continue
        wait, slow = (float(one) for one in np.percentile(days[rows], [50, 85]))
        inside = bool((rows & following).any())
        made.append(
            Handoff(
                kind=kind,
                origin=first,
                target=second,
                volume=volume,
                wait=wait,
                slow=slow,
                returns=float(came_back[rows].mean()) if inside else None,
                share=volume / left[first],
            )
        )
    return made


def _came_back(
    subject: np.ndarray[tuple[int], np.dtype[np.int64]], origin: np.ndarray[tuple[int], np.dtype[np.str_]]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return for each stay whether its subject was in the same state again later; stays are in order."""
    pairs = np.char.add(np.char.add(subject.astype(str), "\0"), origin)
    _, places = np.unique(pairs, return_inverse=True)
    last = np.zeros(int(places.max()) + 1 if places.size else 0, dtype=np.int64)
    np.maximum.at(last, places, np.arange(places.size))
    return np.arange(places.size) < last[places]
