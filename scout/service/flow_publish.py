"""Publish a project's flow for the page: pictures, tables and rows, so that the page never opens the warehouse."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from pydantic import ValidationError

from scout.errors import StoreError
from scout.flow.catalogue import measures
from scout.model import Report, digest
from scout.service.flow import FlowReport, measured_flow
from scout.service.flow_document import FlowDocument, FlowSummary, document_of, shortened, summary_of
from scout.service.flow_pictures import figures
from scout.service.flow_returns import returned
from scout.service.sight import core_digest
from scout.service.wiring import Project, Workspace
from scout.signals import Reads
from scout.warehouse.freshness import replace_file
from scout.warehouse.store import NoWarehouseError

log = logging.getLogger(__name__)
DOCUMENT, SUMMARY = "page.json", "summary.json"


class FlowPublished(Report):
    """What was published of a project's flow.

    Attributes:
        changed: false when nothing had changed since the last time.
    """

    schema_id: ClassVar[str] = "scout.flow-published/1"

    project: str
    changed: bool
    summary: FlowSummary


def folder_of(home: Path, project: str) -> Path:
    """Return where what the page shows of a project's flow is kept."""
    return home / "flow" / project


def publish_flow(work: Workspace, project: Project, step: Callable[[str], None] = lambda _: None) -> FlowPublished:
    """Measure a project's flow and leave it for the page; what has not changed since that day is left as it is.

    Raises:
        NoWarehouseError: nothing was ever read.
        StoreError: the folder cannot be written.
    """
    folder = folder_of(work.home, project.id)
    key = _key(work, project)
    before = read_summary(folder)
    if before is not None and before.key == key:
        return FlowPublished(project=project.id, changed=False, summary=before)
    report, source, readings = measured_flow(work, project.id, step)
    step("Drawing")
    by_id = {measure.id: reading for measure, reading in zip(measures(), readings, strict=True)}
    drawn = figures(source.log, report, by_id)
    document = document_of(report, drawn, returned(work, project, source.log))
    summary = summary_of(report, key)
    _write(folder, document, summary, report, source.log, readings)
    return FlowPublished(project=project.id, changed=True, summary=summary)


def _write(  # noqa: PLR0913, PLR0917 - what is written
    folder: Path,
    document: FlowDocument,
    summary: FlowSummary,
    report: FlowReport,
    flow_log: Any,
    readings: Sequence[Any],
) -> None:
    from scout.service.flow_export import export_shown
    from scout.warehouse.export import write_table

    for figure in document.figures:
        shown = figure.picture
        columns = {name: [row[at] for row in shown.rows] for at, name in enumerate(shown.columns)}
        write_table(folder, figure.id, columns)
    export_shown(folder, flow_log, report, readings)
    folder.chmod(0o700)
    replace_file(folder / DOCUMENT, shortened(document).model_dump_json().encode())
    replace_file(folder / SUMMARY, summary.model_dump_json().encode())


def read_document(folder: Path) -> FlowDocument | None:
    """Return what was published of a project's flow; None where nothing was, or by another version."""
    try:
        return FlowDocument.model_validate_json((folder / DOCUMENT).read_bytes())
    except (OSError, ValidationError):
        return None


def read_summary(folder: Path) -> FlowSummary | None:
    """Return the main figures that were published; None where nothing was, or by another version."""
    try:
        return FlowSummary.model_validate_json((folder / SUMMARY).read_bytes())
    except (OSError, ValidationError):
        return None


def publish_after_run(work: Workspace, project: Project) -> None:
    """Publish at the end of a run, which is not lost when that fails."""
    try:
        publish_flow(work, project)
    except NoWarehouseError:
        return
    except StoreError as error:
        log.warning("the flow was not published: %s", error.what)


def _key(work: Workspace, project: Project) -> str:
    """Return what the published flow depends on: the day, what trackers say, the checkout, settings and code."""
    from scout.repository import Repository
    from scout.service.flow_log import settings_of
    from scout.service.scan import code_digest

    sha = ""
    if project.has_checkout:
        with Repository.open(project.checkout, work.home / "cache" / "repositories") as repository:
            sha = repository.resolve()
    told = core_digest(work, project, frozenset({Reads.FLOW}))
    settings = settings_of(work, project.id).model_dump(mode="json")
    days = work.loaded.settings.portfolio.holidays
    return digest(code_digest(), work.now.date().isoformat(), sha, told, settings, days, length=32)
