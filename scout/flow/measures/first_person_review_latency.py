"""`first-person-review-latency`: opened → first review by a person."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import FlowLog
from scout.flow.reading import Reading, of_spans, spans


class FirstPersonReviewLatency(Measure):
    """How long a change waits for the first review by a person."""

    id: ClassVar[str] = "first-person-review-latency"
    order: ClassVar[int] = 9
    unit: ClassVar[str] = "elapsed days"
    definition: ClassVar[str] = (
        "As `first-review-latency`, without reviews by programs and without changes that programs opened."
    )
    formula: ClassVar[str] = (
        "median and 85th percentile (linear interpolation) of (first review by a person − opened) / 24 h"
    )
    source: ClassVar[str] = "Rigby and Bird, Convergent contemporary software peer review practices (2013)"
    bias: ClassVar[str] = "Programs that do not say that they are one count as people."

    def read(self, log: FlowLog) -> Reading:
        """Return the waits of changes that a person reviewed."""
        change = log.change
        found = spans(
            log, change, "created", "reviewed_by_person", ~np.isnan(change["reviewed_by_person"]) & ~change["by_bot"]
        )
        return of_spans("change", found, "changes that a person reviewed")
