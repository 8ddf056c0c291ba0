"""`review-rounds`: how often a change went back to its author."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import FlowLog
from scout.flow.reading import ENOUGH, Reading, Rows, too_little


class ReviewRounds(Measure):
    """How often a merged change went back and forth before it was merged."""

    id: ClassVar[str] = "review-rounds"
    order: ClassVar[int] = 32
    unit: ClassVar[str] = "rounds per change"
    definition: ClassVar[str] = (
        "Times a change came to wait for `review again`: after somebody else's review it was pushed to, answered by "
        "its author, or made ready again; after an approval it was pushed to. For every merged change by people that "
        "a person other than its author reviewed or remarked on."
    )
    formula: ClassVar[str] = "mean; p50 and p85 (linear interpolation); 95 % interval of the mean by its standard error"
    source: ClassVar[str] = "Rigby and Bird, Convergent contemporary software peer review practices (2013)"
    bias: ClassVar[str] = (
        "Rounds are also how people learn from each other; many small pushes look like one round each."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return rounds per merged change."""
        change = log.change
        good = ~np.isnan(change["merged"]) & ~change["by_bot"] & ~np.isnan(change["reviewed_by_person"])
        rounds = change["rounds"][good].astype(np.float64)
        n = int(rounds.size)
        if n < ENOUGH:
            return too_little(n, "merged changes with a review")
        mean, reach = float(rounds.mean()), 1.96 * float(rounds.std(ddof=1)) / n**0.5
        middle, slow = (float(one) for one in np.percentile(rounds, [50, 85]))
        rows = Rows("change", np.flatnonzero(good), rounds, np.zeros(n, dtype=np.bool_))
        return Reading(n, mean, middle, slow, max(mean - reach, 0.0), mean + reach, rows=rows)
