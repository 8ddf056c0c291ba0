"""`migrations-in-order`: migrations are added, never edited."""

from typing import ClassVar

import numpy as np

from scout.flow._control import Control, Watched, of_landings
from scout.flow.log import FlowLog


class MigrationsInOrder(Control):
    """A migration that has landed is never edited."""

    id: ClassVar[str] = "migrations-in-order"
    watches: ClassVar[str] = "that every database comes to the same shape"
    opportunity: ClassVar[str] = (
        "everything that touches migrations; bypassed where one that had landed before was edited"
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
        return of_landings(log, migrates, (~landing["migration_edited"]).astype(np.int64), reason)
