"""Fill an order: rewrites of tickets that are not ready, and new candidates, the cheaper first."""

from typing import NamedTuple

from scout.model import Plan
from scout.service.draft import DraftReport, draft
from scout.service.refinements import OfferedReport, keep_refinements
from scout.service.scan import FindingsReport
from scout.service.selecting import wanted_of
from scout.service.wiring import Project, Workspace


class Filled(NamedTuple):
    """What an order was filled with."""

    drafted: DraftReport
    refined: OfferedReport


def fill(work: Workspace, project: Project, found: FindingsReport, plan: Plan) -> Filled:
    """Make the candidates that a plan orders; what one sort leaves of the order, the other may take.

    Args:
        work: the workspace.
        project: the project.
        found: what the scouts found just now.
        plan: the plan of now.
    """
    if plan.refine:
        refined = keep_refinements(work, project, plan.refine)
        return Filled(draft(work, project, found, wanted_of(plan, len(refined.offered))), refined)
    drafted = draft(work, project, found, wanted_of(plan))
    return Filled(drafted, keep_refinements(work, project, plan.order - len(drafted.drafted)))
