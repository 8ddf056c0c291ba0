"""`work-in-progress`: started and not finished."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow._queue import in_progress
from scout.flow.log import FlowLog
from scout.flow.reading import ENOUGH, Group, Reading, too_little


class WorkInProgress(Measure):
    """How much was started and is not finished."""

    id: ClassVar[str] = "work-in-progress"
    order: ClassVar[int] = 24
    unit: ClassVar[str] = "tickets and changes"
    definition: ClassVar[str] = (
        "Open tickets that are in a started state, or whose start is known or inferred as in `ticket-cycle-time`, and "
        "open changes, drafts and those of programs included; a ticket that an open change says it closes counts once, "
        "as that change. Parts are all such tickets, and the changes."
    )
    formula: ClassVar[str] = (
        "count now; p50 and p85 (linear interpolation) of the number of changes created and not ended at the end of "
        "each of the last 90 days of data, days off included"
    )
    source: ClassVar[str] = "The Kanban Guide (2020), 'work in progress'"
    bias: ClassVar[str] = "What was started and silently dropped counts. Work without ticket or change is not seen."

    def read(self, log: FlowLog) -> Reading:
        """Return how much is in progress now."""
        if not log.ticket["subject"].size and not log.change["subject"].size:
            return too_little(0, "tickets or changes")
        ticket = log.ticket
        started = ~ticket["is_closed"] & ((ticket["state"] == "started") | ~np.isnan(ticket["started"]))
        changing = log.change["state"] == "open"
        alone, changes = int((started & ~ticket["in_change"]).sum()), int(changing.sum())
        first, after = log.window(90)
        counts = in_progress(log.change, first, after)
        middle, slow = (float(value) for value in np.percentile(counts, [50, 85])) if counts.size else (None, None)
        total = alone + changes
        groups = tuple(
            Group(name, n, float(n))
            for name, n in (("tickets", int(started.sum())), ("changes", changes))
            if n >= ENOUGH
        )
        return Reading(total, float(total), middle, slow, groups=groups)
