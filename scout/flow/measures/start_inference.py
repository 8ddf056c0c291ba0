"""`start-inference`: how good the inferred start is."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import DAY, FlowLog
from scout.flow.reading import Reading, Spans, missing, of_spans


class StartInference(Measure):
    """How far the inferred start of a ticket is from the one that the tracker tells."""

    id: ClassVar[str] = "start-inference"
    order: ClassVar[int] = 43
    unit: ClassVar[str] = "elapsed days"
    definition: ClassVar[str] = (
        "Inferred start − told start, for tickets where both are known; above 0 the inference is late."
    )
    formula: ClassVar[str] = "median and 85th percentile of the difference"
    source: ClassVar[str] = "Own; the comparison that the inference of starts rests on"
    bias: ClassVar[str] = "Where the tracker's state is set by hand afterwards, the told start is the wrong one."

    def read(self, log: FlowLog) -> Reading:
        """Return the differences where both starts are known."""
        ticket = log.ticket
        late = (ticket["started_inferred"] - ticket["started_told"]) / DAY
        rows = np.flatnonzero(~np.isnan(late))
        if not rows.size:
            return missing("no ticket has both a start that the tracker tells and one that can be inferred")
        return of_spans("ticket", Spans(rows, late[rows], {}), "tickets with both starts")
