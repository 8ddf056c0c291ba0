"""Why ready work runs short: the days before it did against those since.

When a shortage begins, the 60 working days that ended five before it are kept as the reference until it is over: one
that moved along would soon take the shortage for usual. What is nearest to the stock is tested first and demand
last, because a shortage of tickets makes everything upstream look busy.
"""

import math
from collections import deque
from collections.abc import Sequence

from scout.buffer.constraint import Cause, Constraint
from scout.buffer.days import Day
from scout.buffer.negative_binomial import quantiles
from scout.model import Frozen

_REFERENCE, _APART = 60, 5  # working days
_ENOUGH = 20  # days of reference under which nothing can be compared
_RECENT = 15  # days since the shortage that are looked at, at most
_SURGE = 8  # working days: what ends by then was a surge, whatever it looked like
_LIKELY = 0.95
_SURE, _DEVIATIONS = 0.998, 2.9
_LOW, _WELL = 0.25, 0.5  # of the usual stock: a shortage begins under the one and is over above the other
_IN_A_ROW = 3
_STRUCTURAL = 15  # days above what reviewers can release; fewer are a surge
_LOAD = 0.9
_VARIED = 1.5  # variance ÷ mean of a day's demand
_MARKED = 0.75  # a share that fell by less explains no shortage
_UNTOLD = Cause(name=Constraint.HEALTHY, evidence="")


class _Sums(Frozen):
    """Some days in a row, summed up; `blocked`, `on_hand`, `readying` are means."""

    days: int
    asked: int
    on_hand: float
    blocked: float
    readying: float
    ordered: int
    decided: int
    busy: int
    decided_busy: int
    accepted: int
    spoiled: int
    readied: int
    lost: int

    @property
    def readying_takes(self) -> float:
        """Working days from accepted to ready (Little's law)."""
        return self.readying * self.days / max(self.accepted, 1)


class Diagnosis:
    """Watches the days go by and names the cause of a shortage."""

    def __init__(self) -> None:
        self._days: deque[Day] = deque(maxlen=_REFERENCE + _APART + 1)
        self._usual: _Sums | None = None
        self._since: list[Day] = []
        self._short = self._well = 0

    @property
    def known(self) -> bool:
        """Whether enough days were seen to compare others with."""
        return self._usual is not None or len(self._days) >= _ENOUGH + _APART

    @property
    def level(self) -> float:
        """Ready tickets as the days of the reference ended, on average; those seen so far where nothing is short."""
        if self._usual is not None:
            return self._usual.on_hand
        return sum(day.on_hand for day in self._days) / max(len(self._days), 1)

    @property
    def lasted(self) -> int:
        """Working days since what is short now began to be; 0 where nothing is."""
        return len(self._since) if self._usual is not None else 0

    def see(self, day: Day) -> None:
        """Learn how a day ended."""
        if self._usual is None:
            self._days.append(day)
            self._begin()
        else:
            self._since.append(day)
            recovered = not day.today.starved and day.on_hand >= _WELL * self._usual.on_hand
            self._well = self._well + 1 if recovered else 0
            if self._well >= _IN_A_ROW:
                self._usual, self._well = None, 0
                self._days.extend(self._since)
                self._since = []

    def cause(self, capacity: float) -> Cause:
        """Return the primary cause of the present shortage; healthy where there is none, or none can be told.

        Args:
            capacity: ready tickets that reviewers can release in a working day.
        """
        if self._usual is None:
            return _UNTOLD
        now = _sums(self._since[-_RECENT:])
        for test in (_blocked, _low_yield, _reviewers, _drafts, _sources):
            if found := test(self._usual, now):
                return found
        return self._demand(self._usual, capacity)

    def _begin(self) -> None:
        """Freeze the reference where a shortage has begun."""
        if len(self._days) < _ENOUGH + _APART:
            return
        *before, last = self._days
        usual = before[: len(before) + 1 - _APART]
        level = sum(day.on_hand for day in usual) / len(usual)
        low = last.today.starved > 0 or last.on_hand < _LOW * level
        self._short = self._short + 1 if low else 0
        if self._short >= _IN_A_ROW or sum(day.today.starved > 0 for day in (*before[-2:], last)) > 1:
            self._usual, self._short, self._well = _sums(usual), 0, 0
            self._since = list(self._days)[-_APART:]
            for _ in self._since:
                self._days.pop()

    def _demand(self, usual: _Sums, capacity: float) -> Cause:
        """Tell a surge from an overload by how long demand has been above what reviewers can release."""
        asked = [day.today.asked for day in self._since]
        mean = usual.asked / usual.days
        onset = _onset(asked, mean)
        since = asked[onset:]
        if not since or not _more(since, mean, _SURE):
            return _UNTOLD
        rate = sum(since) / len(since)
        limit = _LOAD * capacity
        later = [min(count, 2 * max(capacity, mean)) for count in since[_SURGE + 1 :]]
        figures = f"{rate:.1f} asked for a day against {mean:.1f} before"
        if len(since) >= _STRUCTURAL and min(rate, sum(later) / len(later)) > limit and _more(later, mean, _LIKELY):
            return Cause(
                name=Constraint.OVERLOAD,
                evidence=f"{figures}, for {len(since)} working days; reviewers can release {capacity:.1f}",
                remedy=_more_decisions(rate, capacity, usual),
            )
        return Cause(
            name=Constraint.SURGE,
            evidence=f"{figures}, for {len(since)} working days",
            remedy=_more_decisions(rate, capacity, usual),
            patience=max(_STRUCTURAL - len(since), 0) if rate > limit else 0,
        )


