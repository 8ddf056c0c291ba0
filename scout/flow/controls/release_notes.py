"""`release-notes`: releases come with notes."""

from typing import ClassVar

import numpy as np

from scout.flow._control import Control, Watched
from scout.flow.log import DAY, FlowLog, as_moment

MANY, RULE = 5, 0.2
ENDED = 2 * 365 * DAY
"""Without a release for so long nothing is controlled any more."""


class ReleaseNotes(Control):
    """A release comes with a new entry in the change log."""

    id: ClassVar[str] = "release-notes"
    watches: ClassVar[str] = "that users know what a release brings"
    opportunity: ClassVar[str] = (
        "releases (else tags) since there is a change log, where one in five at least touches it and the last is no "
        "older than two years; kept where it was touched since the release before, or on the day after: notes written "
        "on a branch of the release come back with its merge"
    )
    suggestions: ClassVar[tuple[str, ...]] = (
        "automate: notes made of the titles of changes",
        "drop it for releases that nobody outside installs",
    )

    def watch(self, log: FlowLog) -> Watched:
        """Return releases, and whether the change log was touched before them."""
        landing = log.landing
        releases = np.unique(log.release["at"])
        notes = landing["at"][landing["changelog"]] if landing["at"].size else np.zeros(0)
        if notes.size:  # a release before there was a change log missed nothing
            releases = releases[max(0, int(np.count_nonzero(releases < notes.min())) - 1) :]
        if releases.size < MANY or notes.size < MANY:
            return _nothing("too few releases, or the project keeps no change log that can be seen")
        if log.now - releases[-1] > ENDED:
            return _nothing(f"nothing was released since {as_moment(float(releases[-1])).date().isoformat()}")
        written = np.searchsorted(notes, releases[1:] + DAY, side="right") - np.searchsorted(
            notes, releases[:-1], side="right"
        )
        if (written > 0).mean() < RULE:
            return _nothing("the change log is hardly ever touched before a release: notes stand elsewhere, or nowhere")
        names = tuple(as_moment(float(one)).isoformat() for one in releases[1:].tolist())
        return Watched(releases[1:], (written > 0).astype(np.int64), names)


def _nothing(reason: str) -> Watched:
    return Watched(np.zeros(0), np.zeros(0, dtype=np.int64), (), reason)
