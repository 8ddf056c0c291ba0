"""`ticket-cycle-time`: started → closed."""

from dataclasses import replace
from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import FlowLog
from scout.flow.reading import Reading
from scout.flow.survival import lasting, of_lasting


class TicketCycleTime(Measure):
    """How long a ticket takes once it was started."""

    id: ClassVar[str] = "ticket-cycle-time"
    order: ClassVar[int] = 11
    unit: ClassVar[str] = "elapsed days"
    definition: ClassVar[str] = (
        "Started → closed for every ticket whose start is known: the first time it came into a started state, as the "
        "tracker says; else as it is inferred: the first change that says it closes the ticket was opened (or the "
        "ticket created, where that was later); else somebody was assigned for the first time. Started and not "
        "closed counts as 'at least this long'; closed before it was started, or nobody knows when, is left out. "
        "Parts are kinds of work, and sizes where labels give them."
    )
    formula: ClassVar[str] = (
        "median and 85th percentile by Kaplan–Meier; 95 % interval of the median by the log-log method"
    )
    source: ClassVar[str] = (
        "The Kanban Guide (2020), 'cycle time'; Kaplan and Meier (1958); Vacanti, Actionable Agile Metrics for "
        "Predictability (2015)"
    )
    bias: ClassVar[str] = (
        "An inferred start is later than the real one, so the time is too short; `start-inference` says by how "
        "much where both are known. Tickets whose start left no trace are not in it."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return the durations of started tickets."""
        ticket = log.ticket
        untold = ticket["is_closed"] & np.isnan(ticket["closed"])
        found = lasting(log, ticket, "started", "closed", ~np.isnan(ticket["started"]) & ~untold)
        reading = of_lasting("ticket", found, "started tickets", ticket["kind"][found.subjects])
        sized = np.array(
            [f"size {size}" if size else "" for size in ticket["size"][found.subjects].tolist()], dtype=str
        )
        sizes = of_lasting("ticket", found, "started tickets", sized).groups
        inferred = int(np.isnan(ticket["started_told"][found.subjects]).sum())
        said = (
            (f"The start of {inferred} of {found.days.size} is inferred, not told by the tracker.",) if inferred else ()
        )
        return replace(
            reading, groups=(*reading.groups, *sizes), notes=(*reading.notes, *said) if reading.n else reading.notes
        )
