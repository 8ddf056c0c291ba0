"""`reviewers-asked`: somebody is asked to review."""

from typing import ClassVar

from scout.flow._control import Control, Watched, of_landings
from scout.flow.log import FlowLog

MANY = 5


class ReviewersAsked(Control):
    """Somebody is asked to review a change: owners of its code, or anybody."""

    id: ClassVar[str] = "reviewers-asked"
    watches: ClassVar[str] = "that changes reach those who know the code"
    opportunity: ClassVar[str] = (
        "merged changes, where the project asks at all; kept where somebody was asked before or at the merge"
    )
    suggestions: ClassVar[tuple[str, ...]] = (
        "automate: a file of code owners",
        "drop it where reviewers find changes by themselves",
    )

    def watch(self, log: FlowLog) -> Watched:
        """Return merged changes, and whether anybody was asked."""
        landing = log.landing
        asks = int((landing["asked"] == 1).sum()) >= MANY if landing["at"].size else False
        return of_landings(
            log,
            landing["via_change"] == 1,
            landing["asked"],
            "" if asks else "nobody is ever asked in a way that can be seen",
        )
