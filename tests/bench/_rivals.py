"""Simpler policies, to compare with."""

import math
from collections import deque
from collections.abc import Callable

from scout.buffer.days import Day
from scout.buffer.life import Life
from scout.buffer.simulate import Policy

_YIELD = 0.6


def ours() -> Policy:
    """Return Scout's policy at the beginning of a project's life."""
    life = Life()
    return lambda day: life.order(day).count


def constant(level: int) -> Callable[[], Policy]:
    """Order up to a level every day, within the ceiling; with the best level in hindsight this is the oracle."""
    return lambda: lambda day: int(max(0, min(math.ceil((level - _position(day)) / _YIELD), _room(day))))


def fixed_threshold(under: int, batch: int | None = None) -> Callable[[], Policy]:
    """Refill when less than so many are ready, with one batch out at a time."""
    made = math.ceil((batch or under) / _YIELD)
    return lambda: lambda day: made if day.on_hand < under and not _out(day) else 0


def zero_edge(batch: int = 5) -> Callable[[], Policy]:
    """Order a batch when nothing is ready."""
    return fixed_threshold(1, batch)


def time_cover(days: float = 7, window: int = 20) -> Callable[[], Policy]:
    """Order up to so many days of the mean of the last weeks."""

    def begun() -> Policy:
        seen = deque[int](maxlen=window)

        def order(day: Day) -> int:
            seen.append(day.today.starts + day.today.starved)
            wanted = days * sum(seen) / len(seen)
            return max(0, math.ceil((wanted - _position(day)) / _YIELD))

        return order

    return begun


def _out(day: Day) -> int:
    return day.on_order.drafting + day.on_order.queued + day.on_order.accepted


def _room(day: Day) -> float:
    return math.inf if day.ceiling is None else day.ceiling - day.on_order.drafting - day.on_order.queued


def _position(day: Day) -> float:
    return day.on_hand + day.on_order.accepted + _YIELD * (day.on_order.drafting + day.on_order.queued)
