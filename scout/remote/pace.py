"""How many requests at once: additive growth, halving when the server complains, less when it slows down.

Sources: Chiu and Jain 1989 on additive increase and multiplicative decrease; the gradient is that of TCP Vegas
(Brakmo and Peterson 1995): an answer that takes far longer than the best round means that requests queue over there.
"""

from dataclasses import dataclass

ROUND = 4
"""Answers in a round, at least; a round has as many as are under way at once."""
SLOWER = 3.0
"""Times as long as the best round: from here on requests queue over there."""
GRACE = 1.0
"""Seconds that a round may take longer in any case: pages differ."""
GENTLE = 0.8
LEAST = 4
"""Slowness never takes more than three quarters of what is allowed."""
DRIFT = 0.005
"""How fast the best round is forgotten, so that a server that became slower for good is not mistrusted for ever."""


@dataclass(slots=True)
class Pace:
    """The number of requests at once. Not thread-safe.

    Attributes:
        most: what the settings allow, at least 1.
    """

    most: int
    _limit: float = 0.0
    _halved_at: float = float("-inf")
    _best: float = float("inf")
    _count: int = 0
    _seconds: float = 0.0

    def __post_init__(self) -> None:
        self._limit = float(self.most)

    @property
    def limit(self) -> int:
        """Requests at once, from 1 to `most`."""
        return int(self._limit)

    def answered(self, seconds: float) -> None:
        """Learn from a good answer that took some seconds."""
        self._count += 1
        self._seconds += seconds
        if self._count < max(ROUND, self._limit):
            return
        mean = self._seconds / self._count
        self._count, self._seconds = 0, 0.0
        if mean > SLOWER * self._best + GRACE:
            self._limit = max(self._limit * GENTLE, min(self._limit, self.most / LEAST), 1.0)
        else:
            self._limit = min(self._limit + 1, float(self.most))
        self._best = mean if mean < self._best else self._best + DRIFT * (mean - self._best)

    def limited(self, sent: float, now: float) -> bool:
        """Halve after a complaint of the server's, once for all requests that were under way together.

        Args:
            sent: when the request was sent that it complained about.
            now: the moment.

        Returns:
            whether this was the first complaint since then.
        """
        if sent <= self._halved_at:
            return False
        self._limit = max(self._limit / 2, 1.0)
        self._halved_at = now
        return True
