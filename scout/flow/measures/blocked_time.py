"""`blocked-time`: time spent blocked."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import DAY, FlowLog
from scout.flow.reading import Reading, Spans, of_spans


class BlockedTime(Measure):
    """How long tickets that were blocked stood still."""

    id: ClassVar[str] = "blocked-time"
    order: ClassVar[int] = 42
    unit: ClassVar[str] = "elapsed days"
    definition: ClassVar[str] = (
        "Days between a label, flag or state that says blocked, on hold or waiting and its end, summed for each "
        "ticket that ever was; still blocked counts until it was closed, or now."
    )
    formula: ClassVar[str] = "median and 85th percentile"
    source: ClassVar[str] = "The Kanban Guide (2020), on blocked items; Vacanti (2015)"
    bias: ClassVar[str] = "Only what somebody marked as blocked is seen, which is the smaller part of waiting."

    def read(self, log: FlowLog) -> Reading:
        """Return the blocked days of tickets that ever were."""
        blocked = log.ticket["blocked"] / DAY
        rows = np.flatnonzero(blocked > 0)
        return of_spans("ticket", Spans(rows, blocked[rows], {}), "tickets that were ever marked as blocked")
