"""`decision-latency`: question asked → decided."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import FlowLog
from scout.flow.reading import Reading, missing
from scout.flow.survival import lasting, of_lasting


class DecisionLatency(Measure):
    """How long a ticket that needs a decision waits for it."""

    id: ClassVar[str] = "decision-latency"
    order: ClassVar[int] = 15
    unit: ClassVar[str] = "elapsed days"
    definition: ClassVar[str] = (
        "A label that asks was put on for the first time → it was taken off, or the ticket was closed, whichever "
        "came first. A label asks if it has one of the words question, decision, decide, discuss, discussion or RFC, "
        "or needs input, info, information, feedback or design. Still asked counts as 'at least this long'."
    )
    formula: ClassVar[str] = (
        "median and 85th percentile by Kaplan–Meier; 95 % interval of the median by the log-log method"
    )
    source: ClassVar[str] = (
        "Reinertsen, The Principles of Product Development Flow (2009), on the cost of delayed decisions; Kaplan "
        "and Meier (1958)"
    )
    bias: ClassVar[str] = (
        "Only questions that somebody labelled are seen. A label that is forgotten looks like a decision that waits."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return the waits of tickets whose labels ask for a decision."""
        ticket = log.ticket
        asked = ~np.isnan(ticket["asked"])
        if not asked.any():
            return missing(
                "no ticket ever had a label that asks for a decision, or the source has no history of labels"
            )
        return of_lasting("ticket", lasting(log, ticket, "asked", "decided", asked), "questions")
