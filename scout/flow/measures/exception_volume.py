"""`exception-volume`: what went wrong, per week."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow._days import WEEK, weekly
from scout.flow.changepoint import excess
from scout.flow.log import FlowLog
from scout.flow.reading import ENOUGH, Reading, Rows, too_little


class ExceptionVolume(Measure):
    """How much came that should not have: reverts, hot fixes, urgent tickets."""

    id: ClassVar[str] = "exception-volume"
    order: ClassVar[int] = 37
    unit: ClassVar[str] = "exceptions per week"
    definition: ClassVar[str] = (
        "Reverts (as in `revert-rate`) and hot fixes (hotfix, hot-fix, emergency or urgent in the title) among "
        "merged changes, by the day of the merge, and tickets with a label that says urgent (incident, hotfix, "
        "outage, emergency, urgent, support, P0), by the day of their creation, in the whole weeks of the last 182 "
        "days of data."
    )
    formula: ClassVar[str] = "mean per week with its 95 % interval, weeks depending on their past; p50 and p85 of weeks"
    source: ClassVar[str] = (
        "Reinertsen, The Principles of Product Development Flow (2009), on variability; Newey and West (1987)"
    )
    bias: ClassVar[str] = "Only what titles and labels admit is seen."

    def read(self, log: FlowLog) -> Reading:
        """Return exceptions per week."""
        change, ticket = log.change, log.ticket
        first, after = log.window(182)
        bad = (change["is_revert"] | change["is_hotfix"]) & ~np.isnan(change["merged"])
        days = np.concatenate([change["merged_day"][bad], ticket["created_day"][ticket["urgent"]]])
        weeks = weekly(days, first, after)
        if weeks.size < ENOUGH:
            return too_little(int(weeks.sum()), f"exceptions in {weeks.size} whole weeks")
        mean, low, high = excess(weeks)
        middle, slow = (float(one) for one in np.percentile(weeks, [50, 85]))
        days = after - WEEK * np.arange(weeks.size, 0, -1)
        rows = Rows("week", days, weeks, np.zeros(weeks.size, dtype=np.bool_))
        return Reading(int(weeks.sum()), mean, middle, slow, max(low, 0.0), high, rows=rows)
