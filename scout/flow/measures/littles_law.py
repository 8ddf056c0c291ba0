"""`littles-law`: whether work in progress, throughput and time fit together."""

from typing import ClassVar

from scout.flow._base import Measure
from scout.flow._queue import in_progress
from scout.flow.log import DAY, FlowLog
from scout.flow.reading import ENOUGH, Reading, too_little

SHORTEST = 28


class LittlesLaw(Measure):
    """Whether the figures fit together: time in progress as Little's law expects it against as it was measured."""

    id: ClassVar[str] = "littles-law"
    order: ClassVar[int] = 31
    unit: ClassVar[str] = "expected ÷ measured"
    definition: ClassVar[str] = (
        "Changes in progress (created and not ended) on average at the ends of the last 182 days of data, divided by "
        "changes that ended in a day of these, against the mean days from creation to the end of those changes. Far "
        "from 1, the system is not stable (the queue grows or is swept), and averages of the past tell little of the "
        "future. Of less than 28 days nothing is said."
    )
    formula: ClassVar[str] = "(mean open changes / changes ended per day) / mean days of those"
    source: ClassVar[str] = "Little, A proof for the queuing formula L = λW (1961); Little (2011), 50th anniversary"
    bias: ClassVar[str] = (
        "Over short spans the law holds only roughly: what began long before the window weighs heavily."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return the ratio of what the law expects to what was measured."""
        change = log.change
        first, after = log.window(182)
        ended = (change["ended_day"] >= first) & (change["ended_day"] < after) & (change["ended"] >= change["created"])
        n = int(ended.sum())
        if n < ENOUGH or after - first < SHORTEST:
            return too_little(n, "changes that ended in the last 26 weeks")
        open_on_average = float(in_progress(change, first, after).mean())
        taken = float(((change["ended"][ended] - change["created"][ended]) / DAY).mean())
        expected = open_on_average / (n / (after - first))
        return Reading(n, expected / taken if taken else None, unavailable="" if taken else "they took no time at all")
