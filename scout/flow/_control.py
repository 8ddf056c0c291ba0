"""What a control is, and what is seen of it: opportunity, kept, bypassed, unknown, and bypassing over tempo."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scout.flow.chances import normal_above
from scout.flow.controls_figure import ControlFigure, ControlPoint, Tempo
from scout.flow.log import Flags, Floats, FlowLog, Ints, as_date, quarter
from scout.flow.reading import ENOUGH, interval_of_share

WEEK = 7
_MANY, _WEEKS = 40, 12
_YEARS, _STRATUM = 104, 26
_HOLDS = 0.5
"""Bypassed more often than this in slow weeks, it is no rule of the team."""
_ALPHA = 0.005
_MORE, _POINTS = 1.25, 0.05
"""Less than a quarter more in fast weeks, or than five points, is nothing to speak of, however sure it is."""
_SHOWN = 20


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """What a control looked at.

    Attributes:
        at: when, seconds since 1970 (UTC), oldest first.
        kept: 1 where it was kept, 0 where it was bypassed, -1 where nobody can tell.
        locators: commits or keys of changes.
        unavailable: why nothing can be said; empty where something can.
    """

    at: Floats
    kept: Ints
    locators: tuple[str, ...]
    unavailable: str = ""


class Control(ABC):
    """A rule that can be observed. The docstring says in one line what it is.

    Attributes:
        id: kebab-case, unique.
        watches: what it protects.
        opportunity: when it should hold, and what counts as kept.
        suggestions: kinds of change to think about where it is bypassed.
    """

    id: ClassVar[str]
    since: ClassVar[str] = "0.1.0"
    watches: ClassVar[str]
    opportunity: ClassVar[str]
    suggestions: ClassVar[tuple[str, ...]]

    @abstractmethod
    def watch(self, log: FlowLog) -> Watched:
        """Return when it should have held, and whether it did."""

    def figure(self, log: FlowLog) -> ControlFigure:
        """Return what is seen of it in a log."""
        seen = self.watch(log)
        known = seen.kept >= 0
        kept, bypassed = int((seen.kept == 1).sum()), int((seen.kept == 0).sum())
        told = kept + bypassed >= ENOUGH
        low, high = interval_of_share(bypassed, kept + bypassed) if told else (None, None)
        tempo = over_tempo(log, seen.at[known], seen.kept[known] == 0)
        rises = tempo is not None and tempo.rises
        reason = seen.unavailable or ("" if told else f"too little to say: {kept + bypassed} opportunities")
        missed: list[int] = np.flatnonzero(seen.kept == 0).astype(np.int64).tolist()
        newest = [seen.locators[place] for place in missed[::-1][:_SHOWN]]
        return ControlFigure(
            id=self.id,
            watches=self.watches,
            opportunity=self.opportunity,
            unavailable=reason,
            opportunities=int(seen.kept.size),
            kept=kept,
            bypassed=bypassed,
            unknown=int(seen.kept.size) - kept - bypassed,
            rate=bypassed / (kept + bypassed) if told else None,
            low=low,
            high=high,
            tempo=tempo,
            chart=_chart(log, seen.at[known], seen.kept[known] == 0),
            finding=_finding(self.id, tempo) if rises else "",
            suggestions=self.suggestions if rises else (),
            examples=tuple(newest),
        )


def of_landings(log: FlowLog, opportunity: Flags, kept: Ints, unavailable: str = "") -> Watched:
    """Return what a control saw of what landed.

    Args:
        log: with what landed.
        opportunity: which of it the control is about.
        kept: 1, 0 or -1 for each.
        unavailable: why nothing can be said.
    """
    rows = (
        np.flatnonzero(opportunity & ~log.landing["by_bot"]) if log.landing["at"].size else np.zeros(0, dtype=np.int64)
    )
    if unavailable:
        rows = rows[:0]
    locators = tuple(str(one) for one in log.landing["locator"][rows].tolist())
    return Watched(log.landing["at"][rows], kept[rows].astype(np.int64), locators, unavailable)


def over_tempo(log: FlowLog, at: Floats, bypassed: Flags) -> Tempo | None:
    """Return how bypassing goes with tempo (opportunities a week) in the last two years; None with too few of them.

    Source: Armitage, Tests for linear trends in proportions and frequencies (1955); overdispersion as in McCullagh and
    Nelder, Generalized Linear Models (1989), 4.5: weeks differ more than chance, so the test is made that much harder.
    """
    if at.size < _MANY:
        return None
    weeks = np.array([(log.calendar.day_of(one) + 3) // WEEK for one in at.tolist()], dtype=np.int64)
    recent = weeks > weeks.max() - _YEARS
    known, places = np.unique(weeks[recent], return_inverse=True)
    total = np.bincount(places).astype(np.float64)
    missed: Floats = np.bincount(places, weights=bypassed[recent].astype(np.float64)).astype(np.float64)
    if known.size < _WEEKS or total.sum() < _MANY:
        return None
    slow, fast = _halves(total)
    p = _trend(total, missed, (known.max() - known) // _STRATUM)
    slow_rate, fast_rate = (float(missed[part].sum() / max(total[part].sum(), 1)) for part in (slow, fast))
    return Tempo(
        slow_rate=slow_rate,
        fast_rate=fast_rate,
        slow_tempo=float(total[slow].mean()),
        fast_tempo=float(total[fast].mean()),
        p=p,
        rises=p < _ALPHA and slow_rate < _HOLDS and fast_rate >= max(_MORE * slow_rate, slow_rate + _POINTS),
    )


def _trend(total: Floats, missed: Floats, strata: Ints) -> float:
    """Return the chance of as strong a rise of bypassing with tempo, within half-years: other things change, too."""
    score = variance = chi = 0.0
    freedom = 0
    for stratum in np.unique(strata).tolist():
        n, x = total[strata == stratum], missed[strata == stratum]
        rate = float(x.sum() / n.sum())
        if not 0 < rate < 1 or not np.ptp(n):
            continue
        centred = n - float((n * n).sum() / n.sum())
        expected = n * rate * (1 - rate)
        score += float((centred * (x - rate * n)).sum())
        variance += float((expected * centred**2).sum())
        chi += float(((x - rate * n) ** 2 / expected).sum())
        freedom += n.size - 1
    if not variance or not freedom:
        return 1.0
    return normal_above(score / (variance * max(chi / freedom, 1.0)) ** 0.5)


def _halves(total: Floats) -> tuple[Ints, Ints]:
    """Return the weeks of the slower and of the faster half of all opportunities."""
    order: Ints = np.argsort(total, kind="stable").astype(np.int64)
    passed: Floats = np.cumsum(total[order]).astype(np.float64)
    cut = min(max(int(np.searchsorted(passed, float(passed[-1]) / 2)), 1), total.size - 1)
    return order[:cut], order[cut:]


def _chart(log: FlowLog, at: Floats, bypassed: Flags) -> tuple[ControlPoint, ...]:
    days = [as_date(log.calendar.day_of(one)) for one in at.tolist()]
    names = np.array([quarter(day) for day in days], dtype=str)
    made: list[ControlPoint] = []
    for name in np.unique(names).tolist():
        part = bypassed[names == name]
        if part.size >= ENOUGH:
            count, of = int(part.sum()), int(part.size)
            low, high = interval_of_share(count, of)
            made.append(
                ControlPoint(quarter=str(name), opportunities=of, bypassed=count, rate=count / of, low=low, high=high)
            )
    return tuple(made)


def _finding(control: str, tempo: Tempo | None) -> str:
    if tempo is None:
        return ""
    return (
        f"{control} is bypassed more the faster things go: {tempo.slow_rate:.0%} at {tempo.slow_tempo:.0f} a week, "
        f"{tempo.fast_rate:.0%} at {tempo.fast_tempo:.0f} a week (p = {tempo.p:.4f}). A control that gives way when it "
        "is needed most is theatre: make it cheaper, automate it, batch it differently, or drop it."
    )
