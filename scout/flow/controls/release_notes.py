"""`release-notes`: releases come with notes."""

from typing import ClassVar

import numpy as np

from scout.flow._control import Control, Watched
from scout.flow.log import DAY, Floats, FlowLog, Ints, as_moment

MANY, RULE = 5, 0.2
ENDED = 2 * 365 * DAY
"""Without a release for so long nothing is controlled any more."""


class ReleaseNotes(Control):
    """A release comes with a new entry in the change log."""

    id: ClassVar[str] = "release-notes"
    watches: ClassVar[str] = "that users know what a release brings"
    opportunity: ClassVar[str] = (
        "full releases of the main product, by tags of the checkout (else releases that the tracker tells) since there "
        "is a change log, where one in five at least has notes and the last is no older than two years; kept where the "
        "change log, as it is now or in the release itself, names the version, or was touched since the release before "
        "or on the day after; unknown for releases of other branches, and within a day of the one before"
    )
    suggestions: ClassVar[tuple[str, ...]] = (
        "automate: notes made of the titles of changes",
        "drop it for releases that nobody outside installs",
    )

    def watch(self, log: FlowLog) -> Watched:
        """Return releases, and whether the change log was touched before them."""
        at, noted, names = _releases(log)
        landing = log.landing
        notes = landing["at"][landing["changelog"]] if landing["at"].size else np.zeros(0)
        if notes.size:  # a release before there was a change log missed nothing
            since = max(0, int(np.count_nonzero(at < notes.min())) - 1)
            at, noted, names = at[since:], noted[since:], names[since:]
        if at.size < MANY or notes.size < MANY:
            return _nothing("too few releases, or the project keeps no change log that can be seen")
        if log.now - at[-1] > ENDED:
            return _nothing(f"nothing was released since {as_moment(float(at[-1])).date().isoformat()}")
        before, after = (np.searchsorted(notes, when, side="right") for when in (at[:-1], at[1:] + DAY))
        kept = np.where(after > before, 1, noted[1:])
        if (kept == 1).mean() < RULE:
            return _nothing("the change log is hardly ever touched before a release: notes stand elsewhere, or nowhere")
        return Watched(at[1:], kept.astype(np.int64), names[1:])


def _releases(log: FlowLog) -> tuple[Floats, Ints, tuple[str, ...]]:
    """Return when releases were, whether a change log names them (0 where nobody looked), and their names."""
    if "noted" in log.release:
        order = np.argsort(log.release["at"], kind="stable")
        names = tuple(str(one) for one in log.release["name"][order].tolist())
        return log.release["at"][order], log.release["noted"][order].astype(np.int64), names
    at = np.unique(log.release["at"])
    return at, np.zeros(at.size, dtype=np.int64), tuple(as_moment(float(one)).isoformat() for one in at.tolist())


def _nothing(reason: str) -> Watched:
    return Watched(np.zeros(0), np.zeros(0, dtype=np.int64), (), reason)
