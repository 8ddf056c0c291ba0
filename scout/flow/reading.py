"""What a measure finds: figures, how sure they are, what was left out and why, and the rows they rest on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scout.flow.chances import quantile_places, wilson
from scout.flow.log import DAY, Flags, Floats, FlowLog, Table

ENOUGH = 5
"""Fewer than these say too little, and a group of fewer is not shown."""
TYPICAL, SLOW = 0.5, 0.85


@dataclass(frozen=True, slots=True)
class Group:
    """A measure of a part: a kind of work, a size, a state, an area."""

    name: str
    n: int
    value: float | None
    p50: float | None = None
    p85: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The single observations behind a figure, for export and for checking it.

    Attributes:
        kind: `ticket`, `change`, `landing`, `day` or `week`.
        subjects: places in the log's table of tickets, changes or landings, or numbers of (a week's first) days since
            1970.
        values: in the measure's unit.
        censored: whether the value is still growing, so that the truth is larger.
    """

    kind: str
    subjects: NDArray[np.int64]
    values: Floats
    censored: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What a measure finds in a log.

    Attributes:
        n: how many observations it rests on.
        value: the figure, in the measure's unit; for durations the median.
        p50: half of the observations are at most this.
        p85: 85 % of them are.
        low: lower end of the 95 % interval of `value`, where there is one.
        high: upper end.
        unavailable: why there is no figure; empty where there is one.
        left_out: how many observations were left out, by reason.
        notes: what to know beside the figure, complete sentences.
        groups: the same for parts.
        rows: the observations.
    """

    n: int = 0
    value: float | None = None
    p50: float | None = None
    p85: float | None = None
    low: float | None = None
    high: float | None = None
    unavailable: str = ""
    left_out: Mapping[str, int] = field(default_factory=dict[str, int])
    notes: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    rows: Rows | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Durations in elapsed days, and how many were left out, by reason."""

    subjects: NDArray[np.int64]
    days: Floats
    left_out: Mapping[str, int]


def spans(  # noqa: PLR0913 - two columns of a table, and of which rows
    log: FlowLog, table: Table, start: str, end: str, among: Flags, *, no_end: str = "ending time unknown"
) -> Spans:
    """Return how long it took from one column of moments to another.

    Args:
        log: for the present moment.
        table: tickets or changes.
        start: name of the first column.
        end: name of the second.
        among: which rows it is about.
        no_end: what to call rows without an end.
    """
    began, ended = table[start], table[end]
    reasons = {
        "starting time unknown": among & np.isnan(began),
        no_end: among & ~np.isnan(began) & np.isnan(ended),
        "in the future": among & ((began > log.now) | (ended > log.now)),
        "ends before it starts": among & (ended < began) & (began <= log.now) & (ended <= log.now),
    }
    good = among & (ended >= began) & (ended <= log.now)
    left = {name: count for name, rows in reasons.items() if (count := int(rows.sum()))}
    return Spans(np.flatnonzero(good), (ended[good] - began[good]) / DAY, left)


def of_spans(kind: str, found: Spans, what: str, *, notes: tuple[str, ...] = ()) -> Reading:
    """Return the reading of durations: their median with its interval, and 85th percentile."""
    n = found.days.size
    if n < ENOUGH:
        return too_little(n, what, found.left_out)
    low, high = interval_of_quantile(found.days, TYPICAL)
    middle, slow = (float(value) for value in np.percentile(found.days, [100 * TYPICAL, 100 * SLOW]))
    rows = Rows(kind, found.subjects, found.days, np.zeros(n, dtype=np.bool_))
    return Reading(n, middle, middle, slow, low, high, left_out=found.left_out, notes=notes, rows=rows)


def too_little(n: int, what: str, left_out: Mapping[str, int] | None = None) -> Reading:
    """Return the reading of fewer than five observations: how many there are, and no figure."""
    said = f"too little to say: {n} {what}" if n else f"there are no {what}"
    return Reading(n, unavailable=said, left_out=left_out or {})


def missing(reason: str) -> Reading:
    """Return the reading of something that the sources do not tell."""
    return Reading(unavailable=reason)


def interval_of_quantile(values: Floats, share: float) -> tuple[float, float]:
    """Return the 95 % interval of a quantile, free of any assumption about the distribution.

    Source: order statistics and the binomial distribution; Conover, Practical Nonparametric Statistics, 3.2.
    """
    ordered = np.sort(values)
    low, high = quantile_places(ordered.size, share)
    return float(ordered[max(low - 1, 0)]), float(ordered[min(high, ordered.size - 1)])


def interval_of_share(count: int, of: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share."""
    return wilson(count, of)


def of_share(kind: str, subjects: NDArray[np.int64], hits: Flags, what: str, *, notes: tuple[str, ...] = ()) -> Reading:
    """Return the reading of a share (0..1) with Wilson's interval.

    Args:
        kind: what the subjects are.
        subjects: what it is the share of.
        hits: which of them count.
        what: what they are called.
        notes: complete sentences.
    """
    n = int(hits.size)
    if n < ENOUGH:
        return too_little(n, what)
    count = int(hits.sum())
    low, high = interval_of_share(count, n)
    rows = Rows(kind, subjects, hits.astype(np.float64), np.zeros(n, dtype=np.bool_))
    return Reading(n, count / n, low=low, high=high, notes=notes, rows=rows)


def grouped(names: NDArray[Any], days: Floats) -> tuple[Group, ...]:
    """Return medians and 85th percentiles by name, largest group first; groups of fewer than five are not shown."""
    made: list[Group] = []
    known, places = np.unique(names.astype(str), return_inverse=True)
    for place, name in enumerate(known.tolist()):
        part = days[places == place]
        if part.size >= ENOUGH and name:
            middle, slow = (float(value) for value in np.percentile(part, [100 * TYPICAL, 100 * SLOW]))
            made.append(Group(str(name), int(part.size), middle, middle, slow))
    return tuple(sorted(made, key=lambda group: (-group.n, group.name)))
