"""`change-told`: changes of behaviour are told."""

from typing import ClassVar

import numpy as np

from scout.flow._control import Control, Watched, of_landings
from scout.flow.log import FlowLog

MANY, RULE = 5, 0.2


class ChangeTold(Control):
    """A change of behaviour is told in the change log or the documentation."""

    id: ClassVar[str] = "change-told"
    watches: ClassVar[str] = "that users learn what changed"
    opportunity: ClassVar[str] = (
        "changes of code that are no reverts, where the project keeps a change log (at least five landed "
        "changes touch one, and one in five of those of code is told); kept where change log or documentation is "
        "touched, too"
    )
    suggestions: ClassVar[tuple[str, ...]] = (
        "automate: make the change log of titles or fragments",
        "batch differently: write it once, at the release",
    )

    def watch(self, log: FlowLog) -> Watched:
        """Return landed changes of code, and whether they were told."""
        landing = log.landing
        code = landing["code"] & ~landing["is_revert"]
        told = landing["changelog"] | landing["docs"]
        keeps = int(landing["changelog"].sum()) >= MANY and int((told & code).sum()) >= RULE * int(code.sum())
        reason = "" if keeps else "no change log can be seen, or hardly any change is told in one: it is no rule here"
        return of_landings(
            log,
            code,
            told.astype(np.int64),
            reason,
        )
