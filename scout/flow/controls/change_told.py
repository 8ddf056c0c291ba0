"""`change-told`: changes of behaviour are told."""

from typing import ClassVar

import numpy as np

from scout.flow._control import Control, Watched, of_landings
from scout.flow.log import DAY, Flags, Floats, FlowLog

MANY, RULE = 5, 0.5
"""So many changes of a year have to be there, and such a share of them to be told, before telling is a rule."""
_YEAR = 365.25 * DAY


class ChangeTold(Control):
    """A change of behaviour is told in the change log or the documentation."""

    id: ClassVar[str] = "change-told"
    watches: ClassVar[str] = "that users learn what changed"
    opportunity: ClassVar[str] = (
        "changes of code that are no reverts and do more than bring versions, words or looks, where the project keeps "
        "a change log (at least five landed changes touch one, and in some year every second of code was told); kept "
        "where change log or documentation is touched, too"
    )
    suggestions: ClassVar[tuple[str, ...]] = (
        "automate: make the change log of titles or fragments",
        "batch differently: write it once, at the release",
    )

    def watch(self, log: FlowLog) -> Watched:
        """Return landed changes of code, and whether they were told."""
        landing = log.landing
        code = landing["code"] & ~landing["is_revert"] & ~landing["routine"]
        told = landing["changelog"] | landing["docs"]
        keeps = int(landing["changelog"].sum()) >= MANY and _was_a_rule(landing["at"][code], told[code])
        reason = "" if keeps else "no change log can be seen, or changes are not told one by one: it is no rule here"
        return of_landings(
            log,
            code,
            told.astype(np.int64),
            reason,
        )


def _was_a_rule(at: Floats, told: Flags) -> bool:
    """Say whether at least half of the changes of some year were told."""
    years = np.floor(at / _YEAR)
    parts = (told[years == year] for year in np.unique(years).tolist())
    return any(part.size >= MANY and part.mean() >= RULE for part in parts)
