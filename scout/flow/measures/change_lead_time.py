"""`change-lead-time`: opened → merged."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import FlowLog
from scout.flow.reading import Reading, of_spans, spans


class ChangeLeadTime(Measure):
    """How long changes took from being opened to being merged."""

    id: ClassVar[str] = "change-lead-time"
    order: ClassVar[int] = 2
    unit: ClassVar[str] = "elapsed days"
    definition: ClassVar[str] = (
        "Opened → merged, for every change (pull request) that was merged, drafts and programs included."
    )
    formula: ClassVar[str] = "median and 85th percentile (linear interpolation) of (merged − opened) / 24 h"
    source: ClassVar[str] = "DORA's 'lead time for changes', from the opening where the first commit is not known"
    bias: ClassVar[str] = (
        "Changes that are still open or were given up are not in it; `change-time-to-merge` counts them. Work before "
        "the opening is not seen."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return the durations of all merged changes."""
        found = spans(log, log.change, "created", "merged", ~np.isnan(log.change["merged"]))
        return of_spans("change", found, "merged changes")
