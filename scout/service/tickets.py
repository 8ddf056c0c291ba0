"""A project's tickets: as they were last pulled, and as they are now where looking costs nothing."""

from scout.errors import ScoutError
from scout.model import Ticket, TicketState
from scout.service.snapshot import rows_of
from scout.service.wiring import Project, Workspace
from scout.sources import files
from scout.text.ticket_folder import inside
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import tickets as table


def known_tickets(work: Workspace, project: Project) -> tuple[Ticket, ...]:
    """Return a project's tickets as they were last pulled; none before the first run."""
    try:
        with work.warehouse.reading() as connection:
            return table.all_tickets(connection, project.id)
    except NoWarehouseError:
        return ()


def current_tickets(work: Workspace, project: Project) -> tuple[Ticket, ...]:
    """Return a project's tickets with those of its folder as they are now; a folder out of reach is left as pulled."""
    pulled = known_tickets(work, project)
    if not project.reads("files"):
        return pulled
    try:
        found = files.current_tickets(project.id, inside(project.tickets, project.path))
    except (ScoutError, OSError):
        return pulled
    return (*(one for one in pulled if one.source != "files"), *found)


def ticket_state(work: Workspace, project: Project, key: str) -> TicketState | None:
    """Return where a ticket is, read for itself alone; None where the project has none of that key."""
    if project.reads("files"):
        found = next((one for one in current_tickets(work, project) if one.key == key), None)
        return found and found.state
    published = rows_of(work)
    if published.digest(project.id):
        row = published.ticket(project.id, key)
        return TicketState(row.state) if row else None
    return next((one.state for one in known_tickets(work, project) if one.key == key), None)


def target_of(project: Project) -> str:
    """Return the tickets folder from the project's path, as settings, outbox and reports name it."""
    inside_path = project.tickets.is_relative_to(project.path)
    return str(project.tickets.relative_to(project.path) if inside_path else project.tickets)
