"""Worlds in which something goes wrong on one day, to see whether the buffer names it."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from scout.buffer.constraint import Constraint
from scout.buffer.days import Day
from scout.buffer.life import Life
from scout.buffer.simulate import Circumstance, Lived, World, simulate
from tests.bench._worlds import CHANGE, YIELD, poisson

_AFTER = 70
_STILL = 5  # a shortage is over after so many days without one
SURGE = 8
"""Days of the longest surge that must not be called an overload."""


def shortage(cause: Constraint, seed: int) -> World:
    """Return a world that is healthy until `CHANGE`."""
    chance = Random(seed)  # noqa: S311 - a simulation
    rate, load = chance.uniform(1, 4), chance.uniform(0.5, 0.67)
    usual = Circumstance(rate / YIELD / load, YIELD)
    worse = {
        Constraint.BLOCKED: replace(usual, blocked=chance.uniform(0.75, 0.95)),
        Constraint.YIELD: replace(usual, yield_rate=YIELD * chance.uniform(0.15, 0.4)),
        Constraint.REVIEWERS: replace(usual, decisions=usual.decisions * chance.uniform(0.15, 0.4)),
        Constraint.DRAFTS: replace(usual, **chance.choice(({"spoiled": 0.7}, {"readying": 15.0}))),
        Constraint.SOURCES: replace(usual, supply=chance.uniform(0.1, 0.3)),
    }.get(cause)
    factor = chance.uniform(2, 4)
    last = CHANGE + {Constraint.SURGE: SURGE, Constraint.OVERLOAD: _AFTER}.get(cause, 0)
    demand = (poisson(rate * (factor if CHANGE <= day < last else 1), chance) for day in range(CHANGE + _AFTER))
    return World(tuple(demand), usual, 5, ((CHANGE, worse),) if worse else ())


SHORTAGES = (
    Constraint.BLOCKED,
    Constraint.YIELD,
    Constraint.REVIEWERS,
    Constraint.DRAFTS,
    Constraint.SOURCES,
    Constraint.OVERLOAD,
    Constraint.SURGE,
)
"""What can go wrong."""


def names(cause: Constraint, seed: int) -> tuple[list[Lived], list[Constraint]]:
    """Return a life in such a world, and what was named as each day ended."""
    life = Life()
    told: list[Constraint] = []

    def policy(day: Day) -> int:
        order = life.order(day).count
        told.append(life.cause.name)
        return order

    return list(simulate(shortage(cause, seed), policy, seed)), told


def named(cause: Constraint, seed: int, days: tuple[int, ...]) -> Iterator[tuple[int, Constraint]]:
    """Return what is named so many days into a real shortage, where it is one still."""
    lived, told = names(cause, seed)
    short = [number for number, one in enumerate(lived) if one.day.today.starved and number >= CHANGE]
    for after in days if short else ():
        now = short[0] + after
        if now < len(lived) and any(now - _STILL < number <= now for number in short):
            yield after, told[now]
