"""How many contents may be written in a minute and an hour, over all processes of a state folder.

GitHub: 'no more than 80 content-generating requests per minute and no more than 500 per hour' ('Rate limits for the
REST API', secondary limits). One small file for each account, changed under a lock that a killed process leaves.
"""

import fcntl
import json
import math
import os
import re
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from scout import clock as calendar
from scout.errors import StoreError
from scout.remote.failure import LimitedError
from scout.remote.pausing import pause

MINUTE, HOUR = 60.0, 3600.0
MARGIN = 0.5
"""Seconds that our clock and the server's may run apart in a minute."""
PER_MINUTE, PER_HOUR = 80, 500
_LARGEST = 65_536


class Writes:
    """The limits of one account on what it writes. Safe between processes.

    Args:
        folder: `$SCOUT_HOME/limits`; made if it is missing.
        account: a digest of host and credential.
        per_minute: writes in any minute, at most.
        per_hour: writes in any hour, at most.
        patience: seconds that a write waits for a limit to end, at most.
        clock: seconds, never going back, the same for all processes of the machine.
        sleep: waits for some seconds.
    """

    def __init__(  # noqa: PLR0913 - what is counted, how much of it, and the time, which tests replace
        self,
        folder: Path,
        account: str,
        *,
        per_minute: int = PER_MINUTE,
        per_hour: int = PER_HOUR,
        patience: float = 120,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = pause,
    ) -> None:
        self._path = folder / f"{re.sub(r'[^A-Za-z0-9._-]', '_', account)}.writes.json"
        self._limits = ((MINUTE + MARGIN, per_minute), (HOUR + MARGIN, per_hour))
        self._patience = patience
        self._clock = clock
        self._sleep = sleep

    def take(self, host: str) -> None:
        """Wait until one more may be written, and count it.

        Raises:
            LimitedError: that would take longer than our patience.
            StoreError: the state folder cannot be written.
        """
        while seconds := self._taken():
            if seconds > self._patience:
                until = calendar.now() + timedelta(seconds=math.ceil(seconds) + 1)
                what = f"As much was written to {host} as it allows, until {until:%Y-%m-%d %H:%M:%S} UTC."
                raise LimitedError(what, "Run again after that; what is accepted stays in the outbox.", until=until)
            self._sleep(seconds)

    def _taken(self) -> float:
        """Count one write and return 0.0, or return for how many seconds there is no room for it."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                now = self._clock()
                known = recent(_parsed(os.pread(descriptor, _LARGEST, 0)), now)
                if seconds := wait(known, now, self._limits):
                    return seconds
                text = json.dumps([*known, round(now, 3)]).encode()
                os.pwrite(descriptor, text, 0)
                os.ftruncate(descriptor, len(text))
            finally:
                os.close(descriptor)
        except OSError as error:
            message = f"The record of writes {self._path} cannot be written: {error.strerror}."
            raise StoreError(message, "Make room there, or make it writable.") from error
        return 0.0


def recent(moments: Sequence[float], now: float) -> list[float]:
    """Return the moments of the last hour; later ones than now are of a clock that was started anew since."""
    return [one for one in moments if now - HOUR - MARGIN < one <= now]


def wait(moments: Sequence[float], now: float, limits: Sequence[tuple[float, int]]) -> float:
    """Return for how many seconds there is no room for one more; 0.0 when there is.

    Args:
        moments: of earlier writes, oldest first.
        now: the moment.
        limits: pairs of seconds and how many there may be in any such span.
    """
    longest = 0.0
    for span, most in limits:
        inside = [one for one in moments if one > now - span]
        if len(inside) >= most:
            longest = max(longest, inside[-most] + span - now)
    return longest


def _parsed(text: bytes) -> list[float]:
    try:
        found: Any = json.loads(text or b"[]")
        return sorted(float(one) for one in found)
    except (ValueError, TypeError):
        return []
