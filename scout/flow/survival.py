"""Durations of which some have not ended yet: an open ticket counts as 'at least this long'.

Source: Kaplan and Meier, Nonparametric estimation from incomplete observations (1958), by `scipy.stats.ecdf`;
restricted means: Royston and Parmar, Restricted mean survival time (2013).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scout.flow.chances import survival
from scout.flow.log import DAY, Flags, Floats, FlowLog, Table
from scout.flow.reading import ENOUGH, SLOW, TYPICAL, Group, Reading, Rows, too_little

UNREACHED = "more than half have not ended yet, so the median is not known"


@dataclass(frozen=True, slots=True, eq=False)
class Lasting:
    """Durations in elapsed days with those that have not ended.

    Attributes:
        subjects: places in the table.
        days: how long it took, or has taken so far.
        censored: whether it has not ended.
        left_out: how many rows were left out, by reason.
    """

    subjects: NDArray[np.int64]
    days: Floats
    censored: Flags
    left_out: Mapping[str, int]


def lasting(  # noqa: PLR0913, PLR0917 - two columns of a table, and of which rows
    log: FlowLog, table: Table, start: str, end: str, among: Flags, until: Floats | None = None
) -> Lasting:
    """Return how long it took from one column of moments to another; what has no end has lasted until now.

    Args:
        log: for the present moment.
        table: tickets or changes.
        start: name of the first column.
        end: name of the second.
        among: which rows it is about.
        until: when watching ended for what has no end; NaN and None mean now.
    """
    began, ended = table[start], table[end]
    watched = np.full(began.shape, log.now) if until is None else np.where(np.isnan(until), log.now, until)
    censored = np.isnan(ended) | (ended > log.now)
    last = np.where(censored, np.minimum(watched, log.now), ended)
    reasons = {
        "starting time unknown": among & np.isnan(began),
        "starts in the future": among & (began > log.now),
        "ends before it starts": among & (began <= log.now) & (last < began),
    }
    good = among & (last >= began) & (began <= log.now)
    left = {name: count for name, rows in reasons.items() if (count := int(rows.sum()))}
    return Lasting(np.flatnonzero(good), (last[good] - began[good]) / DAY, censored[good], left)


def of_lasting(kind: str, found: Lasting, what: str, names: NDArray[Any] | None = None) -> Reading:
    """Return the reading of durations by Kaplan–Meier: median with interval, 85th percentile, parts.

    Args:
        kind: `ticket` or `change`.
        found: the durations.
        what: what they are called.
        names: a part's name for each, for groups; empty for none.
    """
    n, ended = found.days.size, int((~found.censored).sum())
    if ended < ENOUGH:
        return too_little(ended, f"{what} that ended", found.left_out)
    middle, slow, (low, high) = quantiles(found.days, found.censored)
    rows = Rows(kind, found.subjects, found.days, found.censored)
    if middle is None:
        parts = _parts(found, names)
        return Reading(n, None, None, None, low, high, UNREACHED, found.left_out, groups=parts, rows=rows)
    open_ones = n - ended
    said = (f"{open_ones} of {n} have not ended and count as 'at least this long'.",) if open_ones else ()
    return Reading(
        n, middle, middle, slow, low, high, left_out=found.left_out, notes=said, groups=_parts(found, names), rows=rows
    )


def _parts(found: Lasting, names: NDArray[Any] | None) -> tuple[Group, ...]:
    if names is None:
        return ()
    made: list[Group] = []
    known, places = np.unique(names.astype(str), return_inverse=True)
    for place, name in enumerate(known.tolist()):
        rows = places == place
        if name and int((~found.censored[rows]).sum()) >= ENOUGH:
            middle, slow, _ = quantiles(found.days[rows], found.censored[rows])
            made.append(Group(str(name), int(rows.sum()), middle, middle, slow))
    return tuple(sorted(made, key=lambda group: (-group.n, group.name)))


def quantiles(days: Floats, censored: Flags) -> tuple[float | None, float | None, tuple[float | None, float | None]]:
    """Return median, 85th percentile and the median's 95 % interval by Kaplan–Meier; None where not reached."""
    times, alive, low, high = survival(days, censored)
    return (
        _crossing(times, alive, 1 - TYPICAL),
        _crossing(times, alive, 1 - SLOW),
        (_crossing(times, low, 1 - TYPICAL), _crossing(times, high, 1 - TYPICAL)),
    )


def crossing_at(days: Floats, censored: Flags, share: float) -> float | None:
    """Return the days after which `share` of what began has ended, by Kaplan–Meier; None where that is not reached."""
    times, alive, _, _ = survival(days, censored)
    return _crossing(times, alive, 1 - share)


def _crossing(times: Floats, alive: Floats, share: float) -> float | None:
    """Return the first time at which no more than `share` are left."""
    reached = np.flatnonzero(alive <= share + 1e-12)
    return float(times[reached[0]]) if reached.size else None


def restricted_mean(days: Floats, censored: Flags, horizon: float) -> tuple[float, float]:
    """Return the mean of durations cut at `horizon` days by Kaplan–Meier, and its variance (Greenwood)."""
    times = np.unique(days[~censored & (days <= horizon)])
    ordered = np.sort(days)
    at_risk = (ordered.size - np.searchsorted(ordered, times, side="left")).astype(np.float64)
    ends = np.sort(days[~censored])
    deaths = (np.searchsorted(ends, times, side="right") - np.searchsorted(ends, times, side="left")).astype(np.float64)
    alive = np.cumprod(1 - deaths / at_risk) if times.size else np.zeros(0)
    edges = np.concatenate([[0.0], times, [horizon]])
    areas = np.concatenate([[1.0], alive]) * np.diff(edges)
    after = np.cumsum(areas[::-1])[::-1][1:]
    left = at_risk - deaths
    terms = np.where(left > 0, deaths / (at_risk * np.maximum(left, 1)), 0.0)
    return float(areas.sum()), float((after**2 * terms).sum())
