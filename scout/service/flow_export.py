"""Write what flow is measured on as tables: figures, their parts, single observations, the event log, the stays."""

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scout.flow import FlowLog, MeasureFigure, Reading
from scout.flow.catalogue import controls
from scout.flow.compare import Burden
from scout.flow.controls_figure import ControlFigure
from scout.flow.decisions import DecisionStep
from scout.flow.handoffs import Handoff, Standing
from scout.flow.log import Table, as_date, as_moment
from scout.flow.recurring import Recurrence
from scout.model import Frozen
from scout.signals.register import Relied

if TYPE_CHECKING:
    from scout.service.flow import FlowReport
    from scout.warehouse.export import Column


def export(folder: Path, log: FlowLog, report: "FlowReport", readings: Sequence[Reading]) -> tuple[str, ...]:
    """Write the tables as CSV and Parquet; return the names of the files.

    Args:
        folder: made when it is missing.
        log: of one project.
        report: its figures.
        readings: what each measure rests on, in the same order.

    Raises:
        StoreError: the folder cannot be written.
    """
    from scout.warehouse.export import write_table

    tables = {**_shown(log, report, readings), "events": _events(log), "stays": _stays(log)}
    made = [file.name for name, columns in tables.items() for file in write_table(folder, name, columns)]
    return tuple(made)


def export_shown(folder: Path, log: FlowLog, report: "FlowReport", readings: Sequence[Reading]) -> None:
    """Write the tables that the page leads to: all but the log itself.

    Raises:
        StoreError: the folder cannot be written.
    """
    from scout.warehouse.export import write_table

    for name, columns in _shown(log, report, readings).items():
        write_table(folder, name, columns)


def _shown(log: FlowLog, report: "FlowReport", readings: Sequence[Reading]) -> "dict[str, dict[str, Column]]":
    return {
        "measures": _figures(report.measures),
        "parts": _parts(report.measures),
        "observations": _observations(log, report.measures, readings),
        "handoffs": _models(report.handoffs, Handoff),
        "standings": _models(report.standings, Standing),
        "decisions": _models(report.decisions, DecisionStep),
        "controls": _models(report.controls, ControlFigure),
        "opportunities": _opportunities(log, {one.id for one in report.controls if one.rate is not None}),
        "burdens": _models([one for made in report.comparisons for one in made.burdens], Burden),
        "recurrences": _models(report.recurrences, Recurrence),
        "register": _models(report.relied_on.entries, Relied),
    }


def _models(rows: Sequence[Frozen], kind: type[Frozen]) -> "dict[str, Column]":
    """Return models as columns: plain values as they are, anything else as JSON."""
    plain = [row.model_dump(mode="json") for row in rows]
    return {name: [_cell(row[name]) for row in plain] for name in kind.model_fields}


def _cell(value: Any) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _figures(figures: Sequence[MeasureFigure]) -> "dict[str, Column]":
    names = (
        "id",
        "unit",
        "n",
        "value",
        "p50",
        "p85",
        "low",
        "high",
        "unavailable",
        "definition",
        "formula",
        "source",
        "bias",
    )
    return {name: [getattr(one, name) for one in figures] for name in names}


def _parts(figures: Sequence[MeasureFigure]) -> "dict[str, Column]":
    rows = [(one.id, one.unit, part) for one in figures for part in one.groups]
    return {
        "measure": np.array([row[0] for row in rows], dtype=str),
        "part": np.array([row[2].name for row in rows], dtype=str),
        "unit": np.array([row[1] for row in rows], dtype=str),
        "n": [row[2].n for row in rows],
        "value": _numbers([row[2].value for row in rows]),
        "p50": _numbers([row[2].p50 for row in rows]),
        "p85": _numbers([row[2].p85 for row in rows]),
    }


