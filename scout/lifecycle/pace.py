"""How fast a model is asked: evenly, whoever asks, and never faster than so many questions a minute."""

import asyncio
import time
from collections.abc import Awaitable, Callable


class Pace:
    """Gives turns to all who ask, one after the other.

    Args:
        per_minute: questions in a minute, at most.
        seconds: a clock that never goes back.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        per_minute: float,
        seconds: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._apart = 60 / per_minute
        self._seconds, self._sleep = seconds, sleep
        self._next = 0.0

    async def turn(self) -> None:
        """Wait for the next turn; turns are given in the order in which they were asked for."""
        now = self._seconds()
        mine = max(self._next, now)
        self._next = mine + self._apart
        if mine > now:
            await self._sleep(mine - now)
