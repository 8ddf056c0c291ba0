"""What a run leaves for the page: one document, replaced whole, so that the page never waits for the pipeline."""

import logging
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, cast

from scout.drafts import clusters
from scout.errors import StoreError
from scout.model import Finding, Report, own_files
from scout.service.starts import history_of
from scout.service.wiring import Project, Workspace
from scout.warehouse.connection import Connection
from scout.warehouse.published import FindingRow, Rows
from scout.warehouse.snapshot import Snapshot, read_snapshot, stamp, write_snapshot
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import endings, findings, lines, plans, verdicts

FILE_NAME = "snapshot.json"
ROWS_NAME = "snapshot.sqlite"
MOST_DAYS = 120
"""Days with starts, and plans, that are left for the pictures."""
log = logging.getLogger(__name__)


class SnapshotReport(Report):
    """Whether the page's document was replaced.

    Attributes:
        changed: false when it says the same as before.
    """

    schema_id: ClassVar[str] = "scout.snapshot-written/1"

    path: str
    changed: bool
    projects: int


def snapshot(work: Workspace, project: Project | None = None) -> SnapshotReport:
    """Write what the page reads; with `project`, the others stay as the last run left them.

    One that cannot be read is replaced: everything in it can be had again.
    """
    path = work.home / FILE_NAME
    try:
        kept = by_project(work)
    except StoreError as error:
        log.warning("the snapshot was made anew: %s", error.what)
        kept = {one.id: _project(work, one) for one in work.projects}
    for one in (project,) if project is not None else work.projects:
        kept[one.id] = _project(work, one)
    content = {"projects": [kept[name] for name in sorted(kept)]}
    return SnapshotReport(path=str(path), changed=write_snapshot(path, content, work.now), projects=len(kept))


def read(work: Workspace) -> Snapshot | None:
    """Return the last snapshot; None before the first run."""
    return read_snapshot(work.home / FILE_NAME)


def stamp_of(work: Workspace) -> tuple[str | int, ...]:
    """Return what is another one whenever a snapshot was written."""
    return str(work.home), *stamp(work.home / FILE_NAME)


def by_project(work: Workspace) -> dict[str, Any]:
    """Return the parts of the last snapshot by project; what has another form is left out.

    Raises:
        StoreError: the snapshot cannot be read.
    """
    before = read(work)
    parts: Any = before.content.get("projects") if before else None
    known = cast("list[Any]", parts) if isinstance(parts, list) else []
    tables = (cast("dict[str, Any]", one) for one in known if isinstance(one, dict))
    return {str(one["id"]): one for one in tables if "id" in one}


def _project(work: Workspace, project: Project) -> dict[str, Any]:
    try:
        with work.warehouse.reading() as connection:
            plan = plans.latest(connection, project.id)
            stock = plans.recent(connection, project.id, MOST_DAYS)
            asked = history_of(work, project, connection).asked[-MOST_DAYS:]
            found = findings.read(connection, project.id)
            judged = verdicts.counts(connection, project.id)
            taught = endings.calibrations(connection).get(project.id)
            _publish(work, project, connection, found)
    except NoWarehouseError:
        plan, stock, asked, found, judged, taught = None, [], [], (), (0, 0), None
    return {
        "id": project.id,
        "plan": plan.model_dump(mode="json", exclude={"at", "next_review_at"}) if plan else None,
        "starts": [(day.isoformat(), count) for day, count in asked],
        "stock": [(day.isoformat(), *figures) for day, *figures in stock],
        "findings": {"all": len(found), "offered": sum(finding.offered for finding in found)},
        "tickets": {"open": judged[0], "ready": judged[1]},
        "taught": taught[1] if taught else None,
    }


def rows_of(work: Workspace) -> Rows:
    """Return the rows behind the figures."""
    return Rows(work.home / ROWS_NAME)


def _publish(work: Workspace, project: Project, connection: Connection, found: Sequence[Finding]) -> None:
    """Replace a project's rows, unless they are the same."""
    known = (
        lines.digest(connection, project.id, work.now),
        verdicts.digest(connection, project.id),
        findings.digest(connection, project.id),
    )
    published = rows_of(work)
    try:
        same = published.digest(project.id) == "/".join(known)
    except StoreError as error:
        log.warning("the published rows were made anew: %s", error.what)
        same = False
    if not same:
        told = lines.rows(connection, project.id, work.now)
        published.replace(project.id, "/".join(known), told, _finding_rows(found))


def _finding_rows(found: Sequence[Finding]) -> Iterator[FindingRow]:
    leading = {id(one.lead): one for one in clusters(found)}
    for place, one in enumerate(found):
        paths = leading[id(one)].paths if id(one) in leading else own_files(one.evidence)
        yield FindingRow(
            place=place,
            fingerprint=one.fingerprint,
            signal=one.signal,
            subject=one.subject,
            title=one.story.title,
            severity=one.severity,
            offered=one.offered,
            leads=id(one) in leading,
            paths="\n".join(paths),
        )