def _numbers(values: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _observations(log: FlowLog, figures: Sequence[MeasureFigure], readings: Sequence[Reading]) -> "dict[str, Column]":
    kept = [(one.id, read.rows) for one, read in zip(figures, readings, strict=True) if read.rows is not None]
    sizes = [rows.values.size for _, rows in kept]
    subjects = [_names(log, rows.kind, rows.subjects) for _, rows in kept]
    blank = np.zeros(0, dtype=object)
    return {
        "measure": np.repeat(np.array([name for name, _ in kept], dtype=object), sizes),
        "kind": np.repeat(np.array([rows.kind for _, rows in kept], dtype=object), sizes),
        "subject": np.concatenate([blank, *subjects]),
        "value": np.concatenate([np.zeros(0), *(rows.values for _, rows in kept)]),
        "still_growing": np.concatenate([np.zeros(0, dtype=np.bool_), *(rows.censored for _, rows in kept)]),
    }


def _opportunities(log: FlowLog, rules: Collection[str]) -> "dict[str, Column]":
    """Return what each control looked at: when, the commit, change or release, and whether it was kept.

    Args:
        log: with what landed.
        rules: ids of the controls that are rules now; nothing bypasses the others.
    """
    words = {1: "yes", 0: "no", -1: "unknown"}
    rows = [
        (
            control.id,
            as_moment(at).date().isoformat(),
            locator,
            words[kept] if kept or control.id in rules else "no rule",
        )
        for control in controls()
        for seen in (control.watch(log),)
        for at, locator, kept in zip(seen.at.tolist(), seen.locators, seen.kept.tolist(), strict=True)
    ]
    named = zip(("control", "day", "locator", "kept"), zip(*rows, strict=True) if rows else ((),) * 4, strict=True)
    return {name: np.array(values, dtype=object) for name, values in named}


def _names(log: FlowLog, kind: str, subjects: NDArray[np.int64]) -> NDArray[Any]:
    """Return keys of tickets or changes, commits (or keys of changes) of what landed, days and first days of weeks."""
    keys = {"ticket": log.ticket.get("key"), "change": log.change.get("key"), "landing": log.landing.get("locator")}
    if (named := keys.get(kind)) is not None:
        return named[subjects]
    return np.array([as_date(day).isoformat() for day in subjects.tolist()], dtype=object)


def _keys(log: FlowLog, is_ticket: NDArray[np.bool_], subjects: NDArray[np.int64]) -> NDArray[Any]:
    keys = np.empty(subjects.size, dtype=object)
    keys[is_ticket] = log.ticket["key"][subjects[is_ticket]]
    keys[~is_ticket] = log.change["key"][subjects[~is_ticket]]
    return keys


def _moments(seconds: NDArray[np.float64]) -> NDArray[np.datetime64]:
    micro = np.where(np.isnan(seconds), 0, seconds * 1e6).astype("datetime64[us]")
    return np.where(np.isnan(seconds), np.datetime64("NaT", "us"), micro)


def _events(log: FlowLog) -> "dict[str, Column]":
    event = log.event
    is_ticket = event["is_ticket"]
    return {
        "kind": np.where(is_ticket, "ticket", "change").astype(object),
        "subject": _keys(log, is_ticket, event["subject"]),
        "event": event["event"],
        "at": _moments(event["at"]),
        "rule": event["rule"],
        "confidence": event["confidence"],
        "by_program": event["by_bot"],
    }


def _stays(log: FlowLog) -> "dict[str, Column]":
    parts: list[tuple[str, Table, Table]] = [
        ("ticket", log.ticket, log.ticket_stay),
        ("change", log.change, log.change_stay),
    ]
    kinds = [np.full(stay["subject"].size, kind, dtype=object) for kind, _, stay in parts]
    return {
        "kind": np.concatenate(kinds),
        "subject": np.concatenate([table["key"][stay["subject"]] for _, table, stay in parts]),
        "state": np.concatenate([stay["state"] for _, _, stay in parts]),
        "since": _moments(np.concatenate([stay["since"] for _, _, stay in parts])),
        "until": _moments(np.concatenate([stay["until"] for _, _, stay in parts])),
        "next": np.concatenate([stay["next"] for _, _, stay in parts]),
    }
