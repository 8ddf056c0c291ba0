"""`review-wait`: ready → first answer by a person, unanswered changes included."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import Floats, FlowLog
from scout.flow.reading import Reading
from scout.flow.survival import lasting, of_lasting


class ReviewWait(Measure):
    """How long a change waits for the first answer of a person, those that never got one counted."""

    id: ClassVar[str] = "review-wait"
    order: ClassVar[int] = 13
    unit: ClassVar[str] = "elapsed days"
    definition: ClassVar[str] = (
        "Ready for review (as in `change-time-to-merge`) → first review, remark or comment by a person other than "
        "who opened it, for every change made by people; one that was answered before it was ready did not wait. One "
        "without an answer counts as 'at least this long', until it was merged, closed, or now."
    )
    formula: ClassVar[str] = (
        "median and 85th percentile by Kaplan–Meier; 95 % interval of the median by the log-log method"
    )
    source: ClassVar[str] = "Kaplan and Meier (1958); Vacanti, Actionable Agile Metrics for Predictability (2015)"
    bias: ClassVar[str] = (
        "An answer is not a review: 'I will look next week' ends the wait. Changes merged at once without any "
        "answer make it look shorter."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return the waits of all changes by people."""
        change = log.change
        found = lasting(
            log,
            {**change, "first": _not_before(change["ready"], change["answered"])},
            "ready",
            "first",
            ~change["by_bot"],
            change["ended"],
        )
        return of_lasting("change", found, "changes")


def _not_before(ready: Floats, answered: Floats) -> Floats:
    """Return when a change was answered; one that was answered as a draft did not wait when it was ready."""
    return np.where(answered < ready, ready, answered)
