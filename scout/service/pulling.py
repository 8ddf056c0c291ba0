"""One source's pull, staged in a folder of its own."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from scout.errors import UnavailableError
from scout.model import Outcome
from scout.remote.failure import LimitedError
from scout.service.remaking import with_basis
from scout.sources import Pull, Source, SourceContext
from scout.warehouse.freshness import Cursor, Ending, StreamAge
from scout.warehouse.staging import Staging

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pulled:
    """A pull that ended, and what it left in staging.

    Attributes:
        source: the source's id.
        staging: to be merged; None when there is nothing, not even a cursor.
    """

    source: str
    pull: Pull
    rows: Mapping[str, int]
    staging: Staging | None

    @property
    def ending(self) -> Ending:
        """How it ended, for the state of sources."""
        return _ending(self.pull)


def pulled(source: Source, project: str, at: SourceContext, cursor: Cursor | None, staging: Staging) -> Pulled:
    """Pull a source and stage what it brings.

    Args:
        source: which.
        project: the project's id.
        at: where and when.
        cursor: where the last pull ended; None when there was none.
        staging: a folder that nobody else writes to. It is finished when there is something to merge.

    Raises:
        StoreError: the state folder cannot be written.
    """
    try:
        pull = source.pull(project, at, cursor, staging.write)
    except UnavailableError as error:
        pull = Pull(Outcome.UNAVAILABLE, str(error), until=error.until if isinstance(error, LimitedError) else None)
    if pull.outcome is Outcome.UNAVAILABLE:
        log.warning("%s could not be read: %s", source.id, pull.reason)
    if pull.unchanged or pull.cursor is None:
        return Pulled(source.id, pull, {}, None)
    position, whole = with_basis(pull.cursor, source, at), tuple(sorted(pull.replaced))
    staging.cursor(source.id, position, full=False, whole=whole, ending=_ending(pull))
    staging.finish()
    return Pulled(source.id, pull, dict(staging.rows), staging)


def _ending(pull: Pull) -> Ending:
    streams = {name: StreamAge(outcome=state.outcome, reason=state.reason) for name, state in pull.streams.items()}
    return Ending(outcome=pull.outcome, reason=pull.reason, streams=streams, until=pull.until)
