"""Pull a project's sources into the warehouse: stage apart, merge once, in one transaction."""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from scout.model import Frozen, Outcome, Report
from scout.registry import plugin
from scout.repository import EmptyRepositoryError, Repository
from scout.service.known import KnownRecords
from scout.service.pages import forget_pages
from scout.service.pulling import Pulled, pulled
from scout.service.remaking import brought_up
from scout.service.tickets import target_of
from scout.service.wiring import Project, Workspace
from scout.sources import Source, SourceContext
from scout.warehouse.merge import merge
from scout.warehouse.staging import Staging, staging_area

log = logging.getLogger(__name__)


class SourceReport(Frozen):
    """How one source's pull ended.

    Attributes:
        unchanged: it had nothing new, so nothing was written.
        rows: rows staged, by stream.
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


def ingest(work: Workspace, project: Project, step: Callable[[str], None] = lambda _: None) -> IngestReport:
    """Pull what is new from every source of a project and merge it.

    One source that cannot be read never stops the others; what it brought before stays, and what it brought of a
    part is kept.

    Args:
        work: the workspace.
        project: the project.
        step: takes a short phrase about progress.

    Raises:
        StoreError: the state folder or the warehouse cannot be written.
        UsageError: the project's path is no repository, or a source is unknown.
    """
    work.prepare()
    work.remember(project)
    work.freshness.states(project.id)
    if work.freshness.warning:
        log.warning("the state of sources was made anew: %s", work.freshness.warning)
    pulls: list[Pulled] = []
    with ExitStack() as stack:
        repository = stack.enter_context(Repository.open(project.path)) if project.has_checkout else None
        area = stack.enter_context(staging_area(work.home / "staging"))
        around = _surroundings(work, project, repository, step)
        for choice in project.sources:
            kind: type[Source] = plugin(Source, "scout.sources", "scout.sources", choice.id, "source")
            source = kind()
            known = KnownRecords(work.warehouse, project.id, choice.id)
            at = replace(around, known=known, named=choice.named, settings=choice.settings)
            cursor = brought_up(work.warehouse, project.id, source, at, Staging(area / f"{choice.id}-anew"))
            pulls.append(pulled(source, project.id, at, cursor, Staging(area / choice.id)))
        if stagings := [one.staging for one in pulls if one.staging]:
            merge(work.warehouse, stagings, project.id, work.now)
        for one in pulls:
            _settle(work, project, one)
    reports = tuple(_report(work, project, one) for one in pulls)
    return IngestReport(
        project=project.id,
        sources=reports,
        partial=any(report.required and report.outcome is Outcome.UNAVAILABLE for report in reports),
    )


def _surroundings(
    work: Workspace, project: Project, repository: Repository | None, step: Callable[[str], None]
) -> SourceContext:
    """Return what the pulls of all sources have in common."""
    return SourceContext(
        path=project.path,
        home=work.home,
        now=work.now,
        salt=work.salt(),
        known=KnownRecords(work.warehouse, project.id, ""),
        repository=repository,
        sha=_head(repository) if repository else "",
        folder=target_of(project),
        step=step,
    )


def _head(repository: Repository) -> str:
    try:
        return repository.resolve()
    except EmptyRepositoryError:
        return ""


def _settle(work: Workspace, project: Project, one: Pulled) -> None:
    """Say how a pull ended, unless the merge did; pages it no longer needs go."""
    if one.staging is None:
        work.freshness.record(project.id, one.source, one.ending, at=work.now)
    if one.pull.outcome is not Outcome.UNAVAILABLE:
        forget_pages(work.home, project.id, one.source)


def _report(work: Workspace, project: Project, one: Pulled) -> SourceReport:
    state = work.freshness.states(project.id).get(one.source)
    return SourceReport(
        source=one.source,
        outcome=one.pull.outcome,
        reason=one.pull.reason,
        unchanged=one.pull.unchanged,
        rows=dict(one.rows),
        fetched_at=state.fetched_at if state else None,
        required=one.source in project.required,
        notes=tuple(one.pull.notes),
    )
