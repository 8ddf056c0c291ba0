"""`through-a-change`: nothing is pushed to the default branch directly."""

from typing import ClassVar

from scout.flow._control import Control, Watched, of_landings
from scout.flow.log import FlowLog


class ThroughAChange(Control):
    """What lands on the default branch comes through a change, not by a push."""

    id: ClassVar[str] = "through-a-change"
    watches: ClassVar[str] = "that everything can be seen and checked before it counts"
    opportunity: ClassVar[str] = (
        "commits on the first-parent line by people since changes are used; kept where a change brought it, "
        "unknown before that; nothing is said where no tracker tells which changes there were"
    )
    suggestions: ClassVar[tuple[str, ...]] = (
        "automate: protect the branch",
        "make it cheaper: let small changes merge themselves when green",
    )

    def watch(self, log: FlowLog) -> Watched:
        """Return commits of the default branch, and whether a change brought them."""
        landing = log.landing
        told = bool(((landing["subject"] >= 0) & landing["is_commit"]).any()) if landing["at"].size else False
        reason = "" if told else "there is no checkout, or no tracker tells which changes there were"
        return of_landings(log, landing["is_commit"], landing["via_change"], reason)
