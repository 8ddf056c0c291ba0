"""`change-age`: how old open changes are, against the own history."""

from typing import ClassVar

from scout.flow._ages import of_ages
from scout.flow._base import Measure
from scout.flow.log import FlowLog
from scout.flow.reading import Reading
from scout.flow.survival import lasting


class ChangeAge(Measure):
    """How old open changes are, against what this team usually takes."""

    id: ClassVar[str] = "change-age"
    order: ClassVar[int] = 21
    unit: ClassVar[str] = "elapsed days"
    definition: ClassVar[str] = (
        "Now − ready for review, for every open change that is no draft and was made by people. Parts say how "
        "many are older than the team's own 50th, 70th, 85th and 95th percentile of `change-time-to-merge`."
    )
    formula: ClassVar[str] = "median and 85th percentile of the ages; percentiles of the history by Kaplan–Meier"
    source: ClassVar[str] = "Vacanti, Actionable Agile Metrics for Predictability (2015), 'work item age'"
    bias: ClassVar[str] = "A change that is kept open on purpose counts like one that is forgotten."

    def read(self, log: FlowLog) -> Reading:
        """Return the ages of open changes."""
        change = log.change
        made = ~change["by_bot"]
        history = lasting(log, change, "ready", "merged", made, change["closed"])
        return of_ages(
            "change",
            log,
            {**change, "created": change["ready"]},
            made & (change["state"] == "open") & ~change["draft"],
            history,
        )
