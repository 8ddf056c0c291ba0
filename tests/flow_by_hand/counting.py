"""Percentiles, durations that grow, days and weeks, as `docs/flow.md` defines them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tests.flow_by_hand.facts import Archive, Thing, elapsed

FEW = 5
SATURDAY = 5
MANY, APART = 10, timedelta(seconds=60)
DAY, WEEK = timedelta(days=1), timedelta(days=7)


class Row(NamedTuple):
    """An observation: its value, and whether it grows still."""

    value: float
    grows: bool = False


class Part(NamedTuple):
    """A measure of a part."""

    name: str
    n: int
    value: float | None
    p50: float | None = None
    p85: float | None = None


@dataclass
class Told:
    """What a measure should say; `value` None where it is unavailable.

    Attributes:
        rows: the observations by subject; None where there are none to show.
        chance: for what is drawn by chance, the range of `p50` and of `p85`.
    """

    n: int
    value: float | None = None
    p50: float | None = None
    p85: float | None = None
    rows: dict[str, Row] | None = None
    parts: list[Part] = field(default_factory=list[Part])
    chance: tuple[tuple[float, float], tuple[float, float]] | None = None


def percentile(values: Iterable[float], share: float) -> float:
    """Return a percentile by linear interpolation between the values in order."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def left_after(rows: Iterable[Row], share: float) -> float | None:
    """Return the first duration at which no more than `share` is left, by the product-limit estimate."""
    lasted, ended = Counter[float](), Counter[float]()
    for row in rows:
        lasted[row.value] += 1
        ended[row.value] += not row.grows
    alive, still = 1.0, lasted.total()
    for day in sorted(lasted):
        if ended[day]:
            alive *= 1 - ended[day] / still
            if alive <= share + 1e-12:
                return day
        still -= lasted[day]
    return None


def of_durations(rows: dict[str, Row]) -> Told:
    """Return the median as value, and the 85th percentile, of durations that have ended."""
    if len(rows) < FEW:
        return Told(len(rows))
    found = [row.value for row in rows.values()]
    middle = percentile(found, 0.5)
    return Told(len(rows), middle, middle, percentile(found, 0.85), rows)


def of_growing(rows: dict[str, Row], names: dict[str, str] | None = None) -> Told:
    """Return the median as value, and the 85th percentile, of durations that may grow still; parts by name."""
    ended = sum(not row.grows for row in rows.values())
    if ended < FEW:
        return Told(ended)
    middle, slow = left_after(rows.values(), 0.5), left_after(rows.values(), 0.15)
    parts: list[Part] = []
    for name in {*(names or {}).values()} - {""}:
        part = [row for key, row in rows.items() if (names or {})[key] == name]
        if sum(not row.grows for row in part) >= FEW:
            half = left_after(part, 0.5)
            parts.append(Part(name, len(part), half, half, left_after(part, 0.15)))
    return Told(len(rows), middle, middle, None if middle is None else slow, rows, parts)


def of_share(hits: dict[str, bool]) -> Told:
    """Return the share of what counts."""
    if len(hits) < FEW:
        return Told(len(hits))
    rows = {key: Row(float(hit)) for key, hit in hits.items()}
    return Told(len(hits), sum(hits.values()) / len(hits), rows=rows)


def span(start: datetime, end: datetime, now: datetime) -> Row | None:
    """Return what took from a beginning to an end; None where either is in the future or they are the wrong way."""
    return Row(elapsed(start, end)) if start <= end <= now else None


def lasting(start: datetime, end: datetime | None, now: datetime, cut: datetime | None = None) -> Row | None:
    """Return what took from a beginning to an end, or lasts: until it was watched no more, or now."""
    grows = end is None or end > now
    last = min(cut or now, now) if end is None or grows else end
    return Row(elapsed(start, last), grows) if start <= now and last >= start else None


def known(rows: Iterable[tuple[str, Row | None]]) -> dict[str, Row]:
    """Return the rows that there are."""
    return {key: row for key, row in rows if row is not None}


def data_days(found: Archive) -> tuple[date, date]:
    """Return the first and the last day on which anything was created, closed or merged, up to now."""
    moments = [one.created for one in (*found.tickets, *found.changes)]
    moments += [at for one in (*found.tickets, *found.changes) if not one.open and (at := one.ended)]
    days = [at.date() for at in moments if at.date() <= found.now.date()]
    return min(days), max(days)


def window(found: Archive, days: int) -> list[date]:
    """Return the last so many days of data."""
    first, last = data_days(found)
    first = max(first, last - timedelta(days=days - 1))
    return [first + DAY * number for number in range((last - first).days + 1)]


def by_working_day(moments: Iterable[date], days: Sequence[date]) -> dict[date, int]:
    """Return counts for each working day; a day off counts for the next one, after the last for the last."""
    worked = [day for day in days if day.weekday() < SATURDAY]
    counts = dict.fromkeys(worked, 0)
    for at in moments:
        if worked and days[0] <= at <= days[-1]:
            counts[next((day for day in worked if day >= at), worked[-1])] += 1
    return counts


def by_week(moments: Iterable[date], days: Sequence[date]) -> dict[date, int]:
    """Return counts for whole weeks back from the last day, by their first days."""
    starts = [days[-1] + DAY - WEEK * number for number in range(len(days) // 7, 0, -1)]
    counts = dict.fromkeys(starts, 0)
    for at in moments:
        if starts and starts[0] <= at <= days[-1]:
            counts[starts[(at - starts[0]) // WEEK]] += 1
    return counts


def in_one_go(moments: Iterable[tuple[str, str, datetime]]) -> list[set[str]]:
    """Return what came in runs of ten or more by one hand, a minute apart at most: (key, hand, when)."""
    by_hand: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for key, hand, at in moments:
        by_hand[hand].append((at, key))
    runs: list[list[tuple[datetime, str]]] = []
    for rows in by_hand.values():
        last: datetime | None = None
        for at, key in sorted(rows):
            if last is None or at - last > APART:
                runs.append([])
            runs[-1].append((at, key))
            last = at
    return [{key for _, key in run} for run in runs if len(run) >= MANY]


def once(moments: dict[str, datetime], together: list[set[str]], now: datetime) -> list[date]:
    """Return the days of moments, what came in one go as one, on the day of the first."""
    many = set[str]().union(*together)
    alone = [at.date() for key, at in moments.items() if at <= now and key not in many]
    return alone + [min(moments[key] for key in run).date() for run in together]


def created(found: Archive) -> tuple[list[date], set[str]]:
    """Return on which days tickets came, imports once, and which were imported."""
    together = in_one_go((one.key, one.author, one.created) for one in found.tickets)
    return once({one.key: one.created for one in found.tickets}, together, found.now), set[str]().union(*together)


def closed(found: Archive) -> list[date]:
    """Return on which days tickets went, bulk closes once."""
    gone = {one.key: one.closed for one in found.tickets if not one.open and one.closed}
    hands = {one.key: one.closer for one in found.tickets}
    return once(gone, in_one_go((key, hands[key], at) for key, at in gone.items()), found.now)


def at_day_ends(changes: Iterable[Thing], days: Sequence[date]) -> list[int]:
    """Return how many changes were created and not ended at the end of each day."""
    lives = [(one.created.date(), None if one.open or not one.ended else one.ended.date()) for one in changes]
    return [sum(came <= day and not (went and went <= day) for came, went in lives) for day in days]
