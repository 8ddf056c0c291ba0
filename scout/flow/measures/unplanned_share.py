"""`unplanned-share`: work that nobody had planned."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import FlowLog
from scout.flow.reading import Reading, missing, of_share


class UnplannedShare(Measure):
    """Which part of what is finished nobody had planned."""

    id: ClassVar[str] = "unplanned-share"
    order: ClassVar[int] = 38
    unit: ClassVar[str] = "share of tickets"
    definition: ClassVar[str] = (
        "Of the tickets that were closed in the last 182 days of data, the share whose kind of work is bug or that "
        "has a label that says urgent, as in `exception-volume`."
    )
    formula: ClassVar[str] = "unplanned / closed; Wilson's 95 % interval"
    source: ClassVar[str] = "Kim et al., The Phoenix Project (2013), 'unplanned work'"
    bias: ClassVar[str] = (
        "A planned campaign against old bugs counts as unplanned; features that somebody pushed in do not."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return the share of closed tickets that were bugs or urgent."""
        ticket = log.ticket
        first, after = log.window(182)
        closed = ticket["is_closed"] & (ticket["closed_day"] >= first) & (ticket["closed_day"] < after)
        if closed.any() and not (ticket["kind"][closed] != "").any():
            return missing("no closed ticket tells what kind of work it was")
        hits = (ticket["kind"][closed] == "bug") | ticket["urgent"][closed]
        return of_share("ticket", np.flatnonzero(closed), hits, "tickets closed in the last 182 days")
