"""What to know about the data before believing figures: order of times, imports, bulk closes, unknown states."""

from collections import Counter

import numpy as np

from scout.flow.log import FlowLog, Ints, as_date
from scout.flow.reading import ENOUGH

_MANY = 0.3


def remarks(log: FlowLog) -> tuple[str, ...]:
    """Return complete sentences about what makes the data less than they seem; none where all is well."""
    return (*_disorder(log), *_history(log), *_imported(log), *_bulk(log), *_moved(log), *_states(log))


def _disorder(log: FlowLog) -> list[str]:
    pairs = zip(log.disorder["reason"].tolist(), log.disorder["n"].tolist(), strict=True)
    told = [
        f"{count} events dated {reason} were left out."
        if reason != "without a time"
        else f"{count} events have no time."
        for reason, count in pairs
        if count
    ]
    for name, table in (("tickets", log.ticket), ("changes", log.change)):
        future = int(((table["created"] > log.now) | (table["closed"] > log.now)).sum())
        backwards = int((table["closed"] < table["created"]).sum())
        undated = int(np.isnan(table["created"]).sum())
        told += [f"{future} {name} have times in the future, which do not count."] if future else []
        told += [f"{backwards} {name} were closed before they were created, as their times say."] if backwards else []
        told += [f"{undated} {name} have no time of creation."] if undated else []
    return told


def _history(log: FlowLog) -> list[str]:
    pairs = zip(log.source["source"].tolist(), log.source["has_history"].tolist(), strict=True)
    return [
        f"The source {name} tells no history of states: what needs one is unavailable."
        for name, told in pairs
        if not told
    ]


def _imported(log: FlowLog) -> list[str]:
    bulks = log.ticket["made_bulk"]
    told: list[str] = []
    for bulk, size in _largest(bulks):
        rows = bulks == bulk
        day = as_date(int(log.ticket["created_day"][rows].min())).isoformat()
        what = "their age is not known" if size > _MANY * bulks.size else "as an import does"
        told.append(f"{size} tickets were created in one go on {day}: {what}.")
    days, counts = np.unique(log.ticket["created_day"], return_counts=True)
    if not told and bulks.size >= ENOUGH and counts.max() > 0.5 * bulks.size and counts.max() >= ENOUGH:
        day = as_date(int(days[counts.argmax()])).isoformat()
        told.append(f"{int(counts.max())} of {bulks.size} tickets were created on {day}: their age may not be known.")
    return told


def _bulk(log: FlowLog) -> list[str]:
    bulks = log.ticket["closed_bulk"]
    told: list[str] = []
    for bulk, size in _largest(bulks):
        day = as_date(int(log.ticket["closed_day"][bulks == bulk].min())).isoformat()
        told.append(f"{size} tickets were closed in one go on {day}; that is one event, not a day's work.")
    return told


def _largest(bulks: Ints) -> list[tuple[int, int]]:
    known: list[int] = bulks[bulks > 0].tolist()
    return Counter(known).most_common(3)


def _moved(log: FlowLog) -> list[str]:
    moved = int(log.ticket["moved"].sum())
    return [f"{moved} tickets were moved between projects; their age counts from their creation."] if moved else []


def _states(log: FlowLog) -> list[str]:
    unknown = log.event["said"][log.event["event"] == "unknown state"]
    names = sorted(set(unknown.tolist()))
    if not names:
        return []
    return [f"States that nobody mapped: {', '.join(names[:6])}; name them in the source's `states` in the settings."]
