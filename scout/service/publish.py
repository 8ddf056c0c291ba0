"""File what reviewers accepted, each exactly once; without `live`, show exactly what would be filed."""

import logging
from contextlib import nullcontext
from typing import ClassVar

from scout.model import Report
from scout.publish.outbox import due
from scout.review.transitions import accepted_revision
from scout.service import relating
from scout.service.courier import Courier, Filed, PublishEntry
from scout.service.publishers import tracker_in
from scout.service.relating import Related
from scout.service.wiring import Project, Workspace

__all__ = ["Filed", "PublishEntry", "PublishReport", "publish"]

log = logging.getLogger(__name__)


class PublishReport(Report):
    """What was filed, or would be.

    Attributes:
        failed: entries that could not be filed; their intent stays and is tried again.
        related: tickets that become parts of those of the same cause in other projects.
        swept: whether the ledger had been restored: every marker was looked up before anything was filed.
        strangers: tickets in the tracker, by their keys there, that bear our marker and the restored ledger has no
            acceptance of: they were filed after the backup.
    """

    schema_id: ClassVar[str] = "scout.publication/1"

    project: str
    live: bool
    entries: tuple[PublishEntry, ...]
    filed: int
    failed: int
    related: tuple[Related, ...] = ()
    swept: bool = False
    strangers: tuple[str, ...] = ()


def publish(work: Workspace, project: Project, *, live: bool) -> PublishReport:
    """Go through the outbox of a project, oldest first; one process at a time writes to a tracker.

    Before a candidate is filed for the first time its marker is looked up and its finding looked for again: what is
    there already is taken as filed, what is gone, or stands in another open ticket, goes back to the inbox.

    Raises:
        UnavailableError: another process is filing and does not end; or the tracker cannot be used at all.
        UsageError: something is to be filed in the checkout of a project that has none.
    """
    tracker = tracker_in(work, project)
    with work.ledger.publishing(tracker) if live else nullcontext():
        lives = {one.id: one for one in work.ledger.candidates(project=project.id)}
        accepted = {
            one.id: revision
            for one in lives.values()
            if (revision := accepted_revision(one.decisions, work.now)) is not None
        }
        waiting = due(work.ledger.intents(project.id), accepted)
        restored = live and work.ledger.restored_at(project.id) is not None
        parts = relating.waiting(work, project)
        if not waiting and not restored and not parts:
            return _report(project, (), live=live)
        fence = work.ledger.fence(work.now, tracker) if live else ""
        with Courier(work, project, fence) as courier:
            strangers = _swept(work, project, courier) if restored else ()
            entries = tuple(courier.carry(lives, waiting)) if waiting else ()
            related = courier.relate()
    return _report(project, entries, live=live).having(swept=restored, strangers=strangers, related=related)


def _swept(work: Workspace, project: Project, courier: Courier) -> tuple[str, ...]:
    """Look through the tracker for what was filed after the backup; nothing is filed before that has succeeded."""
    found = courier.sweep()
    waiting = {one.key for one in work.ledger.intents(project.id)}
    known = {one.key for one in work.ledger.receipts(project.id)}
    for key in sorted(waiting & found.keys()):
        work.ledger.receive(key, found[key].ticket, found[key].url, work.now)
    strangers = tuple(sorted(found[key].ticket for key in found.keys() - waiting - known))
    if strangers:
        log.warning("%d tickets were filed after the backup: %s.", len(strangers), ", ".join(strangers))
    work.ledger.swept(work.now, project.id)
    return strangers


def _report(project: Project, entries: tuple[PublishEntry, ...], *, live: bool) -> PublishReport:
    return PublishReport(
        project=project.id,
        live=live,
        entries=entries,
        filed=sum(one.outcome in {Filed.FILED, Filed.FOUND} for one in entries),
        failed=sum(one.outcome is Filed.FAILED for one in entries),
    )
