"""Promises about what was filed, checked after each run."""

from collections import defaultdict

from scout.publish.markers import labelled, marked
from scout.service.checks import CheckReport
from scout.service.tickets import current_tickets
from scout.service.wiring import Project, Workspace
from scout.text.front_matter import TicketFileError
from scout.text.ticket_file import parse
from scout.text.ticket_folder import entries, inside


def no_duplicate_markers(work: Workspace, project: Project) -> CheckReport:
    """No two tickets bear the same marker: nothing was filed twice, and nothing copied with its marker."""
    bearing: defaultdict[str, set[str]] = defaultdict(set)
    for one in current_tickets(work, project):
        for key in (marked(one.body), *labelled(one.labels)):
            if key:
                bearing[key].add(one.key)
    if project.reads("files") and project.tickets.is_dir():
        for entry in entries(inside(project.tickets, project.path)):
            try:
                key = parse(entry.read(), entry.name).marker.get("key")
            except (TicketFileError, FileNotFoundError):
                continue
            if key:
                bearing[key].add(entry.name)
    twice = sorted(", ".join(sorted(names)) for names in bearing.values() if len(names) > 1)
    reason = f"the same marker in: {'; '.join(twice)}" if twice else f"{len(bearing)} markers, each in one ticket"
    return CheckReport(passed=not twice, reason=reason, facts={"markers": len(bearing), "duplicates": len(twice)})
