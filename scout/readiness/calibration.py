"""What a total means: of tickets with this score, how many were finished without being sent back. Pure.

Learned from a project's own closed tickets, never from labelled sets. Each tenth of the scale has a Beta-Binomial
estimate: what was counted there, beside what the other projects of the portfolio count (worth at most twenty tickets),
beside a documented guess (worth four). Estimates are then made to rise with the score by pooling neighbours that do not
(pool adjacent violators; Ayer et al., 'An empirical distribution function for sampling with incomplete information',
1955). Intervals are Wilson's (1927) on the pooled counts, the prior's included: the chance lies there with 95 %.
"""

import math
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scout.model import Frozen, TicketState
from scout.readiness.effects import Effect, Past, effect, effect_of_length
from scout.readiness.rubric import Factors

BINS = 10
GUESS = (0.5, 0.8)
"""The share that is guessed where nothing is known, at the scores 0 and 1, and between them on a line."""
GUESS_WORTH, OTHERS_WORTH = 4.0, 20.0  # tickets
ENOUGH, ENOUGH_OF_EACH = 40, 10
"""Tickets with a known end, and of each end, from which on weights are touched."""
_Z = 1.96
_SENT_BACK = re.compile(
    r"\bneeds?[ -]*(?:more[ -]*)?(?:info|details?|clarification|repro|feedback|author|reporter)"
    r"|\bmore[ -]*info|\bcan(?:no|'?)t[ -]*repro|\bcould not repro|\bunable to repro|\bworks for me|\bincomplete\b"
    r"|\binsufficient|\bnot enough (?:info|detail)|\bunclear|\bawaiting (?:reporter|response|feedback|info)"
    r"|\bwaiting (?:for|on) (?:reporter|response|feedback|info|author)",
    re.IGNORECASE,
)


class Tenth(Frozen):
    """How tickets of one tenth of the scale ended."""

    tickets: int = 0
    done: int = 0


class Calibration(Frozen):
    """What was learned from a project's history.

    Attributes:
        rubric: digest of the rubric by which it was learned, without what it changes in it.
        tickets: how many with a known end.
        done: how many of them were finished without being sent back.
        tenths: by score, from 0.
        effects: by criterion, in the rubric's order.
        length: the effect of length alone, over all tickets.
        total: the effect of the total among tickets of like length.
    """

    rubric: str
    tickets: int
    done: int
    tenths: tuple[Tenth, ...]
    effects: tuple[Effect, ...] = ()
    length: Effect
    total: Effect

    @property
    def enough(self) -> bool:
        """Whether there is so much history that weights follow it."""
        return self.tickets >= ENOUGH and min(self.done, self.tickets - self.done) >= ENOUGH_OF_EACH

    @property
    def factors(self) -> Factors:
        """What is left of weights; nothing is named where all of it is."""
        if not self.enough:
            return ()
        return tuple((one.criterion, one.factor) for one in self.effects if one.factor < 1)


class Chance(Frozen):
    """The chance that a ticket is finished without being sent back.

    Attributes:
        value: 0..1; it lies between `low` and `high` with 95 %.
        tickets: the project's own tickets of like score that it rests on.
        others: tickets of other projects beside them.
    """

    value: float
    low: float
    high: float
    tickets: int
    others: int

    def __str__(self) -> str:
        """Say it in a line."""
        figures = f"{self.value:.2f} ({self.low:.2f}–{self.high:.2f}), n={self.tickets}"
        return figures if self.tickets else f"{figures}: a guess{' from other projects' if self.others else ''}"


def outcome(state: TicketState, resolution: str, labels: Iterable[str], *, sent_back: bool) -> bool | None:
    """Return whether a ticket was finished without being sent back; None where its end says nothing about its text.

    Sent back is what was reopened, went from started back to not started, or was closed for lack of information, by
    its resolution or, when it was canceled, a label. Duplicates and what nobody wants are neither.
    """
    if sent_back or _SENT_BACK.search(resolution):
        return False
    if state is TicketState.CANCELED and any(_SENT_BACK.search(label.replace("_", " ")) for label in labels):
        return False
    return True if state is TicketState.COMPLETED else None


