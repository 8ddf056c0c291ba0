"""How much may be asked in a minute and an hour, over all threads and processes of a state folder.

One small file for each account, `limits/<account>.json`, changed under a lock of the operating system that a killed
process leaves by itself. It stays under a page of memory, so that a change is written whole. The lock is held for some
microseconds and never while waiting.
"""

import fcntl
import math
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import orjson

from scout.errors import StoreError
from scout.remote.pausing import pause
from scout.remote.window import Limits, Mark, Meter, Pause, Reading, Window, plausible, settle, spent, take

T = TypeVar("T")

_LARGEST = 65_536
_VERSION = 1


class Budget:
    """The limits of one account. Thread-safe, and safe between processes.

    Args:
        folder: `$SCOUT_HOME/limits`; made if it is missing.
        account: a digest of host and credential.
        points_per_minute: what the server allows; None where it counts no points.
        reserve: share of every limit that is left for people, 0..1.
        clock: seconds, never going back, the same for all processes of the machine.
        sleep: waits for some seconds.
    """

    def __init__(  # noqa: PLR0913 - what is counted, how much of it, and the time, which tests replace
        self,
        folder: Path,
        account: str,
        *,
        points_per_minute: int | None = 900,
        reserve: float = 0.2,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = pause,
    ) -> None:
        self.clock = clock
        self.sleep = sleep
        points = None if points_per_minute is None else math.floor(points_per_minute * (1 - reserve))
        self._limits = Limits(points, reserve)
        self._path = folder / f"{re.sub(r'[^A-Za-z0-9._-]', '_', account)}.json"
        self._known: Window | None = None

    def take(self, points: int, resource: str = "core") -> Mark | Pause:
        """Return a mark to send a request under, or how long to wait before asking again.

        Raises:
            StoreError: the state folder cannot be written.
        """
        return self._changed(lambda window, now: take(window, now, points, resource, self._limits))

    def settle(self, mark: Mark, reading: Reading) -> None:
        """Record that a request has ended, and what its answer told about the limits.

        Raises:
            StoreError: the state folder cannot be written.
        """
        self._changed(lambda window, now: (settle(window, now, mark, reading), None))

    def _changed(self, change: Callable[[Window, float], tuple[Window, T]]) -> T:
        try:
            descriptor = self._opened()
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                now = self.clock()
                text = os.pread(descriptor, _LARGEST, 0)
                before = _parsed(text)
                if before and not plausible(before, now):  # the machine was started anew, and so was its clock
                    before = Window(now)
                after, result = change(before or self._assumed(text, now), now)
                if before is None:
                    os.ftruncate(descriptor, 0)
                if after is not before:
                    os.pwrite(descriptor, _written(after).ljust(len(text)), 0)
                    self._known = after
            finally:
                os.close(descriptor)
        except OSError as error:
            message = f"The record of requests {self._path} cannot be written: {error.strerror}."
            raise StoreError(message, "Make room there, or make it writable.") from error
        return result

    def _opened(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        try:
            return os.open(self._path, flags, 0o600)
        except FileNotFoundError:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return os.open(self._path, flags, 0o600)

    def _assumed(self, text: bytes, now: float) -> Window:
        """Return what stands in for a record that cannot be read.

        It is what this process knows; else, where the record is broken and not just new, a minute used up.
        """
        return self._known or (spent(now, self._limits) if text else Window(now))


def _written(window: Window) -> bytes:
    return orjson.dumps(
        {
            "version": _VERSION,
            "at": window.at,
            "blocked": window.blocked,
            "used": list(window.used.items()),
            "meters": {name: (one.remaining, one.limit, one.reset) for name, one in window.meters.items()},
        }
    )


def _parsed(text: bytes) -> Window | None:
    """Return a window; None if the text is none."""
    try:
        value = orjson.loads(text)
        if value["version"] != _VERSION:
            return None
        used = {int(slot): int(points) for slot, points in value["used"]}
        meters = {
            name: Meter(int(left), int(limit), float(reset)) for name, (left, limit, reset) in value["meters"].items()
        }
        return Window(float(value["at"]), float(value["blocked"]), used, meters)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
