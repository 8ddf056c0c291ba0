"""`tests-with-code`: changes of code come with tests."""

from typing import ClassVar

import numpy as np

from scout.flow._control import Control, Watched, of_landings
from scout.flow.log import DAY, FlowLog

LEAST = 5
"""Lines that may do something, from which on tests are due."""
MANY, RULE = 10, 0.6
"""Changes, from which on it can be told whether tests are a rule, and the share that has to bring one."""
WITHIN = 3 * 365 * DAY


class TestsWithCode(Control):
    """A change of code comes with a change of tests."""

    id: ClassVar[str] = "tests-with-code"
    watches: ClassVar[str] = "that behaviour stays as it is meant"
    opportunity: ClassVar[str] = (
        "everything that people landed in the last three years that brings five lines or more of code that may do "
        "something, in a place (the innermost folder that ten such touched, by language) where most come with tests; "
        "what one request brought is one; left out are reverts, what its title calls routine, sweeps of over 60 files, "
        "migrations, settings, scripts of development and operation, templates, texts, and lines that only move, "
        "rename, take away, declare, import or log; kept where a test, or what tests compare with, is touched, too; "
        "where contents are not known, by names alone"
    )
    suggestions: ClassVar[tuple[str, ...]] = (
        "automate: show uncovered lines in the review",
        "make it cheaper: fixtures and examples to copy",
        "drop it where tests say nothing (configuration, wording)",
    )

    def watch(self, log: FlowLog) -> Watched:
        """Return landed changes of code, and whether tests came along."""
        landing = log.landing
        if not landing["known_files"].any():
            return of_landings(log, landing["known_files"], landing["lines"], "which files were changed is not known")
        recent = landing["at"] > log.now - WITHIN
        code = recent & landing["wanted"] & ~landing["is_revert"] & ~landing["routine"]
        working = code & ((landing["lines"] < 0) | (landing["lines"] >= LEAST))
        tested = landing["tests"][recent & (landing["working"] >= LEAST) & ~landing["routine"]]
        never = tested.size >= MANY and tested.mean() < RULE and not working.any()
        reason = "tests come with code nowhere mostly: it is no rule here" if never else ""
        return of_landings(log, working, landing["tests"].astype(np.int64), reason, anywhere=True, weight="lines")
