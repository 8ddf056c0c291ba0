"""`approval-to-merge`: approved → merged."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import FlowLog
from scout.flow.reading import Reading
from scout.flow.survival import lasting, of_lasting


class ApprovalToMerge(Measure):
    """How long an approved change waits for being merged."""

    id: ClassVar[str] = "approval-to-merge"
    order: ClassVar[int] = 16
    unit: ClassVar[str] = "elapsed days"
    definition: ClassVar[str] = (
        "First approval by someone else → merged, for every change that was approved; given up counts as 'at least' "
        "until then, open until now; approved after it was merged or closed is left out."
    )
    formula: ClassVar[str] = (
        "median and 85th percentile by Kaplan–Meier; 95 % interval of the median by the log-log method"
    )
    source: ClassVar[str] = "Kaplan and Meier (1958); Vacanti, Actionable Agile Metrics for Predictability (2015)"
    bias: ClassVar[str] = "Where two approvals are needed, waiting for the second counts as waiting for the merge."

    def read(self, log: FlowLog) -> Reading:
        """Return the waits of approved changes."""
        change = log.change
        return of_lasting(
            "change",
            lasting(log, change, "approved", "merged", ~np.isnan(change["approved"]), change["closed"]),
            "approved changes",
        )
