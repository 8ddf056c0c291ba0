"""`changes-asked-rate`: changes that were sent back."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import FlowLog
from scout.flow.reading import Reading, of_share


class ChangesAskedRate(Measure):
    """How many reviewed changes were sent back at least once."""

    id: ClassVar[str] = "changes-asked-rate"
    order: ClassVar[int] = 33
    unit: ClassVar[str] = "share of changes"
    definition: ClassVar[str] = (
        "Of the changes by people with a review by someone else (remarks alone are none), the share that was asked "
        "for changes at least once by someone else."
    )
    formula: ClassVar[str] = "asked for changes / reviewed; Wilson's 95 % interval"
    source: ClassVar[str] = "GitHub's review verdicts; Rigby and Bird (2013)"
    bias: ClassVar[str] = "Many reviewers ask by comments and never use the verdict; `review-rounds` sees those."

    def read(self, log: FlowLog) -> Reading:
        """Return the share of reviewed changes that were sent back."""
        change = log.change
        good = (change["reviews"] > 0) & ~change["by_bot"]
        return of_share("change", np.flatnonzero(good), change["changes_asked"][good] > 0, "changes with a review")
