"""`review-before-merge`: somebody else looked before it was merged."""

from typing import ClassVar

import numpy as np

from scout.flow._control import Control, Watched, of_landings
from scout.flow.log import FlowLog


class ReviewBeforeMerge(Control):
    """Somebody else looks at a change before it is merged."""

    id: ClassVar[str] = "review-before-merge"
    watches: ClassVar[str] = "that no change rests on one pair of eyes"
    opportunity: ClassVar[str] = (
        "everything that people landed; kept where somebody else reviewed it or remarked on a line before the "
        "merge, unknown where its reviews were not fetched"
    )
    suggestions: ClassVar[tuple[str, ...]] = (
        "make it cheaper: smaller changes, reviewers asked by the tool",
        "batch differently: a time of day for reviews",
        "drop it for what it never caught anything in",
    )

    def watch(self, log: FlowLog) -> Watched:
        """Return what landed, and whether it was reviewed."""
        landing = log.landing
        told = (landing["reviewed"] >= 0).any() if landing["at"].size else False
        reason = "" if told else "no reviews are known for this project"
        return of_landings(log, np.ones(landing["at"].size, dtype=np.bool_), landing["reviewed"], reason)
