"""`work-item-age`: how old open tickets are, against the own history."""

from typing import ClassVar

import numpy as np

from scout.flow._ages import of_ages
from scout.flow._base import Measure
from scout.flow.log import FlowLog
from scout.flow.reading import Reading
from scout.flow.survival import lasting


class WorkItemAge(Measure):
    """How old open tickets are, against what this team usually takes."""

    id: ClassVar[str] = "work-item-age"
    order: ClassVar[int] = 20
    unit: ClassVar[str] = "elapsed days"
    definition: ClassVar[str] = (
        "Now − created, for every open ticket that was not created in one go with others. Parts say how many are "
        "older than the team's own 50th, 70th, 85th and 95th percentile of `ticket-time-to-close`."
    )
    formula: ClassVar[str] = "median and 85th percentile of the ages; percentiles of the history by Kaplan–Meier"
    source: ClassVar[str] = "Vacanti, Actionable Agile Metrics for Predictability (2015), 'work item age'"
    bias: ClassVar[str] = "A backlog kept on purpose (ideas, someday) is old without waiting for anybody."

    def read(self, log: FlowLog) -> Reading:
        """Return the ages of open tickets."""
        ticket = log.ticket
        known = (ticket["made_bulk"] == 0) & ~(ticket["is_closed"] & np.isnan(ticket["closed"]))
        history = lasting(log, ticket, "created", "closed", known)
        return of_ages("ticket", log, ticket, known & ~ticket["is_closed"], history)
