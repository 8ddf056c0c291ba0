"""What the page shows of flow: what was published, and nothing else; the warehouse stays closed."""

from pathlib import Path

from scout.errors import UsageError
from scout.model import Frozen
from scout.service.flow_document import FlowDocument, FlowSummary
from scout.service.flow_facts import last_known
from scout.service.flow_publish import folder_of, read_document, read_summary
from scout.service.wiring import Workspace
from scout.signals import given_way

_KINDS = (".csv", ".parquet")


class GivenUp(Frozen):
    """A control that two or more projects bypass more than they did, each with its share before and now, 0..1."""

    control: str
    projects: tuple[tuple[str, float, float], ...]


class PortfolioFlow(Frozen):
    """The flow of all projects.

    Attributes:
        lines: projects with something published, those with a queue that grows or a bypassed control first.
        unread: projects without.
        given_up: controls that gave way in two or more of them, each for itself.
    """

    lines: tuple[FlowSummary, ...]
    unread: tuple[str, ...]
    given_up: tuple[GivenUp, ...]


def portfolio_flow(work: Workspace) -> PortfolioFlow:
    """Return what was published of all projects."""
    known = {one.id: read_summary(folder_of(work.home, one.id)) for one in work.projects}
    lines = sorted(
        (one for one in known.values() if one is not None),
        key=lambda one: (not one.grows, not one.bypassed, one.project),
    )
    gave: dict[str, list[tuple[str, float, float]]] = {}
    for name in sorted(known):
        for control in last_known(work.home, name).controls:
            if (way := given_way(control)) is not None:
                gave.setdefault(control.id, []).append((name, way.before, way.now))
    return PortfolioFlow(
        lines=tuple(lines),
        unread=tuple(sorted(name for name, one in known.items() if one is None)),
        given_up=tuple(
            GivenUp(control=name, projects=tuple(rows)) for name, rows in sorted(gave.items()) if len(rows) > 1
        ),
    )


def project_flow(work: Workspace, name: str) -> FlowDocument | None:
    """Return what was published of a project; None where nothing was.

    Raises:
        UsageError: there is no such project.
    """
    return read_document(folder_of(work.home, work.project(name).id))


def rows_file(work: Workspace, name: str, file: str) -> Path:
    """Return the place of a table that was published.

    Raises:
        UsageError: there is no such project, or no such table.
    """
    folder = folder_of(work.home, work.project(name).id)
    known = {one.name: one for one in folder.iterdir() if one.suffix in _KINDS} if folder.is_dir() else {}
    if file not in known:
        message = f"There is no table {file} of {name}."
        raise UsageError(message, "Start at the project's flow; it leads to its tables.")
    return known[file]
