"""`change-told`: changes of behaviour are told."""

from dataclasses import replace
from typing import ClassVar

import numpy as np

from scout.flow._control import Control, Watched, of_landings
from scout.flow.log import DAY, YEAR, Flags, Floats, FlowLog

MANY, RULE = 5, 0.5
"""So many changes of a year have to be there, and such a share of them to be told, before telling is a rule."""
NOW = 0.6
"""Such a share of the last year's changes has to be told with the change, before it is a rule now."""
LEAST = 5
"""Lines that may do something, from which on there is something to tell."""
SOON = 30 * DAY
"""What touches the change log so soon after a change may tell it."""


class ChangeTold(Control):
    """A change of behaviour is told in the change log or the documentation."""

    id: ClassVar[str] = "change-told"
    watches: ClassVar[str] = "that users learn what changed"
    opportunity: ClassVar[str] = (
        "changes of code that are no reverts and do more than bring versions, words or looks (of the last three "
        "years: five lines or more that may do something), where the project keeps a change log (at least five landed"
        " changes touch one, and in some year every second of code was told, and three of five of the last year); "
        "kept where change log or documentation is touched, too, unknown where the change log is within a month after"
        " it"
    )
    suggestions: ClassVar[tuple[str, ...]] = (
        "automate: make the change log of titles or fragments",
        "batch differently: write it once, at the release",
    )

    def watch(self, log: FlowLog) -> Watched:
        """Return landed changes of code, and whether they were told."""
        landing = log.landing
        works = (landing["working"] < 0) | (landing["working"] >= LEAST)
        code = landing["code"] & works & ~landing["is_revert"] & ~landing["routine"]
        told = landing["changelog"] | landing["docs"]
        keeps = int(landing["changelog"].sum()) >= MANY and _was_a_rule(landing["at"][code], told[code])
        reason = "" if keeps else "no change log can be seen, or changes are not told one by one: it is no rule here"
        seen = of_landings(log, code, np.where(told, 1, np.where(_soon(log), -1, 0)), reason, anywhere=True)
        lately = seen.kept[seen.at > log.now - YEAR]
        with_it = int((lately == 1).sum())
        if lately.size >= MANY and with_it < NOW * lately.size:
            reason = f"no rule here: {with_it} of {lately.size} changes of the last year were told with the change"
        return replace(seen, unavailable=reason)


def _soon(log: FlowLog) -> Flags:
    """Say of what landed whether the change log was touched soon after it, or may be still."""
    at = log.landing["at"]
    notes = at[log.landing["changelog"]]
    after = np.searchsorted(notes, at + SOON, side="right") > np.searchsorted(notes, at, side="right")
    return after | (at + SOON > log.now)


def _was_a_rule(at: Floats, told: Flags) -> bool:
    """Say whether at least half of the changes of some year were told."""
    years = np.floor(at / YEAR)
    parts = (told[years == year] for year in np.unique(years).tolist())
    return any(part.size >= MANY and part.mean() >= RULE for part in parts)
