"""`change-time-to-merge`: ready → merged, open changes included."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from scout.flow._base import Measure
from scout.flow.log import Floats, FlowLog
from scout.flow.reading import Reading
from scout.flow.survival import lasting, of_lasting


class ChangeTimeToMerge(Measure):
    """How long a change takes to be merged once it is no draft any more, open ones counted."""

    id: ClassVar[str] = "change-time-to-merge"
    order: ClassVar[int] = 12
    unit: ClassVar[str] = "elapsed days"
    definition: ClassVar[str] = (
        "Ready for review → merged, for every change made by people; an open one counts as 'at least this long', and "
        "so does one that was given up, until then. Ready is the first end of being a draft, else the opening, and "
        "never later than the merge. Parts are sizes by lines added and deleted, as far as the source tells them: S "
        "up to 50, M up to 250, L more."
    )
    formula: ClassVar[str] = (
        "median and 85th percentile by Kaplan–Meier; 95 % interval of the median by the log-log method"
    )
    source: ClassVar[str] = "Kaplan and Meier (1958); Vacanti, Actionable Agile Metrics for Predictability (2015)"
    bias: ClassVar[str] = (
        "Giving up is not independent of waiting: where many changes are given up because they wait, the true "
        "time is longer."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return the durations of all changes by people, open and given up ones as censored."""
        change = log.change
        found = lasting(log, change, "ready", "merged", ~change["by_bot"], change["closed"])
        return of_lasting("change", found, "changes", sizes(change["lines"])[found.subjects])


def sizes(lines: Floats) -> NDArray[Any]:
    """Return the size of changes by their lines: S, M, L; empty where they are not known."""
    named = np.select([lines <= 50, lines <= 250, lines > 250], ["size S", "size M", "size L"], "")  # noqa: PLR2004 - see above
    return np.where(np.isnan(lines), "", named)
