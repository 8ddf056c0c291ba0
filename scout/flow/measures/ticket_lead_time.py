"""`ticket-lead-time`: created → closed."""

from typing import ClassVar

from scout.flow._base import Measure
from scout.flow.log import FlowLog
from scout.flow.reading import Reading, of_spans, spans


class TicketLeadTime(Measure):
    """How long tickets took from being created to being closed."""

    id: ClassVar[str] = "ticket-lead-time"
    order: ClassVar[int] = 1
    unit: ClassVar[str] = "elapsed days"
    definition: ClassVar[str] = (
        "Created → closed, for every ticket that is closed now, whatever the reason; of a ticket that was closed more "
        "than once, the last closing."
    )
    formula: ClassVar[str] = "median and 85th percentile (linear interpolation) of (closed − created) / 24 h"
    source: ClassVar[str] = "The Kanban Guide (2020), 'cycle time' from the customer's request to its end"
    bias: ClassVar[str] = (
        "Open tickets are not in it, so a team that stops closing old ones looks faster; `ticket-time-to-close` counts "
        "them. Tickets closed as not wanted count like those that were done."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return the durations of all closed tickets."""
        found = spans(log, log.ticket, "created", "closed", log.ticket["is_closed"], no_end="closing time unknown")
        return of_spans("ticket", found, "closed tickets")
