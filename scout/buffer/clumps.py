"""How much is asked for at a time: the part of demand that a rate forgets between two bursts.

Where nineteen tickets are asked for in one night and then nothing for weeks, the rate is rightly believed to fall;
what the next such night will ask for is not. Two moments of the days remember it, long after the rate has gone down.
"""

from collections.abc import Iterable

from scout.buffer.demand import Tempo
from scout.model import Frozen

_KEPT = 0.985  # share of a day's weight that is left a working day later: half of it after nine weeks


class Clumps(Frozen):
    """Discounted moments of the daily demand.

    Attributes:
        days: weight of the days seen.
        asked: weighted sum of what was asked for on them.
        squares: weighted sum of its squares.
    """

    days: float = 0.0
    asked: float = 0.0
    squares: float = 0.0

    def seeing(self, count: int) -> "Clumps":
        """Return what is known after one working day more."""
        return Clumps(
            days=_KEPT * self.days + 1, asked=_KEPT * self.asked + count, squares=_KEPT * self.squares + count**2
        )

    @property
    def per_day(self) -> float:
        """What is asked for on a working day, over the last months; 0 when nothing ever was."""
        return self.asked / self.days if self.days else 0.0

    @property
    def tempo(self) -> Tempo:
        """The demand that comes in clumps, as a tempo: nothing where the days differ only by chance.

        It is the part 1 − 1/d of the mean rate, d being variance ÷ mean, which is 1 for chance alone.
        """
        if not self.asked:
            return Tempo()
        mean = self.per_day
        dispersion = max(1.0, self.squares / self.asked - mean)
        return Tempo(per_day=mean * (1 - 1 / dispersion), dispersion=dispersion)


def clumps(counts: Iterable[int]) -> Clumps:
    """Return what the counts of working days, oldest first, say; days before the first that has any are left out."""
    known = Clumps()
    for count in counts:
        if count or known.days:
            known = known.seeing(count)
    return known
