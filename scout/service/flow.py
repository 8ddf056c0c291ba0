"""Measure a project's flow: where its work waits, returns and repeats, and which controls are still real."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar

from scout.flow import MeasureFigure, Reading
from scout.flow.catalogue import controls, measures
from scout.flow.compare import Comparison, compare, proposals
from scout.flow.controls_figure import ControlFigure
from scout.flow.decisions import DecisionStep, decision_steps
from scout.flow.disappearing import Disappearing, disappearing
from scout.flow.handoffs import Handoff, Standing, handoffs, standings
from scout.flow.load import LoadShift, load_shifts
from scout.flow.log import FlowLog, as_moment
from scout.flow.recurring import Recurrence, recurrences
from scout.flow.trust import remarks
from scout.model import Frozen, Report
from scout.service.flow_export import export
from scout.service.flow_log import FlowSource, flow_source
from scout.service.flow_register import register
from scout.service.wiring import Project, Workspace
from scout.signals.register import Dependent, Relied


class Register(Frozen):
    """What others rely on that nobody planned as infrastructure.

    Attributes:
        entries: scripts and services.
        used_by: lines of other projects of the portfolio that use workflows or actions of this one.
        unavailable: why there is no register; empty where there is one.
    """

    entries: tuple[Relied, ...]
    used_by: tuple[Dependent, ...]
    unavailable: str


class FlowReport(Report):
    """What is known of a project's flow.

    Attributes:
        at: the present moment the figures are of (UTC).
        data_from: the first event (UTC); None without any.
        data_to: the last one.
        events: how many events the log has.
        landings: how many commits or changes came onto the default branch.
        measures: the figures.
        shifts: surges and overloads, by tests.
        standings: where days are spent.
        handoffs: where work goes next.
        comparisons: waits before and after dates.
        decisions: steps that need a decision.
        controls: rules that can be observed.
        relied_on: what others rely on that nobody planned as infrastructure.
        recurrences: what comes again and again.
        disappearing: what nothing depends on any more.
        notes: what to know about the data, complete sentences.
        exported: names of the files that were written.
    """

    schema_id: ClassVar[str] = "scout.flow/1"

    project: str
    at: datetime
    data_from: datetime | None
    data_to: datetime | None
    events: int
    tickets: int
    changes: int
    landings: int
    measures: tuple[MeasureFigure, ...]
    shifts: tuple[LoadShift, ...]
    standings: tuple[Standing, ...]
    handoffs: tuple[Handoff, ...]
    comparisons: tuple[Comparison, ...]
    decisions: tuple[DecisionStep, ...]
    controls: tuple[ControlFigure, ...]
    relied_on: Register
    recurrences: tuple[Recurrence, ...]
    disappearing: tuple[Disappearing, ...]
    notes: tuple[str, ...]
    exported: tuple[str, ...] = ()

    @property
    def partial(self) -> bool:
        """Whether there is nothing at all to measure."""
        return not self.events and not self.landings


def flow(
    work: Workspace,
    name: str | None = None,
    step: Callable[[str], None] = lambda _: None,
    folder: Path | None = None,
    day: date | None = None,
) -> FlowReport:
    """Measure the flow of a project from what the warehouse and its checkout have of it.

    Args:
        work: the workspace.
        name: the project's id; None for the one of the working folder.
        step: takes a short phrase about progress.
        folder: where to write tables to; None writes none.
        day: to compare before and after; None compares what is proposed.

    Raises:
        UsageError: there is no such project.
        NoWarehouseError: nothing was ever read.
    """
    report, source, readings = measured_flow(work, name, step, day)
    if folder is None:
        return report
    step("Writing tables")
    return report.having(exported=export(folder, source.log, report, readings))


def measured_flow(
    work: Workspace, name: str | None, step: Callable[[str], None] = lambda _: None, day: date | None = None
) -> tuple[FlowReport, FlowSource, tuple[Reading, ...]]:
    """Return a project's report with what it was made of, and what each measure rests on.

    Raises:
        UsageError: there is no such project.
        NoWarehouseError: nothing was ever read.
    """
    project = work.project(name)
    source = flow_source(work, project, step)
    readings = read_all(source.log, step)
    return _report(work, project, source, readings, day, step), source, readings


def _report(  # noqa: PLR0913, PLR0917 - what a report is made of
    work: Workspace,
    project: Project,
    source: FlowSource,
    readings: Sequence[Reading],
    day: date | None,
    step: Callable[[str], None],
) -> FlowReport:
    log = source.log
    step("Comparing before and after")
    chosen = ((day, "asked for"),) if day else proposals(log)
    moments = log.event["at"]
    span = (as_moment(float(moments[0])), as_moment(float(moments[-1]))) if moments.size else (None, None)
    return FlowReport(
        project=project.id,
        at=work.now,
        data_from=span[0],
        data_to=span[1],
        events=int(moments.size),
        tickets=int(log.ticket["subject"].size),
        changes=int(log.change["subject"].size),
        landings=int(log.landing["at"].size),
        measures=tuple(measure.figure(reading) for measure, reading in zip(measures(), readings, strict=True)),
        shifts=load_shifts(log),
        standings=standings(log),
        handoffs=handoffs(log),
        comparisons=tuple(compare(log, when, because) for when, because in chosen),
        decisions=decision_steps(log),
        controls=tuple(control.figure(log) for control in controls()),
        relied_on=_relied_on(work, project, step),
        recurrences=_recurring(source, step),
        disappearing=_unneeded(source),
        notes=remarks(log),
    )


def _relied_on(work: Workspace, project: Project, step: Callable[[str], None]) -> Register:
    entries, used_by, reason = register(work, project, step)
    return Register(entries=entries, used_by=used_by, unavailable=reason)


def read_all(log: FlowLog, step: Callable[[str], None] = lambda _: None) -> tuple[Reading, ...]:
    """Return what each measure finds in a log, in the order of the catalogue."""
    readings: list[Reading] = []
    for measure in measures():
        step(f"Measuring {measure.id}")
        readings.append(measure.read(log))
    return tuple(readings)


def _recurring(source: FlowSource, step: Callable[[str], None]) -> tuple[Recurrence, ...]:
    step("Looking for what repeats")
    return recurrences(source.told, source.names.hides, source.own)


def _unneeded(source: FlowSource) -> tuple[Disappearing, ...]:
    rows = (row for row in source.unused if not source.names.hides(row.name))
    return disappearing((row.kind, row.name, row.used, row.last_used) for row in rows)
