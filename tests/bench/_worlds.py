"""The worlds in which the buffer policy is measured: kinds of demand, made or real, with reviewers to match."""

import gzip
import json
import math
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from scout.buffer.calendar import Calendar
from scout.buffer.simulate import Circumstance, World

YIELD = 0.6
LOAD = 0.67
"""Demand ÷ what reviewers can release, at most."""
CHANGE = 120
"""The day on which a tempo changes, in worlds where it does."""
DAYS = 300

SHARED = Path(os.environ.get("SCOUT_SHARED", Path(__file__).parents[3] / "shared")) / "data"


@dataclass(frozen=True)
class Kind:
    """A kind of demand.

    Attributes:
        made: returns the tickets asked for on each working day.
        peak: tickets a day at its busiest, over weeks.
    """

    made: Callable[[Random], list[int]]
    peak: float


def world(kind: Kind, seed: int, *, told: bool = True) -> World:
    """Return a world of this kind, where the reviewers' load is never above `LOAD` for weeks.

    Args:
        kind: the kind of demand.
        seed: of the demand.
        told: whether the policy is told the ceiling; else it has to find out.
    """
    demand = kind.made(Random(seed))  # noqa: S311 - a simulation
    usual = Circumstance(max(1.0, kind.peak / YIELD / LOAD), YIELD)
    return World(tuple(demand), usual, _STOCK, ceiling=ceiling(usual) if told else None)


def ceiling(usual: Circumstance) -> int:
    """Return the most undecided candidates: what reviewers decide while drafting goes on, and in two days more."""
    return math.floor(usual.decisions * (usual.drafting + 2))


def poisson(mean: float, chance: Random) -> int:
    """Return a count around a mean."""
    least, product, count = math.exp(-mean), chance.random(), 0
    while product > least:
        product *= chance.random()
        count += 1
    return count


def _steady(chance: Random) -> list[int]:
    return [poisson(2, chance) for _ in range(DAYS)]


def _season(chance: Random) -> list[int]:
    week = (2.8, 2.4, 2.0, 1.8, 1.0)
    closed = {*range(100, 110), *range(200, 205)}
    return [0 if day in closed else poisson(week[day % 5], chance) for day in range(DAYS)]


def _step(before: float, after: float) -> Callable[[Random], list[int]]:
    return lambda chance: [poisson(before if day < CHANGE else after, chance) for day in range(DAYS)]


def _now_and_then(share: float, count: int) -> Callable[[Random], list[int]]:
    return lambda chance: [count if chance.random() < share else 0 for _ in range(DAYS)]


MADE: dict[str, Kind] = {
    "steady": Kind(_steady, 2),
    "weekly season, closures": Kind(_season, 2.0),
    "10× down": Kind(_step(2, 0.2), 2),
    "project stops": Kind(_step(2, 0), 2),
    "10× up": Kind(_step(0.4, 4), 4),
    "intermittent": Kind(_now_and_then(1 / 7, 4), 4 / 7),
    "bursty": Kind(_now_and_then(1 / 15, 19), 19 / 15),
}


def real() -> dict[str, Kind]:
    """Return pull requests opened per working day, of each public repository at hand; empty where none is.

    Of each the two years in which most were opened.
    """
    found = {name: _busiest_years(daily) for name, daily in _real_counts() if sum(daily) >= _LEAST}
    return {name: Kind(lambda _, daily=daily: daily, _busiest(daily)) for name, daily in sorted(found.items())}


_STOCK = 5  # ready tickets on the first day
_LEAST = 30  # starts: fewer are no series
_YEARS = 500  # working days
_WEEKS = 20  # working days over which reviewers keep up


def _busiest(daily: list[int]) -> float:
    """Return the mean of the busiest four weeks."""
    return max(sum(daily[day : day + _WEEKS]) for day in range(max(1, len(daily) - _WEEKS + 1))) / _WEEKS


def _busiest_years(daily: list[int]) -> list[int]:
    spans = (daily[day : day + _YEARS] for day in range(max(1, len(daily) - _YEARS + 1)))
    return max(spans, key=sum)


def _real_counts() -> Iterator[tuple[str, list[int]]]:
    for path in sorted(SHARED.glob("ietf/*.json.gz")):
        with gzip.open(path) as file:
            pulls: list[dict[str, Any]] = json.load(file)["pulls"]
        yield path.name.partition(".")[0], _daily(one["createdAt"] for one in pulls)
    for path in sorted(SHARED.glob("github-*/pulls.jsonl.gz")):
        with gzip.open(path) as file:
            opened = [json.loads(line)["pull"]["created_at"] for line in file]
        yield path.parent.name, _daily(opened)


def _daily(moments: Iterable[str]) -> list[int]:
    calendar = Calendar()
    counts = Counter(calendar.latest(date.fromisoformat(moment[:10])) for moment in moments)
    return [counts[day] for day in calendar.days(min(counts), date.fromordinal(max(counts).toordinal() + 1))]
