"""How well demand is forecast: every past day of lists of events, beside the mean of 20 days."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar

from scout.buffer.backtest import HORIZONS, MODELS, WARM_UP, Trial
from scout.buffer.calendar import Calendar
from scout.buffer.changes import Change, changes
from scout.buffer.course import Prior
from scout.buffer.demand import NO_HISTORY, daily
from scout.model import Backtest, Frozen, Report
from scout.service.event_lists import Dated, events

_LONGEST = 20_000  # working days: older ones are left out


class DemandRow(Frozen):
    """One series.

    Attributes:
        id: the file's name.
        days: working days from the first event to the last.
        starts: events on them.
        per_day: what is expected of the next working day.
        model: what was chosen after the last day; empty without events.
        used: share of the forecasts that each model made, 0..1.
        coverage: by horizon in working days: share of the sums that were no more than the 95 % quantile.
        forecasts: how many were made, by horizon.
        pinball: mean loss over the quantiles 50, 80 and 95 % and over the horizons, in events.
        baseline: the same of the mean of the last 20 working days with a Poisson law.
        ratio: `pinball` ÷ `baseline`; None where that is 0, or nothing could be tried.
        backtest: the figures a horizon a line.
        changes: when the pace changed, and how.
        notes: what a reader should know, such as events in the future that were left out.
    """

    id: str
    days: int
    starts: int
    per_day: float = 0.0
    model: str = ""
    used: dict[str, float] = {}
    coverage: dict[str, float] = {}
    forecasts: dict[str, int] = {}
    pinball: float | None = None
    baseline: float | None = None
    ratio: float | None = None
    backtest: tuple[Backtest, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()


class DemandEvaluation(Report):
    """All series, and their means: each series counts the same.

    Attributes:
        tried: series long enough to be forecast from some day on.
        coverage: by horizon, mean over the series tried.
        ratio: mean over the series tried; None where none was.
        warm_up: working days before the first forecast that counts.
    """

    schema_id: ClassVar[str] = "scout.evaluation.demand/1"

    files: tuple[str, ...]
    tried: int
    coverage: dict[str, float]
    ratio: float | None
    warm_up: int
    rows: tuple[DemandRow, ...]


def evaluate_demand(
    files: Sequence[Path], today: date, column: str | None = None, step: Callable[[str], None] = lambda _: None
) -> DemandEvaluation:
    """Forecast each series from each of its past days, and compare with what then came.

    Working days are Monday to Friday; events of a weekend count for the Friday before. A file of bare counts has one
    for each working day.

    Args:
        files: lists of events, or of counts a day; each is a series.
        today: events after this day are left out, and told.
        column: the field that holds the time; found by itself when not given.
        step: told which file is being looked at.

    Raises:
        UsageError: a file cannot be read; the message names the line.
    """
    rows: list[DemandRow] = []
    for path in files:
        step(path.name)
        rows.append(row_of(path.name, list(events(path, column)), today))
    tried = [row for row in rows if row.backtest]
    ratios = [row.ratio for row in tried if row.ratio is not None]
    return DemandEvaluation(
        files=tuple(path.name for path in files),
        tried=len(tried),
        coverage={
            name: _rounded(sum(row.coverage[name] for row in having) / len(having))
            for name in map(str, HORIZONS)
            if (having := [row for row in tried if name in row.coverage])
        },
        ratio=_rounded(sum(ratios) / len(ratios)) if ratios else None,
        warm_up=WARM_UP,
        rows=tuple(rows),
    )


def row_of(name: str, seen: Sequence[Dated], today: date) -> DemandRow:
    """Return the figures of one series."""
    counts, days, notes = _daily(seen, today)
    if not sum(counts):
        return DemandRow(id=name, days=len(counts), starts=0, notes=(*notes, NO_HISTORY))
    trial, names = Trial(counts, Prior()), list(MODELS)
    figures = trial.figures()
    used = Counter(names[int(place)] for place in trial.picks[WARM_UP - 1 :])
    if not figures:
        needed = WARM_UP + min(HORIZONS)
        notes = (*notes, f"too short to be tried: {len(counts)} working days, {needed} are needed")
    pinball, baseline = (_mean([getattr(one, field) for one in figures]) for field in ("pinball", "baseline"))
    last = int(trial.picks[-1])
    return DemandRow(
        id=name,
        days=len(counts),
        starts=sum(counts),
        per_day=_rounded(float(trial.courses[last].per_day[-1])),
        model=names[last],
        used={model: _rounded(used[model] / used.total()) for model in MODELS if used[model]},
        coverage={str(one.horizon): _rounded(one.covered) for one in figures},
        forecasts={str(one.horizon): one.forecasts for one in figures},
        pinball=pinball,
        baseline=baseline,
        ratio=_rounded(pinball / baseline) if pinball is not None and baseline else None,
        backtest=figures,
        changes=changes(counts, days),
        notes=notes,
    )


def _daily(seen: Sequence[Dated], today: date) -> tuple[list[int], list[date] | None, tuple[str, ...]]:
    """Return counts a working day, their days where the file names any, and notes."""
    if any(one.day is None for one in seen):
        undated = [one.starts for one in seen if one.day is None]
        dated = len(seen) - len(undated)
        return undated, None, (f"{dated} dated lines among counts without a date were left out",) if dated else ()
    dated = [(one.day, one.starts) for one in seen if one.day is not None]
    future = sum(count for day, count in dated if day > today)
    past = [(day, count) for day, count in dated if day <= today]
    notes = (f"{future} after {today:%Y-%m-%d} left out",) if future else ()
    if not past:
        return [], None, notes
    calendar = Calendar()
    end = max(day for day, _ in past) + timedelta(1)
    counts = daily(past, end, calendar, _LONGEST)
    first = end - timedelta(len(counts) * 2 + 7)
    return counts, calendar.days(first, end)[-len(counts) :] if counts else None, notes


def _mean(values: Sequence[float]) -> float | None:
    return _rounded(sum(values) / len(values)) if values else None


def _rounded(value: float) -> float:
    return round(value, 4)
