"""`merge-to-release`: merged → released."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import FlowLog
from scout.flow.reading import Reading, missing
from scout.flow.survival import lasting, of_lasting


class MergeToRelease(Measure):
    """How long a merged change waits for a release."""

    id: ClassVar[str] = "merge-to-release"
    order: ClassVar[int] = 17
    unit: ClassVar[str] = "elapsed days"
    definition: ClassVar[str] = (
        "Merged → first release after it (else first tag), for every merged change; without one, 'at least' until now."
    )
    formula: ClassVar[str] = (
        "median and 85th percentile by Kaplan–Meier; 95 % interval of the median by the log-log method"
    )
    source: ClassVar[str] = "DORA's 'lead time for changes', its last part"
    bias: ClassVar[str] = (
        "The next release by time is taken for the one that has it: wrong for releases of older branches."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return the waits of merged changes."""
        change = log.change
        if np.isnan(change["released"]).all():
            return missing("no release or tag is known")
        return of_lasting(
            "change", lasting(log, change, "merged", "released", ~np.isnan(change["merged"])), "released changes"
        )
