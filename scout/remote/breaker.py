"""A circuit breaker: a server that is down is left alone for a while, instead of being asked for every page.

Source: Nygard, 'Release It!', 2007.
"""

from collections.abc import Callable
from threading import Lock

from scout.remote.failure import Lost

EXHAUSTED = 5
"""Calls in a row that used up their attempts."""
LOST = 25
"""Attempts in a row that brought no answer at all."""
FIRST, LONGEST = 30.0, 600.0
"""Seconds that it stays open: the first time, and at most."""
STEEPER = 4


class Breaker:
    """Closed, it lets every attempt through; open, none; after a while one, which decides. Thread-safe.

    Args:
        clock: seconds, never going back.

    Attributes:
        last: the latest failure.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.last = Lost()
        self._clock = clock
        self._lock = Lock()
        self._exhausted = self._lost = 0
        self._open_for = 0.0
        self._until = 0.0
        self._probing = False

    def refuses(self) -> float:
        """Return for how many seconds no attempt may be made; 0.0 lets this one through."""
        with self._lock:
            if not self._open_for:
                return 0.0
            now = self._clock()
            if now < self._until:
                return self._until - now
            self._probing, self._until = True, now + self._open_for
            return 0.0

    def alive(self) -> None:
        """Note that the server gave an answer one can use."""
        if self._exhausted or self._lost or self._open_for:
            with self._lock:
                self._exhausted = self._lost = 0
                self._open_for = 0.0
                self._probing = False

    def failed(self, lost: Lost, *, answered: bool) -> None:
        """Note an attempt that brought nothing one can use, or no answer at all."""
        with self._lock:
            self.last = lost
            self._lost = 0 if answered else self._lost + 1
            if self._probing or self._lost >= LOST:
                self._trip()

    def exhausted(self) -> None:
        """Note a call that used up its attempts."""
        with self._lock:
            self._exhausted += 1
            if self._exhausted >= EXHAUSTED:
                self._trip()

    def _trip(self) -> None:
        """Open, or after a failed probe open again for longer; what was under way when it opened changes nothing."""
        if self._open_for and not self._probing:
            return
        self._open_for = min(self._open_for * STEEPER, LONGEST) or FIRST
        self._until = self._clock() + self._open_for
        self._probing = False
