"""`first-answer`: created → first comment by someone else."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import FlowLog
from scout.flow.reading import Reading
from scout.flow.survival import lasting, of_lasting


class FirstAnswer(Measure):
    """How long a ticket waits for the first word of somebody else."""

    id: ClassVar[str] = "first-answer"
    order: ClassVar[int] = 14
    unit: ClassVar[str] = "elapsed days"
    definition: ClassVar[str] = (
        "Created → first comment by a person other than who created it, for every ticket made by people and not in "
        "one go with others; without one, 'at least' until it was closed, or now. Closed ones without a comment of "
        "which nobody knows when they were closed are left out."
    )
    formula: ClassVar[str] = (
        "median and 85th percentile by Kaplan–Meier; 95 % interval of the median by the log-log method"
    )
    source: ClassVar[str] = "Kaplan and Meier (1958); Vacanti, Actionable Agile Metrics for Predictability (2015)"
    bias: ClassVar[str] = "Where answers are given by closing, labelling or by word of mouth, they are not seen."

    def read(self, log: FlowLog) -> Reading:
        """Return the waits of all tickets."""
        ticket = log.ticket
        unseen = ticket["is_closed"] & np.isnan(ticket["closed"]) & np.isnan(ticket["answered"])
        among = (ticket["made_bulk"] == 0) & ~ticket["by_bot"] & ~unseen
        found = lasting(log, ticket, "created", "answered", among, ticket["closed"])
        return of_lasting("ticket", found, "tickets with an answer")
