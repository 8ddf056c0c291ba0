"""`queue-depth`: how many tickets stand in each state."""

from typing import ClassVar

from scout.flow._base import Measure
from scout.flow._queue import change_queues, ticket_queues
from scout.flow.log import FlowLog
from scout.flow.reading import Reading, too_little


class QueueDepth(Measure):
    """How many tickets stand in each state, and how long they stay there."""

    id: ClassVar[str] = "queue-depth"
    order: ClassVar[int] = 25
    unit: ClassVar[str] = "open tickets"
    definition: ClassVar[str] = (
        "Open tickets now; parts are the tracker's own states and, for changes, whose turn it is, with the median "
        "and 85th percentile of days spent there, all stays of all tickets or changes counted, where the history is "
        "known and five stays ended. States that nobody mapped are shown as they are; states with fewer than five "
        "tickets are summed up as 'other states', tickets and changes apart."
    )
    formula: ClassVar[str] = "count now; stays by Kaplan–Meier, those that last count as 'at least this long'"
    source: ClassVar[str] = (
        "Reinertsen, The Principles of Product Development Flow (2009), on queues; Kaplan and Meier (1958)"
    )
    bias: ClassVar[str] = "A state that is not kept up to date shows where tickets are said to be, not where they are."

    def read(self, log: FlowLog) -> Reading:
        """Return what is open now, by state."""
        open_now = ~log.ticket["is_closed"]
        total = int(open_now.sum())
        if not log.ticket["subject"].size and not log.change["subject"].size:
            return too_little(0, "tickets or changes")
        return Reading(total, float(total), groups=(*ticket_queues(log), *change_queues(log)))
