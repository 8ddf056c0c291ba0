"""What a control is, and what is seen of it: opportunity, kept, bypassed, unknown, and bypassing over tempo."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scout.flow.chances import normal_above
from scout.flow.controls_figure import ControlBefore, ControlFigure, ControlPoint, Tempo
from scout.flow.log import YEAR, Flags, Floats, FlowLog, Ints, as_date, quarter
from scout.flow.reading import ENOUGH, interval_of_share

WEEK = 7
_MANY, _WEEKS = 40, 12
_YEARS, _STRATUM = 104, 26
_HOLDS = 0.5
"""Bypassed more often than this in slow weeks, or in all, it is no rule of the team."""
_RULE = 0.4
"""Bypassed by more of the last year's opportunities than this, it is no rule now, and nothing is told."""
_SURELY = 1 / 3
"""So many have for sure to keep a rule, or to bypass what is none: three of six may be chance."""
_ALPHA = 0.005
_MORE, _POINTS = 1.25, 0.05
"""Less than a quarter more in fast weeks, or than five points, is nothing to speak of, however sure it is."""
_SHOWN = 10


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """What a control looked at.

    Attributes:
        at: when, seconds since 1970 (UTC), oldest first.
        kept: 1 where it was kept, 0 where it was bypassed, -1 where nobody can tell.
        locators: commits, keys of changes, or names of releases.
        unavailable: why nothing can be said; empty where something can.
        weight: how telling each is, by which examples are chosen; None where all are alike.
    """

    at: Floats
    kept: Ints
    locators: tuple[str, ...]
    unavailable: str = ""
    weight: Ints | None = None

    def telling(self, within: Flags) -> list[str]:
        """Return what bypassed the control among some rows, the most telling first, of those alike the newest."""
        places: list[int] = np.flatnonzero((self.kept == 0) & within).astype(np.int64).tolist()
        weight = np.zeros(self.kept.size, dtype=np.int64) if self.weight is None else self.weight
        return [self.locators[place] for place in sorted(places, key=lambda place: (-int(weight[place]), -place))]


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

    def figure(self, log: FlowLog, seen: Watched | None = None) -> ControlFigure:
        """Return what is seen of it in a log; `seen` is what it looked at there, where that is known."""
        seen = seen or self.watch(log)
        known, lately = seen.kept >= 0, seen.at > log.now - YEAR
        now, before = _counted(seen.kept[lately]), _counted(seen.kept[~lately])
        chart = _chart(log, seen.at[known], seen.kept[known] == 0)
        since = quarter(as_date(log.calendar.day_of(log.now - YEAR)))
        reason = seen.unavailable or _no_rule(now, before, chart, since)
        told = not reason
        low, high = interval_of_share(now.bypassed, now.kept + now.bypassed) if told else (None, None)
        tempo = over_tempo(log, seen.at[known], seen.kept[known] == 0)
        if tempo is not None and not told:  # what is no rule does not give way
            tempo = tempo.having(rises=False)
        rises = tempo is not None and tempo.rises
        return ControlFigure(
            id=self.id,
            watches=self.watches,
            opportunity=self.opportunity,
            unavailable=reason,
            opportunities=int(lately.sum()),
            kept=now.kept,
            bypassed=now.bypassed,
            unknown=now.unknown,
            before=before,
            rate=now.rate if told else None,
            low=low,
            high=high,
            tempo=tempo,
            chart=chart,
            finding=_finding(self.id, tempo) if rises else "",
            suggestions=self.suggestions if rises else (),
            examples=tuple(seen.telling(lately)[:_SHOWN]) if told else (),
        )


def _counted(kept: Ints) -> ControlBefore:
    yes, no = int((kept == 1).sum()), int((kept == 0).sum())
    rate = no / (yes + no) if yes + no >= ENOUGH else None
    return ControlBefore(kept=yes, bypassed=no, unknown=int(kept.size) - yes - no, rate=rate)


def _no_rule(now: ControlBefore, before: ControlBefore, chart: tuple[ControlPoint, ...], since: str) -> str:
    """Return why a control tells nothing: there is too little, or it is no rule now; empty where it is one."""
    of_now, of_before = now.kept + now.bypassed, before.kept + before.bypassed
    earlier = "" if before.rate is None else f"; before, {before.bypassed} of {of_before} bypassed it"
    missed = f"{now.bypassed} of {of_now} bypassed it in the last year"
    if now.rate is None:
        return f"too little to say: {of_now} opportunities in the last year{earlier}"
    rules = now.rate <= _RULE
    if interval_of_share(now.kept if rules else now.bypassed, of_now)[0] < _SURELY:
        return f"too little to say: {missed}{earlier}"
    if rules:
        return ""
    held = [point.quarter for point in chart if point.rate <= _RULE and point.quarter < since]
    if before.rate is None or before.rate > _RULE or not held:
        return f"no rule here: {missed}{earlier}"
    return f"no rule any more: mostly kept until {held[-1]}, {missed}{earlier}"


def of_landings(  # noqa: PLR0913 - each says one thing about the rows
    log: FlowLog,
    opportunity: Flags,
    kept: Ints,
    unavailable: str = "",
    *,
    anywhere: bool = False,
    weight: str = "working",
) -> Watched:
    """Return what a control saw of what landed: commits that one request brought are one opportunity.

    Args:
        log: with what landed.
        opportunity: which of it the control is about.
        kept: 1, 0 or -1 for each.
        unavailable: why nothing can be said.
        anywhere: whether it is kept where any commit of the request keeps it; else where all that it is about do.
        weight: the column that says how telling each is.
    """
    landing = log.landing
    if unavailable or not landing["at"].size:
        return Watched(np.zeros(0), np.zeros(0, dtype=np.int64), (), unavailable)
    rows = np.flatnonzero(opportunity & ~landing["by_bot"]).astype(np.int64)
    own = np.arange(landing["at"].size, dtype=np.int64)
    request, lines = landing.get("request", own), landing.get(weight, np.zeros_like(own))
    order = np.lexsort((rows, lines[rows], kept[rows] == 0, request[rows]))
    last = np.append(request[rows][order][1:] != request[rows][order][:-1], True)[: rows.size]
    chosen = np.sort(rows[order][last])  # of each request what bypassed it, and brings most
    groups, places = np.unique(request, return_inverse=True)
    state = np.full(groups.size, -1 if anywhere else 1, dtype=np.int64)
    if anywhere:
        np.maximum.at(state, places, kept.astype(np.int64))
    else:
        np.minimum.at(state, places[rows], kept[rows].astype(np.int64))
    locators = tuple(str(one) for one in landing["locator"][chosen].tolist())
    return Watched(landing["at"][chosen], state[places[chosen]], locators, weight=lines[chosen].astype(np.int64))


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
    holds = slow_rate < _HOLDS and missed.sum() <= _HOLDS * total.sum()
    return Tempo(
        slow_rate=slow_rate,
        fast_rate=fast_rate,
        slow_tempo=float(total[slow].mean()),
        fast_tempo=float(total[fast].mean()),
        p=p,
        rises=p < _ALPHA and bool(holds) and fast_rate >= max(_MORE * slow_rate, slow_rate + _POINTS),
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
