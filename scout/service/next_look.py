"""When to look at projects again, as their newest plans say."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from scout.service.wiring import Workspace
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import plans


class NextLook(NamedTuple):
    """What a plan says about the next one.

    Attributes:
        planned_at: when the plan was made (UTC).
        due_at: when to look again (UTC).
    """

    planned_at: datetime
    due_at: datetime


def next_looks(work: Workspace, projects: Iterable[str]) -> Mapping[str, NextLook]:
    """Return by project when its newest kept plan wants to be made again; projects without a plan are left out.

    A plan that says the same as the one before is not kept, so that a later run may know better than this.
    """
    try:
        with work.warehouse.reading() as connection:
            kept = {name: plans.latest(connection, name) for name in projects}
    except NoWarehouseError:
        return {}
    return {name: NextLook(plan.at, plan.next_review_at) for name, plan in kept.items() if plan is not None}
