"""`migrations-in-order`: migrations are added, never edited."""

from dataclasses import replace
from typing import ClassVar

import numpy as np

from scout.flow._control import Control, Watched, of_landings
from scout.flow.log import FlowLog


class MigrationsInOrder(Control):
    """A migration that has landed is never edited so that databases come out otherwise."""

    id: ClassVar[str] = "migrations-in-order"
    watches: ClassVar[str] = "that every database comes to the same shape"
    opportunity: ClassVar[str] = (
        "everything that adds migrations, or edits one that landed two days before so that a database comes out "
        "otherwise, which bypasses it; no such edits are those that only follow code elsewhere, imports, types, looks "
        "or a linter, sweeps, those that were taken back, of what no release had where there are releases, or after "
        "two years; unknown where only changes are known, not contents"
    )
    suggestions: ClassVar[tuple[str, ...]] = (
        "automate: a check that fails when a landed migration changes",
        "make it cheaper: a command that makes the next migration",
    )

    def watch(self, log: FlowLog) -> Watched:
        """Return landed changes of migrations, and whether old ones stayed as they were."""
        landing = log.landing
        migrates = landing["migration_added"] | landing["migration_edited"]
        reason = "" if migrates.any() else "no migrations landed, or which files were changed is not known"
        kept = np.where(landing["migration_edited"], np.where(landing["is_commit"], 0, -1), 1)
        return replace(of_landings(log, migrates, kept, reason), weight=None)
