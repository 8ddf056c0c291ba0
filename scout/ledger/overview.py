"""What a ledger says of all its candidates at once, without their texts."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from scout.ledger import lives as read
from scout.ledger import work
from scout.ledger.lives import Decided, Life, Pulse
from scout.ledger.opened import Opened
from scout.ledger.records import VerdictChange
from scout.ledger.schema import outbox


class Overview(Opened):
    """A ledger as lists, counts and logs read it."""

    def pulse(self) -> Pulse:
        """Return how many rows there are: as long as it is the same, nothing has happened to any candidate."""
        with self.reading() as connection:
            return read.pulse(connection)

    def marks(self) -> dict[str, tuple[int, ...]]:
        """Return by candidate how many rows are about it: one for which that is the same is as it was."""
        with self.reading() as connection:
            return read.marks(connection)

    def lives(self, names: Collection[str] | None = None) -> tuple[Life, ...]:
        """Return these candidates, or all, without their texts and in any order."""
        with self.reading() as connection:
            return read.lives(connection, names)

    def decided(
        self, projects: Collection[str], before: tuple[datetime, str, int] | None = None, most: int = 100
    ) -> tuple[Decided, ...]:
        """Return decisions about candidates of these projects, newest first.

        Args:
            projects: ids.
            before: moment, candidate and number of the decision that the page before ended with.
            most: how many at most.
        """
        with self.reading() as connection:
            return read.decided(connection, projects, before, most)

    def decided_on(self, projects: Collection[str], start: datetime, end: datetime, other: str) -> int:
        """Return how many decisions about these projects were made within [start, end) by anybody but `other`."""
        with self.reading() as connection:
            return read.decided_on(connection, projects, start, end, other)

    def verdict_history(self, project: str, tickets: Sequence[str]) -> tuple[VerdictChange, ...]:
        """Return all that was recorded of the readiness of some tickets, oldest first."""
        with self.reading() as connection:
            return work.verdict_history(connection, project, tickets)

    def intended(self, key: str) -> bool:
        """Return whether there is an intent with this key, filed or not."""
        with self.reading() as connection:
            return connection.scalar(select(outbox.c.key).where(outbox.c.key == key)) is not None
