"""`reopen-rate`: closed tickets that came back."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import FlowLog
from scout.flow.reading import Reading, missing, of_share


class ReopenRate(Measure):
    """How many closed tickets came back."""

    id: ClassVar[str] = "reopen-rate"
    order: ClassVar[int] = 4
    unit: ClassVar[str] = "share of tickets"
    definition: ClassVar[str] = (
        "Of the tickets that were closed at least once, the share that was reopened at least once; tickets of sources "
        "without a history of states are left out, and without any other the measure is unavailable."
    )
    formula: ClassVar[str] = "reopened / closed at least once; Wilson's 95 % interval"
    source: ClassVar[str] = "Shihab et al., Predicting re-opened bugs (2010)"
    bias: ClassVar[str] = (
        "Tickets closed lately had less time to come back. Closing by mistake counts; a new ticket about the same "
        "thing does not."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return the share of tickets that came back."""
        ticket = log.ticket
        told = ticket["has_history"]
        if ticket["is_closed"].any() and not (told & ticket["is_closed"]).any():
            return missing("the source has no history of states")
        ended = told & (ticket["is_closed"] | (ticket["closings"] > 0) | (ticket["reopenings"] > 0))
        left = int((ticket["is_closed"] & ~told).sum())
        notes = (f"{left} closed tickets come from sources without a history of states.",) if left else ()
        places = np.flatnonzero(ended)
        return of_share("ticket", places, ticket["reopenings"][ended] > 0, "tickets that were ever closed", notes=notes)
