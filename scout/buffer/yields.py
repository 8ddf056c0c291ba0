"""Yield: the share of candidates that become ready tickets, by scout and kind of work.

Few decisions say little: the share of a kind is shrunk towards that of its scout, that of a scout towards that of the
project, and that of the project towards the settings (Beta–Binomial; Efron & Morris, Scientific American 236, 1977).
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from scout.buffer.terms import shrunk_yield
from scout.model import Frozen


class Decided(NamedTuple):
    """A candidate that was decided.

    Attributes:
        scout: id of the signal it came from.
        kind: kind of work.
        ready: whether it became a ready ticket, or will.
    """

    scout: str
    kind: str
    ready: bool


class Yield(Frozen):
    """What becomes of candidates of one sort.

    Attributes:
        scout: id of the signal; empty for all.
        kind: kind of work; empty for all.
        accepted: how many became ready tickets.
        decided: how many were decided.
        expected: ready tickets per candidate, 0..1.
        deviation: standard deviation of that expectation.
    """

    scout: str
    kind: str
    accepted: int
    decided: int
    expected: float
    deviation: float


class Yields(Frozen):
    """The yields of a project.

    Attributes:
        overall: of all candidates together.
        by_scout: of each scout that had a decision, by id.
        by_kind: of each kind of each scout, by both.
    """

    overall: Yield
    by_scout: tuple[Yield, ...] = ()
    by_kind: tuple[Yield, ...] = ()

    def of(self, scout: str, kind: str) -> Yield:
        """Return the closest yield that is known for candidates of a scout and a kind."""
        for one in (*self.by_kind, *self.by_scout):
            if one.scout == scout and one.kind in {kind, ""}:
                return one
        return self.overall


def yields(decided: Iterable[Decided], prior: float) -> Yields:
    """Return the yields.

    Args:
        decided: all decided candidates, in any order.
        prior: ready tickets per candidate before anything was decided, 0..1.
    """
    seen = Counter(decided)
    overall = _yield("", "", seen, prior)
    scouts = {
        scout: _yield(scout, "", {one: count for one, count in seen.items() if one.scout == scout}, overall.expected)
        for scout in sorted({one.scout for one in seen})
    }
    kinds = [
        _yield(
            scout,
            kind,
            {one: count for one, count in seen.items() if (one.scout, one.kind) == (scout, kind)},
            scouts[scout].expected,
        )
        for scout, kind in sorted({(one.scout, one.kind) for one in seen})
    ]
    return Yields(overall=overall, by_scout=tuple(scouts.values()), by_kind=tuple(kinds))


def _yield(scout: str, kind: str, seen: dict[Decided, int], prior: float) -> Yield:
    total, accepted = sum(seen.values()), sum(count for one, count in seen.items() if one.ready)
    mean, variance = shrunk_yield(accepted, total, prior)
    return Yield(scout=scout, kind=kind, accepted=accepted, decided=total, expected=mean, deviation=variance**0.5)
