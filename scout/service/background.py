"""What surrounds a piece of work, from the repository's history and what trackers said."""

from datetime import datetime, timedelta
from functools import partial

from scout.drafts import Background, Cluster, Touch, comparable, conventions, related
from scout.errors import UnavailableError
from scout.model import EvidenceKind
from scout.repository import History
from scout.repository.changes import Change
from scout.service.elsewhere import elsewhere
from scout.service.tickets import known_tickets
from scout.service.wiring import Project, Workspace
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import core

_YEAR = timedelta(days=365)
_RECENT = timedelta(days=730)
"""Changes merged longer ago say little about what work takes now."""


class Surroundings:
    """Knows what surrounds the work on one project at one commit.

    Args:
        work: the workspace.
        project: whose tickets and changes.
        history: of the commit that was looked at; None for a project without a checkout.
    """

    def __init__(self, work: Workspace, project: Project, history: History | None) -> None:
        self._now, self._history = work.now, history
        self._elsewhere = partial(elsewhere, work, project.id)
        self._tickets = known_tickets(work, project)
        self._merged = _merged(work, project)
        self._conventions = conventions(self._tickets)

    def of(self, cluster: Cluster) -> Background:
        """Return the background of one piece of work."""
        first = cluster.evidence[0]
        paths = cluster.paths
        path = first.path if first.kind is EvidenceKind.FILE and not first.project else ""
        lead = cluster.lead
        parent, others = self._elsewhere(lead)
        known = Background(
            path=path,
            related=related(self._tickets, sorted({lead.subject, *([path] if path else ())})),
            comparable=comparable(self._merged, max(1, len(paths))),
            conventions=self._conventions,
            parent=parent,
            elsewhere=others,
        )
        return self._with_history(known, path, first.line) if path else known

    def _with_history(self, known: Background, path: str, line: int | None) -> Background:
        """Return the background with what the history says about a file, where that can be read."""
        if self._history is None:
            return known
        try:
            changes = self._history.touching(path)
            since = self._history.text_since(path, line) if line is not None else None
        except UnavailableError:
            return known
        if not changes:
            return known
        recent = sum(self._now - _YEAR <= change.at <= self._now for change in changes)
        begun = next((change for change in changes if since and change.sha == since[0]), None)
        return known.having(last=_touch(changes[0]), in_a_year=recent, since=_touch(begun) if begun else None)


def _touch(change: Change) -> Touch:
    return Touch(on=change.at.date(), sha=change.sha, title=change.title or change.subject)


def _merged(work: Workspace, project: Project) -> list[tuple[int, float]]:
    since: datetime = work.now - _RECENT
    try:
        with work.warehouse.reading() as connection:
            return core.merged_changes(connection, project.id, since)
    except NoWarehouseError:
        return []
