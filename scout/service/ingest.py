"""Pull a project's sources into the warehouse: stage apart, merge once, in one transaction."""

import logging
from contextlib import ExitStack
from datetime import datetime
from typing import ClassVar

from scout.errors import UnavailableError
from scout.model import Frozen, Outcome, Report
from scout.registry import pick, plugins
from scout.repository import EmptyRepositoryError, Repository
from scout.service.tickets import target_of
from scout.service.wiring import Project, Workspace
from scout.sources import Pull, Source, SourceContext
from scout.warehouse.merge import merge, stored_cursor
from scout.warehouse.staging import Staging, staging_area

log = logging.getLogger(__name__)
READ = {Outcome.PRESENT, Outcome.ABSENT}


class SourceReport(Frozen):
    """How one source's pull ended.

    Attributes:
        unchanged: it had nothing new, so nothing was written.
        rows: rows staged by stream.
        fetched_at: when it was last read to the end (UTC); None when it never was.
        required: whether a missing answer makes the project blind.
        notes: what a reader should know.
    """

    source: str
    outcome: Outcome
    reason: str = ""
    unchanged: bool = False
    rows: dict[str, int] = {}
    fetched_at: datetime | None = None
    required: bool = True
    notes: tuple[str, ...] = ()


class IngestReport(Report):
    """How the pull of a project's sources ended.

    Attributes:
        partial: whether a source that must answer did not.
    """

    schema_id: ClassVar[str] = "scout.ingest/1"

    project: str
    sources: tuple[SourceReport, ...]
    partial: bool


def ingest(work: Workspace, project: Project) -> IngestReport:
    """Pull what is new from every source of a project and merge it.

    One source that cannot be read never stops the others; what it brought before stays.

    Raises:
        StoreError: the state folder or the warehouse cannot be written.
        UsageError: the project's path is no repository, or a source is unknown.
    """
    work.prepare()
    work.remember(project)
    work.freshness.states(project.id)
    if work.freshness.warning:
        log.warning("the state of sources was made anew: %s", work.freshness.warning)
    with ExitStack() as stack:
        repository = stack.enter_context(Repository.open(project.path))
        at = SourceContext(
            path=project.path,
            now=work.now,
            salt=work.salt(),
            repository=repository,
            sha=_head(repository),
            settings={"folder": target_of(project), "named": project.named},
        )
        area = stack.enter_context(staging_area(work.home / "staging"))
        known: dict[str, type[Source]] = plugins(Source, "scout.sources", "scout.sources")
        reports: list[SourceReport] = []
        stagings: list[Staging] = []
        for name in project.sources:
            staging = Staging(area / name)
            source = pick(known, name, "source")()
            report = _pull(source, work, project, at, staging)
            reports.append(report)
            if report.outcome in READ and not report.unchanged:
                stagings.append(staging)
        if stagings:
            merge(work.warehouse, stagings, project.id, work.now)
        for report in reports:
            if report.unchanged or report.outcome is not Outcome.PRESENT:
                _record(work, project, report)
    return IngestReport(
        project=project.id,
        sources=tuple(_dated(work, project, report) for report in reports),
        partial=any(report.required and report.outcome is Outcome.UNAVAILABLE for report in reports),
    )


def _pull(source: Source, work: Workspace, project: Project, at: SourceContext, staging: Staging) -> SourceReport:
    cursor = stored_cursor(work.warehouse, project.id, source.id)
    required = project.named or source.id == "git"
    try:
        pull = source.pull(project.id, at, cursor)
        rows = _stage(pull, staging, source.id)
    except UnavailableError as error:
        pull, rows = Pull(outcome=Outcome.UNAVAILABLE, reason=error.what), {}
    if pull.outcome is Outcome.UNAVAILABLE:
        log.warning("%s could not be read: %s", source.id, pull.reason)
    return SourceReport(
        source=source.id,
        outcome=pull.outcome,
        reason=pull.reason,
        unchanged=pull.unchanged,
        rows=rows,
        required=required,
        notes=tuple(pull.notes),
    )


def _stage(pull: Pull, staging: Staging, source: str) -> dict[str, int]:
    """Write what a pull brings as Parquet and return rows by stream; nothing counts before the manifest is there."""
    if pull.outcome not in READ or pull.unchanged:
        return {}
    rows: dict[str, int] = {}
    for stream, batch in pull.batches:
        staging.write(stream, batch)
        rows[stream] = rows.get(stream, 0) + batch.num_rows
    staging.cursor(source, dict(pull.cursor), full=False, whole=tuple(sorted(pull.replaced)))
    staging.finish()
    return rows


def _record(work: Workspace, project: Project, report: SourceReport) -> None:
    work.freshness.record(project.id, report.source, at=work.now, outcome=report.outcome, reason=report.reason)


def _head(repository: Repository) -> str:
    try:
        return repository.resolve()
    except EmptyRepositoryError:
        return ""


def _dated(work: Workspace, project: Project, report: SourceReport) -> SourceReport:
    state = work.freshness.states(project.id).get(report.source)
    return report.having(fetched_at=state.fetched_at if state else None)
