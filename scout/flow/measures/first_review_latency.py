"""`first-review-latency`: opened → first review by someone else."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import FlowLog
from scout.flow.reading import Reading, of_spans, spans


class FirstReviewLatency(Measure):
    """How long a change waits for the first review."""

    id: ClassVar[str] = "first-review-latency"
    order: ClassVar[int] = 3
    unit: ClassVar[str] = "elapsed days"
    definition: ClassVar[str] = (
        "Opened → first review or review comment (a remark on a line) by someone else than who opened it, for every "
        "change that had one, whatever became of it. Programs that review count; comments in the discussion do not."
    )
    formula: ClassVar[str] = "median and 85th percentile (linear interpolation) of (first review − opened) / 24 h"
    source: ClassVar[str] = "Rigby and Bird, Convergent contemporary software peer review practices (2013)"
    bias: ClassVar[str] = (
        "Changes that never had a review are not in it; `review-wait` counts them. Time as a draft counts as waiting. "
        "Where both accounts are deleted nobody can tell whether it was someone else."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return the waits of all changes that had a review."""
        found = spans(log, log.change, "created", "reviewed", ~np.isnan(log.change["reviewed"]))
        return of_spans("change", found, "changes with a review")
