"""From raw to core: the same words for every tracker."""

from typing import ClassVar

from scout.model import Report
from scout.service.wiring import Project, Workspace
from scout.warehouse.tables import git, records, tickets


class RefineReport(Report):
    """What core holds for a project: rows by table."""

    schema_id: ClassVar[str] = "scout.core/1"

    project: str
    rows: dict[str, int]


def refine(work: Workspace, project: Project) -> RefineReport:
    """Return what core holds.

    Every merge refines what it merged in the same transaction, so that raw and core never disagree.
    """
    with work.warehouse.reading() as connection:
        history = git.counts(connection, project.id)
        core = records.core_counts(connection, project.id)
        states = tickets.counts(connection, project.id)
    rows = {
        "commits": history.commits,
        "landed changes": history.landed,
        "file changes": history.file_changes,
        "tags": history.tags,
        **{table.replace("_", " "): count for table, count in core.items()},
        **{f"tickets {state.value}": count for state, count in sorted(states.items())},
    }
    return RefineReport(project=project.id, rows=rows)
