"""`revert-rate`: merged changes that take another one back."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import FlowLog
from scout.flow.reading import Reading, of_share


class RevertRate(Measure):
    """How many merged changes take another one back."""

    id: ClassVar[str] = "revert-rate"
    order: ClassVar[int] = 34
    unit: ClassVar[str] = "share of changes"
    definition: ClassVar[str] = (
        "Of the merged changes, the share whose title begins with saying that it reverts, backs out or rolls back "
        "another one; where history of git is known, of the changes that landed on the default branch."
    )
    formula: ClassVar[str] = "reverts / merged; Wilson's 95 % interval"
    source: ClassVar[str] = "DORA's 'change failure rate', by its trace in titles"
    bias: ClassVar[str] = "Repairs that do not say so are not seen; reverting on purpose after an experiment counts."

    def read(self, log: FlowLog) -> Reading:
        """Return the share of merged changes that are reverts."""
        landing = log.landing
        if landing["at"].size:
            return of_share("landing", np.arange(landing["at"].size), landing["is_revert"], "changes that landed")
        merged = ~np.isnan(log.change["merged"])
        return of_share("change", np.flatnonzero(merged), log.change["is_revert"][merged], "merged changes")
