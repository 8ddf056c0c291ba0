"""`follow-up-fixes`: changes that a fix followed."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import DAY, FlowLog
from scout.flow.reading import Reading, missing, of_share


class FollowUpFixes(Measure):
    """How many changes needed a fix soon after they landed."""

    id: ClassVar[str] = "follow-up-fixes"
    order: ClassVar[int] = 35
    unit: ClassVar[str] = "share of changes"
    definition: ClassVar[str] = (
        "Of the changes of code that landed on the default branch, the share after which, within 14 days, another "
        "one landed that touches one of its files of code and whose title says that it fixes something."
    )
    formula: ClassVar[str] = "followed / landed; Wilson's 95 % interval"
    source: ClassVar[str] = (
        "Kamei et al., A large-scale empirical study of just-in-time quality assurance (2013), on fixes that follow"
    )
    bias: ClassVar[str] = (
        "A fix of something older in the same file counts, too; fixes whose title does not say so do not."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return the share of landed changes of code that a fix followed."""
        landing = log.landing
        code = landing["code"] if landing["at"].size else np.zeros(0, dtype=np.bool_)
        if not code.any():
            return missing("which files were changed is not known")
        settled = code & (landing["at"] < landing["at"].max() - 14 * DAY)
        return of_share(
            "landing", np.flatnonzero(settled), landing["followed_by_fix"][settled], "landed changes of code"
        )