def calibrate(history: Sequence[Past], criteria: Sequence[str], rubric: str) -> Calibration:
    """Return what a project's history says; the same history always says the same."""
    tenths = [[0, 0] for _ in range(BINS)]
    for one in history:
        tenths[_tenth(one.total)][0] += 1
        tenths[_tenth(one.total)][1] += one.done
    return Calibration(
        rubric=rubric,
        tickets=len(history),
        done=sum(one.done for one in history),
        tenths=tuple(Tenth(tickets=tickets, done=done) for tickets, done in tenths),
        effects=tuple(effect(history, name) for name in criteria),
        length=effect_of_length(history),
        total=effect(history, ""),
    )


def chance(total: float, own: Calibration | None, others: Iterable[Calibration] = ()) -> Chance:
    """Return the chance that a ticket with this total is finished without being sent back.

    Args:
        total: 0..1.
        own: what the project's history says.
        others: what the histories of the portfolio's other projects say.
    """
    known = tuple(others)
    theirs = [_summed(one.tenths[at] for one in known) for at in range(BINS)]
    mine = list(own.tenths) if own else [Tenth()] * BINS
    priors = [_prior(at, there) for at, there in enumerate(theirs)]
    cells = [
        _Cell(prior.weight + here.tickets, prior.done + here.done, here.tickets, there.tickets)
        for prior, here, there in zip(priors, mine, theirs, strict=True)
    ]
    pooled = _rising(cells)[_tenth(total)]
    share = pooled.done / pooled.weight
    low, high = _wilson(share, pooled.weight)
    return Chance(
        value=round(share, 3), low=round(low, 3), high=round(high, 3), tickets=pooled.tickets, others=pooled.others
    )


class _Cell(NamedTuple):
    """A part of the scale: tickets with the prior's, those of them that were finished, and what was counted."""

    weight: float
    done: float
    tickets: int
    others: int

    def joined(self, other: "_Cell") -> "_Cell":
        tickets, others = self.tickets + other.tickets, self.others + other.others
        return _Cell(self.weight + other.weight, self.done + other.done, tickets, others)


def _tenth(total: float) -> int:
    return min(BINS - 1, max(0, int(total * BINS)))


def _summed(tenths: Iterable[Tenth]) -> Tenth:
    known = tuple(tenths)
    return Tenth(tickets=sum(one.tickets for one in known), done=sum(one.done for one in known))


def _prior(at: int, others: Tenth) -> _Cell:
    """Return the guess together with what other projects count, worth no more than some tickets of one's own."""
    guess = GUESS[0] + (GUESS[1] - GUESS[0]) * (at + 0.5) / BINS
    weight = GUESS_WORTH + others.tickets
    share = (GUESS_WORTH * guess + others.done) / weight
    worth = min(weight, OTHERS_WORTH)
    return _Cell(worth, worth * share, 0, 0)


def _rising(cells: Iterable[_Cell]) -> list[_Cell]:
    """Return for each cell the pool that it is in after neighbours whose shares fall were put together."""
    pools: list[tuple[_Cell, int]] = []
    for cell in cells:
        pools.append((cell, 1))
        while len(pools) > 1 and _share(pools[-2][0]) >= _share(pools[-1][0]):
            last, width = pools.pop()
            before, wide = pools.pop()
            pools.append((before.joined(last), wide + width))
    return [pool for pool, width in pools for _ in range(width)]


def _share(cell: _Cell) -> float:
    return cell.done / cell.weight


def _wilson(share: float, weight: float) -> tuple[float, float]:
    square = _Z**2 / weight
    middle = (share + square / 2) / (1 + square)
    half = _Z * math.sqrt(share * (1 - share) / weight + square / weight / 4) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)
