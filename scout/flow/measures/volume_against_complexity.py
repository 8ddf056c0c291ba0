"""`volume-against-complexity`: whether large changes take longer."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.chances import rank_correlation
from scout.flow.log import FlowLog
from scout.flow.reading import Reading, missing, spans, too_little

MANY = 10


class VolumeAgainstComplexity(Measure):
    """Whether large changes take longer than small ones."""

    id: ClassVar[str] = "volume-against-complexity"
    order: ClassVar[int] = 40
    unit: ClassVar[str] = "rank correlation"
    definition: ClassVar[str] = (
        "Spearman's rank correlation between the lines a merged change by people adds and deletes (files where lines "
        "are not known) and the elapsed days from opening to merging; from ten changes on. Near 0, size is not what "
        "makes changes slow: waiting is."
    )
    formula: ClassVar[str] = "Spearman's ρ; 95 % interval by Fisher's transformation"
    source: ClassVar[str] = "Spearman (1904); Bonett and Wright (2000) for its interval"
    bias: ClassVar[str] = "Lines are not difficulty; generated files weigh as much as thought."

    def read(self, log: FlowLog) -> Reading:
        """Return the correlation of size and duration."""
        change = log.change
        found = spans(log, change, "created", "merged", ~np.isnan(change["merged"]) & ~change["by_bot"])
        size = np.where(
            np.isnan(change["lines"]), np.where(change["files"] < 0, np.nan, change["files"]), change["lines"]
        )[found.subjects]
        known = ~np.isnan(size)
        n = int(known.sum())
        if not n:
            return missing("how many lines or files the changes touch is not known")
        if n < MANY or not np.ptp(size[known]) or not np.ptp(found.days[known]):
            return too_little(n, "merged changes of known size")
        rho = rank_correlation(size[known], found.days[known])
        reach = 1.96 * ((1 + rho**2 / 2) / (n - 3)) ** 0.5
        low, high = (float(np.tanh(np.arctanh(np.clip(rho, -0.999, 0.999)) + sign * reach)) for sign in (-1, 1))
        return Reading(n, rho, low=low, high=high)
