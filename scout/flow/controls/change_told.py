"""`change-told`: changes of behaviour are told."""

from typing import ClassVar

import numpy as np

from scout.flow._control import Control, Watched, of_landings
from scout.flow.log import FlowLog

MANY = 5


class ChangeTold(Control):
    """A change of behaviour is told in the change log or the documentation."""

    id: ClassVar[str] = "change-told"
    watches: ClassVar[str] = "that users learn what changed"
    opportunity: ClassVar[str] = (
        "changes of code that are no reverts, where the project keeps a change log (at least five landed "
        "changes touch one); kept where change log or documentation is touched, too"
    )
    suggestions: ClassVar[tuple[str, ...]] = (
        "automate: make the change log of titles or fragments",
        "batch differently: write it once, at the release",
    )

    def watch(self, log: FlowLog) -> Watched:
        """Return landed changes of code, and whether they were told."""
        landing = log.landing
        keeps = int(landing["changelog"].sum()) >= MANY
        reason = "" if keeps else "the project keeps no change log that can be seen"
        return of_landings(
            log,
            landing["code"] & ~landing["is_revert"],
            (landing["changelog"] | landing["docs"]).astype(np.int64),
            reason,
        )