def _blocked(usual: _Sums, now: _Sums) -> Cause | None:
    more, missing = now.blocked - usual.blocked, usual.on_hand - now.on_hand
    if more < max(2.0, missing / 2):
        return None
    return Cause(
        name=Constraint.BLOCKED,
        evidence=f"{now.blocked:.0f} ready tickets wait for others, {usual.blocked:.0f} before",
        remedy=f"{math.ceil(missing)} tickets unblocked would bring the stock back",
    )


def _low_yield(usual: _Sums, now: _Sums) -> Cause | None:
    before, after = _share(usual.accepted, usual.decided), _share(now.accepted, now.decided)
    if after > _MARKED * before or not _fewer(now.accepted, now.decided, before):
        return None
    return Cause(
        name=Constraint.YIELD,
        evidence=f"{now.accepted} of {now.decided} candidates were accepted, {before:.0%} before",
        remedy=f"better candidates: at {before:.0%} the same decisions would release {before / max(after, 0.05):.1f}×",
    )


def _reviewers(usual: _Sums, now: _Sums) -> Cause | None:
    """Fewer decisions on days when more could have been decided."""
    if not now.busy:
        return None
    speed = max(_rate(usual.decided, usual.days), _rate(usual.decided_busy, usual.busy))
    mean = speed * now.busy
    few = now.decided_busy < mean - _DEVIATIONS * math.sqrt(mean)
    if now.decided_busy > _MARKED * mean or not few:
        return None
    less = speed - now.decided_busy / now.busy
    return Cause(
        name=Constraint.REVIEWERS,
        evidence=f"{now.decided_busy / now.busy:.1f} decisions a day while candidates wait, {speed:.1f} before",
        remedy=f"{math.ceil(less)} more decisions a day would bring the stock back",
    )


def _drafts(usual: _Sums, now: _Sums) -> Cause | None:
    """Accepted candidates do not become ready tickets: never, or not yet."""
    ended = now.readied + now.spoiled
    before = _share(usual.readied, usual.readied + usual.spoiled)
    if ended and now.readied < _MARKED * before * ended and _fewer(now.readied, ended, before):
        return Cause(
            name=Constraint.DRAFTS,
            evidence=f"{now.spoiled} of {ended} accepted candidates never became ready, {1 - before:.0%} before",
            remedy=f"{math.ceil(before * ended) - now.readied} of them mended would be as many ready ones as before",
        )
    takes, took = now.readying_takes, usual.readying_takes
    if takes > 1.5 * took + 1 and now.readying - usual.readying > 1:
        return Cause(
            name=Constraint.DRAFTS,
            evidence=f"accepted candidates take {takes:.1f} working days to be ready, {took:.1f} before",
            remedy=f"{now.readying:.0f} of them wait to be made ready",
        )
    return None


