"""What is published of a project's flow: one document for its page, one line for the portfolio."""

from datetime import datetime

from scout.flow import MeasureFigure
from scout.flow.controls_figure import ControlFigure
from scout.flow.decisions import DecisionStep
from scout.flow.disappearing import Disappearing
from scout.flow.handoffs import Standing
from scout.flow.load import LoadShift
from scout.flow.recurring import Recurrence
from scout.model import Frozen
from scout.service.flow import FlowReport, Register
from scout.service.flow_pictures import FlowFigure
from scout.service.flow_returns import Returns

TELLING = ("ticket-cycle-time", "change-lead-time", "first-review-latency", "throughput", "work-in-progress")
_ROWS = 200


class FlowDocument(Frozen):
    """What the page shows of a project's flow.

    Attributes:
        figures: pictures, each with at most 200 rows of the table behind it; files have all.
        rows: how many rows each picture has, by its id.
    """

    project: str
    at: datetime
    data_from: datetime | None
    data_to: datetime | None
    tickets: int
    changes: int
    landings: int
    figures: tuple[FlowFigure, ...]
    rows: dict[str, int]
    measures: tuple[MeasureFigure, ...]
    shifts: tuple[LoadShift, ...]
    standings: tuple[Standing, ...]
    decisions: tuple[DecisionStep, ...]
    controls: tuple[ControlFigure, ...]
    relied_on: Register
    recurrences: tuple[Recurrence, ...]
    disappearing: tuple[Disappearing, ...]
    returns: Returns
    notes: tuple[str, ...]


class FlowSummary(Frozen):
    """A project's flow in a line.

    Attributes:
        key: what it depends on; equal keys, equal flow.
        figures: value by id of the most telling measures; None where there is none.
        waits: the state in which most days are spent, and its share of them; empty without any.
        grows: what is said about a queue that grows; empty where none does.
        bypassed: controls that give way to tempo.
        rates: share that bypasses each control, 0..1, by id.
    """

    project: str
    key: str
    at: datetime
    data_to: datetime | None
    figures: dict[str, float | None]
    waits: str
    grows: str
    bypassed: tuple[str, ...]
    rates: dict[str, float]


def document_of(report: FlowReport, drawn: tuple[FlowFigure, ...], returns: Returns) -> FlowDocument:
    """Return the document of a report and its pictures."""
    same = {name: getattr(report, name) for name in FlowDocument.model_fields if hasattr(report, name)}
    return FlowDocument(**same, figures=drawn, rows={one.id: len(one.picture.rows) for one in drawn}, returns=returns)


def shortened(document: FlowDocument) -> FlowDocument:
    """Return a document whose pictures have at most 200 rows."""
    kept = tuple(one.having(picture=one.picture.having(rows=one.picture.rows[:_ROWS])) for one in document.figures)
    return document.having(figures=kept)


def summary_of(report: FlowReport, key: str) -> FlowSummary:
    """Return a report in a line."""
    by_id = {one.id: one.value for one in report.measures}
    first = report.standings[0] if report.standings else None
    return FlowSummary(
        project=report.project,
        key=key,
        at=report.at,
        data_to=report.data_to,
        figures={name: by_id.get(name) for name in TELLING},
        waits=f"{first.kind}: {first.state}, {first.share:.0%} of days" if first else "",
        grows=next((one.sentence for one in report.shifts if one.kind == "overload"), ""),
        bypassed=tuple(one.id for one in report.controls if one.tempo is not None and one.tempo.rises),
        rates={one.id: one.rate for one in report.controls if one.rate is not None},
    )
