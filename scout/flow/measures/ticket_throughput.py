"""`ticket-throughput`: closed tickets per working day."""

from dataclasses import replace
from typing import ClassVar

from scout.flow._base import Measure
from scout.flow._days import daily
from scout.flow._queue import departures
from scout.flow.log import FlowLog
from scout.flow.reading import ENOUGH, Reading, too_little

WINDOW = 90


class TicketThroughput(Measure):
    """How many tickets are closed in a working day."""

    id: ClassVar[str] = "ticket-throughput"
    order: ClassVar[int] = 22
    unit: ClassVar[str] = "closed tickets per working day"
    definition: ClassVar[str] = (
        "Tickets closed in the last 90 days of data, divided by the working days among them. Ten or more closed in "
        "one go (a minute apart at most, by the same hand) are one event, on the day of the first."
    )
    formula: ClassVar[str] = "closings / working days; 95 % interval from the spread of the working days"
    source: ClassVar[str] = "The Kanban Guide (2020), 'throughput'"
    bias: ClassVar[str] = "Closing as not wanted counts like doing; housekeeping looks like work."

    def read(self, log: FlowLog) -> Reading:
        """Return closings per working day, bulk closes as one."""
        total = int(log.ticket["is_closed"].sum())
        if total < ENOUGH:
            return too_little(total, "closed tickets")
        days, bulks = departures(log)
        reading = daily(log, days, WINDOW, "closed tickets")
        said = (f"{bulks} times many tickets were closed in one go; each counts once.",) if bulks else ()
        return replace(reading, notes=(*reading.notes, *said))
