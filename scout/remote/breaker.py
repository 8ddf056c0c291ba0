"""A circuit breaker: a server that is down is left alone for a while, instead of being asked for every page.

Source: Nygard, 'Release It!', 2007.
"""

from collections.abc import Callable
from threading import Condition, get_ident

from scout.remote.failure import Lost
from scout.remote.pausing import check

EXHAUSTED = 5
"""Calls in a row that used up their attempts."""
LOST = 25
"""Attempts in a row that brought no answer at all."""
FIRST, LONGEST = 30.0, 600.0
"""Seconds that it stays open: the first time, and at most."""
STEEPER = 4
_GLANCE = 0.25
"""Seconds after which a thread that waits for another one's trial looks whether it is still wanted."""


class Breaker:
    """Closed, it lets every attempt through; open, none; after a while one, whose end the others wait for. Thread-safe.

    Args:
        clock: seconds, never going back.

    Attributes:
        last: the latest failure.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.last = Lost()
        self._clock = clock
        self._changed = Condition()
        self._exhausted = self._lost = 0
        self._open_for = 0.0
        self._until = 0.0
        self._trial = 0
        """The thread whose attempt decides; 0 for none."""

    def admit(self, patience: float = 0.0) -> float:
        """Return for how many seconds no attempt may be made; 0.0 lets this thread's next one through.

        Args:
            patience: seconds to wait for the end of another thread's trial, at most.

        Raises:
            Stopped: the work was called off meanwhile.
        """
        with self._changed:
            late = self._clock() + patience
            while self._trial and self._clock() < min(self._until, late):
                self._changed.wait(_GLANCE)
                check()
            now = self._clock()
            if not self._open_for or now < self._until:
                return max(self._until - now, 0.0) if self._open_for else 0.0
            self._trial, self._until = get_ident(), now + self._open_for
            return 0.0

    def withdrawn(self) -> None:
        """Note that this thread's attempt was not made after all: if it was the trial, another one's is."""
        with self._changed:
            if self._trial == get_ident():
                self._trial, self._until = 0, self._clock()
                self._changed.notify_all()

    def alive(self) -> None:
        """Note that the server gave an answer one can use."""
        if self._exhausted or self._lost or self._open_for:
            with self._changed:
                self._exhausted = self._lost = self._trial = 0
                self._open_for = 0.0
                self._changed.notify_all()

    def failed(self, lost: Lost, *, answered: bool) -> None:
        """Note an attempt that brought nothing one can use, or no answer at all."""
        with self._changed:
            self.last = lost
            self._lost = 0 if answered else self._lost + 1
            if self._trial == get_ident() or self._lost >= LOST:
                self._trip()

    def exhausted(self) -> None:
        """Note a call that used up its attempts."""
        with self._changed:
            self._exhausted += 1
            if self._exhausted >= EXHAUSTED:
                self._trip()

    def _trip(self) -> None:
        """Open, or after a failed trial open again for longer; what was under way when it opened changes nothing."""
        if self._open_for and self._trial != get_ident():
            return
        self._open_for = min(self._open_for * STEEPER, LONGEST) or FIRST
        self._until = self._clock() + self._open_for
        self._trial = 0
        self._changed.notify_all()
