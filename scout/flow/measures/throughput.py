"""`throughput`: merged changes per working day."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow._days import daily
from scout.flow.log import FlowLog
from scout.flow.reading import ENOUGH, Reading, too_little

WINDOW = 90


class Throughput(Measure):
    """How many changes are merged in a working day."""

    id: ClassVar[str] = "throughput"
    order: ClassVar[int] = 5
    unit: ClassVar[str] = "merged changes per working day"
    definition: ClassVar[str] = (
        "Changes merged in the last 90 days of data, divided by the working days among them. Days are those of the "
        "project's time zone; the last is the one on which a ticket or change was last created, closed or merged. Of "
        "younger data all days count."
    )
    formula: ClassVar[str] = (
        "merged / working days; 95 % interval from the spread of the days; p50 and p85 of merges per working day"
    )
    source: ClassVar[str] = (
        "The Kanban Guide (2020), 'throughput'; DORA's 'deployment frequency' without the deployment"
    )
    bias: ClassVar[str] = (
        "Many small changes count more than few large ones; merges on days off count for the next working day."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return merges per working day."""
        total = int((~np.isnan(log.change["merged"])).sum())
        if total < ENOUGH:
            return too_little(total, "merged changes")
        days = log.change["merged_day"][log.change["merged"] <= log.now]
        return daily(log, days, WINDOW, "merged changes")