def _sources(usual: _Sums, now: _Sums) -> Cause | None:
    """What was ordered is not drafted: there is nothing to draft."""
    before = 1 - _share(usual.lost, usual.ordered, otherwise=0.0)
    came = now.ordered - now.lost
    if came > _MARKED * before * now.ordered or not _fewer(came, now.ordered, min(before, 0.98)):
        return None
    return Cause(
        name=Constraint.SOURCES,
        evidence=f"{max(came, 0)} of {now.ordered} ordered candidates were drafted, {before:.0%} before",
        remedy=f"{math.ceil(before * now.ordered) - max(came, 0)} more to draft, from scouts or sources not used yet",
    )


def _sums(days: Sequence[Day]) -> _Sums:
    todays = [day.today for day in days]
    busy = [today for today in todays if today.queued > 0]
    first, last = days[0], days[-1]
    # what was ordered before the first day's end is in its stages; what came since must be from later orders
    presented = sum(day.today.decided for day in days[1:]) + last.on_order.queued - first.on_order.queued
    ordered = sum(today.ordered for today in todays[1:])
    return _Sums(
        days=len(days),
        asked=sum(today.asked for today in todays),
        on_hand=sum(day.on_hand for day in days) / len(days),
        blocked=sum(today.blocked for today in todays) / len(days),
        readying=sum(day.on_order.accepted for day in days) / len(days),
        ordered=ordered,
        decided=sum(today.decided for today in todays),
        busy=len(busy),
        decided_busy=sum(today.decided for today in busy),
        accepted=sum(today.accepted for today in todays),
        spoiled=sum(today.spoiled for today in todays),
        readied=sum(today.readied for today in todays),
        lost=max(0, ordered - presented - (last.on_order.drafting - first.on_order.drafting)),
    )


def _onset(asked: Sequence[int], usual: float) -> int:
    """Return where the excess over the usual demand began: the place from which on it adds up to most (CUSUM)."""
    best = total = 0.0
    place = len(asked)
    for index in range(len(asked) - 1, -1, -1):
        total += asked[index] - 1.5 * usual
        if total > best:
            best, place = total, index
    return place


def _more(asked: Sequence[float], usual: float, sure: float) -> bool:
    """Whether so much demand is unlikely at the usual rate, whose days vary more than chance alone has it."""
    mean = usual * len(asked)
    return sum(asked) > quantiles(mean, _VARIED * mean, (sure,))[0]


def _fewer(successes: int, tries: int, share: float) -> bool:
    """Whether so few successes are unlikely at this share (binomial, exact)."""
    if tries <= 0 or share <= 0:
        return False
    chance = sum(math.comb(tries, k) * share**k * (1 - share) ** (tries - k) for k in range(max(successes, 0) + 1))
    return chance < 1 - _SURE


def _share(part: int, whole: int, *, otherwise: float = 1.0) -> float:
    return part / whole if whole else otherwise


def _rate(count: int, days: int) -> float:
    return count / days if days else 0.0


def _more_decisions(rate: float, capacity: float, usual: _Sums) -> str:
    """Return what would keep up with a demand: decisions a day, as many of which are accepted as usual."""
    share = max(_share(usual.accepted, usual.decided), 0.01)
    more = math.ceil((rate / _LOAD - capacity) / share)
    if more <= 0:
        return f"reviewers can release {capacity:.1f} a day, which keeps up as soon as it is ordered"
    return f"{more} more decision{'s' * (more > 1)} a day would keep up"
