"""How assets reach Scout: a workspace opened with the run's clock, and errors that say what to do."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
from pydantic import Field

from scout import clock
from scout.errors import ScoutError, UnavailableError
from scout.service.turn import turn
from scout.service.wiring import Project, Workspace, open_workspace

PATIENT = dg.RetryPolicy(max_retries=3, delay=15, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)


class ScoutResource(dg.ConfigurableResource[Workspace]):
    """Where Scout looks: a folder and, if need be, a settings file.

    Without either, the checkout of the working folder is the project, as on the command line.
    """

    start: str = Field(default="", description="a checkout or a folder in one; the working folder when empty")
    config: str = Field(default="", description="a settings file; searched as on the command line when empty")

    def workspace(self, now: datetime | None = None) -> Workspace:
        """Open the workspace, at `now` (UTC) or at the present moment.

        Raises:
            ScoutError: the settings are wrong or the folder is not there.
        """
        start = Path(self.start) if self.start else Path.cwd()
        return open_workspace(start, now or clock.now(), Path(self.config) if self.config else None)

    @contextmanager
    def project(self, context: dg.AssetExecutionContext) -> Generator[tuple[Workspace, Project]]:
        """Give the workspace, at the time the run began, and the project of the run's partition, for this stage alone.

        Raises:
            dagster.Failure: something went wrong that Scout has a sentence and a remedy for.
        """
        with failing_well():
            work = self.workspace(began_at(context.instance, context.run.run_id))
            project = work.project(context.partition_key)
            with turn(work, project):
                yield work, project


def began_at(instance: dg.DagsterInstance, run_id: str) -> datetime | None:
    """Return when a run began (UTC), so that all its stages and their retries see the same time."""
    records = instance.get_run_records(dg.RunsFilter(run_ids=[run_id]), limit=1)
    if not records:
        return None
    record = records[0]
    moment = record.create_timestamp if record.start_time is None else datetime.fromtimestamp(record.start_time, UTC)
    return moment.astimezone(UTC).replace(microsecond=0)


@contextmanager
def failing_well() -> Generator[None]:
    """Turn Scout's errors into failures that show sentence and remedy; only what may pass by itself is tried again.

    Raises:
        dagster.Failure: instead of a `ScoutError`.
    """
    try:
        yield
    except ScoutError as error:
        again = isinstance(error, UnavailableError)
        raise dg.Failure(str(error), metadata={"remedy": error.remedy}, allow_retries=again) from error
