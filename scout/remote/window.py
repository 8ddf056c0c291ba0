"""What may be sent now, as a pure function of what was sent in the last minute and what the server said.

A strict server counts a request when it arrives, somewhere between our sending and its answer. So a request counts
from sending until a minute after its answer: then no minute of the server's can hold more than we allow. While it is
under way it stands `HOLD` ahead, so that a killed process, which never says how it ended, errs on the safe side.
Time is in seconds of a clock that never goes back; points stand in slots of one second.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

MINUTE = 60.0
MARGIN = 0.5
"""Seconds that our clock and the server's may run apart in a minute."""
HOLD = 60
"""Slots that a request under way stands ahead: longer than an answer takes."""
FARTHEST = 31 * 86_400.0
"""Seconds that any wait may lie ahead."""
SAME = 5.0
"""Seconds that two resets of one window of the server's may seem apart."""


@dataclass(frozen=True, slots=True)
class Meter:
    """What is left of the hour's limit of one resource.

    Attributes:
        remaining: requests.
        limit: requests in all.
        reset: when the limit is whole again.
    """

    remaining: int
    limit: int
    reset: float


@dataclass(frozen=True, slots=True)
class Window:
    """The last minute of an account.

    Attributes:
        at: when it was last changed.
        blocked: nobody sends before.
        used: points by slot.
        meters: by resource.
    """

    at: float = 0.0
    blocked: float = 0.0
    used: Mapping[int, int] = field(default_factory=dict[int, int])
    meters: Mapping[str, Meter] = field(default_factory=dict[str, Meter])


@dataclass(frozen=True, slots=True)
class Limits:
    """What an account may use.

    Attributes:
        points: in any minute; None for no such limit.
        reserve: share of the hour's limit that is left for people, 0..1.
    """

    points: int | None
    reserve: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A request that may be sent: where it stands in the window until it is settled."""

    slot: int
    points: int
    resource: str


@dataclass(frozen=True, slots=True)
class Pause:
    """No request may be sent before a moment."""

    until: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer told about the limits.

    Attributes:
        resource: what its headers speak of.
        meter: what is left; None where they are silent.
        free: it cost nothing of the hour's limit.
        blocked: nobody sends before.
    """

    resource: str = ""
    meter: Meter | None = None
    free: bool = False
    blocked: float = 0.0


def take(window: Window, now: float, points: int, resource: str, limits: Limits) -> tuple[Window, Mark | Pause]:
    """Return the window with a request in it and its mark, or the same window and how long to wait."""
    if now < window.blocked:
        return window, Pause(window.blocked)
    meter = window.meters.get(resource)
    if meter and now < meter.reset and meter.remaining <= math.floor(limits.reserve * meter.limit):
        return window, Pause(meter.reset)
    used = _current(window.used, now)
    if limits.points is not None and (until := _room(used, now, points, max(limits.points, 1))) > now:
        return window, Pause(until)
    mark = Mark(_slot(now) + HOLD, points, resource)
    meters = {**window.meters, resource: replace(meter, remaining=meter.remaining - 1)} if meter else window.meters
    return Window(now, window.blocked, _with(used, mark.slot, points), meters), mark


def settle(window: Window, now: float, mark: Mark, reading: Reading) -> Window:
    """Return the window after a request has ended, with or without an answer."""
    used = _with(_with(_current(window.used, now), mark.slot, -mark.points), _slot(now), mark.points)
    meters = _metered(window.meters, mark.resource, reading, now)
    return Window(now, max(window.blocked, reading.blocked), used, meters)


def plausible(window: Window, now: float) -> bool:
    """Return whether a window can have been written with this clock: nothing in it lies absurdly far ahead."""
    resets = [meter.reset for meter in window.meters.values()]
    latest = max([window.blocked, *resets]) - FARTHEST
    return max([window.at, latest, *(slot - HOLD for slot in window.used)]) <= now + 1


def spent(now: float, limits: Limits) -> Window:
    """Return a window without room: what is assumed where the record of the last minute cannot be read."""
    return Window(now, used={} if limits.points is None else {_slot(now): limits.points})


def _metered(meters: Mapping[str, Meter], resource: str, reading: Reading, now: float) -> Mapping[str, Meter]:
    """Return the meters after an answer. Answers overtake each other: in one window of the server's, less is newer.

    That nothing is left counts until its end, even where that is nearer than the end that was told before.
    """
    known, told = meters.get(reading.resource), reading.meter
    if reading.free and (refunded := meters.get(resource)):
        known = replace(refunded, remaining=min(refunded.remaining + 1, refunded.limit))
        meters = {**meters, resource: known}
    if told is None:
        return meters
    if known and abs(known.reset - told.reset) < SAME:
        told = Meter(min(known.remaining, told.remaining), told.limit, max(known.reset, told.reset))
    elif known and told.reset < known.reset and (told.remaining or told.reset <= now):
        return meters
    return {**meters, reading.resource: told}


def _slot(now: float) -> int:
    return math.floor(now)


def _expiry(slot: int) -> float:
    """Return the moment at which a slot counts no longer."""
    return slot + 1 + MINUTE + MARGIN


def _current(used: Mapping[int, int], now: float) -> dict[int, int]:
    return {slot: points for slot, points in used.items() if _expiry(slot) > now}


def _with(used: Mapping[int, int], slot: int, points: int) -> dict[int, int]:
    """Return the slots with points added; a slot never holds less than nothing."""
    left = max(used.get(slot, 0) + points, 0)
    rest = {one: held for one, held in used.items() if one != slot}
    return {**rest, slot: left} if left else rest


def _room(used: Mapping[int, int], now: float, points: int, most: int) -> float:
    """Return when there is room for points. Requests under way are taken to end now: whoever waits looks again."""
    excess = sum(used.values()) + min(points, most) - most
    until, latest = now, _slot(now)
    for slot in sorted(used):
        if excess <= 0:
            break
        excess -= used[slot]
        until = max(until, _expiry(min(slot, latest)))
    return until
