"""`given-up-rate`: changes closed without being merged."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import FlowLog
from scout.flow.reading import Reading, of_share


class GivenUpRate(Measure):
    """How many changes ended without being merged."""

    id: ClassVar[str] = "given-up-rate"
    order: ClassVar[int] = 36
    unit: ClassVar[str] = "share of changes"
    definition: ClassVar[str] = (
        "Of the changes by people that ended (merged or closed now), the share that was closed without being merged."
    )
    formula: ClassVar[str] = "closed unmerged / ended; Wilson's 95 % interval"
    source: ClassVar[str] = "Gousios et al., An exploratory study of the pull-based software development model (2014)"
    bias: ClassVar[str] = (
        "Giving up early what does not fit is good; a change that was opened again under another number counts."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return the share of ended changes that were given up."""
        change = log.change
        ended = ~np.isnan(change["ended"]) & ~change["by_bot"]
        return of_share("change", np.flatnonzero(ended), np.isnan(change["merged"][ended]), "changes that ended")
