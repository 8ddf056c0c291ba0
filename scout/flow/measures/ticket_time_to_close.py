"""`ticket-time-to-close`: created → closed, open tickets included."""

from dataclasses import replace
from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import FlowLog
from scout.flow.reading import Reading
from scout.flow.survival import lasting, of_lasting


class TicketTimeToClose(Measure):
    """How long a ticket takes from being created to being closed, open ones counted."""

    id: ClassVar[str] = "ticket-time-to-close"
    order: ClassVar[int] = 10
    unit: ClassVar[str] = "elapsed days"
    definition: ClassVar[str] = (
        "Created → closed for every ticket; an open one counts as 'at least its age'. Parts are kinds of work. "
        "Tickets created in one go (an import) are left out, since their age is not known, and so are closed ones "
        "of which nobody knows when."
    )
    formula: ClassVar[str] = (
        "median and 85th percentile by Kaplan–Meier; 95 % interval of the median by the log-log method"
    )
    source: ClassVar[str] = "Kaplan and Meier (1958); Vacanti, Actionable Agile Metrics for Predictability (2015)"
    bias: ClassVar[str] = (
        "Assumes that open tickets will be closed like those before them; a backlog that nobody means to do makes "
        "it long."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return the durations of all tickets, open ones as censored."""
        untold = log.ticket["is_closed"] & np.isnan(log.ticket["closed"])
        known = (log.ticket["made_bulk"] == 0) & ~untold
        found = lasting(log, log.ticket, "created", "closed", known)
        left = dict(found.left_out)
        if bulk := int((log.ticket["made_bulk"] > 0).sum()):
            left["created in one go"] = bulk
        if unknown := int((untold & (log.ticket["made_bulk"] == 0)).sum()):
            left["closed, nobody knows when"] = unknown
        return of_lasting("ticket", replace(found, left_out=left), "tickets", log.ticket["kind"][found.subjects])
