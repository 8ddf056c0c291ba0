"""`tests-with-code`: changes of code come with tests."""

from typing import ClassVar

import numpy as np

from scout.flow._control import Control, Watched, of_landings
from scout.flow.log import FlowLog


class TestsWithCode(Control):
    """A change of code comes with a change of tests."""

    id: ClassVar[str] = "tests-with-code"
    watches: ClassVar[str] = "that behaviour stays as it is meant"
    opportunity: ClassVar[str] = (
        "everything that people landed and that touches code of the project's own; left out are migrations and build "
        "files alone, reverts, updates of versions, words and looks; kept where it touches a test, too"
    )
    suggestions: ClassVar[tuple[str, ...]] = (
        "automate: show uncovered lines in the review",
        "make it cheaper: fixtures and examples to copy",
        "drop it where tests say nothing (configuration, wording)",
    )

    def watch(self, log: FlowLog) -> Watched:
        """Return landed changes of code, and whether tests came along."""
        landing = log.landing
        code = landing["code"] & ~landing["is_revert"] & ~landing["routine"]
        reason = "" if landing["known_files"].any() else "which files were changed is not known"
        return of_landings(log, code, landing["tests"].astype(np.int64), reason)
