"""`green-before-merge`: checks were green when it was merged."""

from typing import ClassVar

from scout.flow._control import Control, Watched, of_landings
from scout.flow.log import FlowLog


class GreenBeforeMerge(Control):
    """The newest checks of a change are green when it is merged."""

    id: ClassVar[str] = "green-before-merge"
    watches: ClassVar[str] = "that the default branch works"
    opportunity: ClassVar[str] = (
        "merged changes whose checks are known; kept where the newest run of each workflow on the merged "
        "commit had not failed, unknown where there was none"
    )
    suggestions: ClassVar[tuple[str, ...]] = (
        "automate: a merge queue that waits for green",
        "make it cheaper: repair or drop checks that fail for nothing",
        "require the check on the branch",
    )

    def watch(self, log: FlowLog) -> Watched:
        """Return merged changes, and whether their checks were green."""
        landing = log.landing
        known = (landing["green"] >= 0).any() if landing["at"].size else False
        return of_landings(
            log, landing["via_change"] == 1, landing["green"], "" if known else "no checks of merged changes are known"
        )
