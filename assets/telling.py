"""What tells people: a sensor that looks, and a job that sends, so that what was sent is a materialization.

Nothing runs when nothing is new: the sensor asks the same service that sends. What falls into quiet hours is found
again when they are over; what could not be delivered is tried again in an hour.
"""

import dagster as dg

from assets.resources import ScoutResource, failing_well
from assets.stages.notifications import notifications
from scout.model import digest
from scout.service.notifications import notify

telling = dg.define_asset_job(  # pyright: ignore[reportUnknownMemberType] - PathLike without its type, in dagster
    "telling",
    selection=dg.AssetSelection.assets(notifications),  # pyright: ignore[reportUnknownMemberType] - likewise
    description="Tell people what is new, by the settings' `[notify]`.",
)


@dg.sensor(  # pyright: ignore[reportUnknownMemberType] - likewise
    job=telling, minimum_interval_seconds=120, default_status=dg.DefaultSensorStatus.RUNNING
)
def news(scout: ScoutResource) -> dg.RunRequest | dg.SkipReason:
    """Ask for a run when there is something to tell that was not told yet."""
    with failing_well():
        work = scout.workspace()
        report = notify(work, live=False)
    if not report.targets:
        return dg.SkipReason("Nobody is told: `[notify]` names no targets.")
    if not report.messages:
        return dg.SkipReason("Nothing is new.")
    if report.quiet:
        return dg.SkipReason(f"Quiet hours: {len(report.messages)} messages are told afterwards.")
    said = digest("news", *sorted(f"{one.kind} {one.title} {one.body}" for one in report.messages))
    return dg.RunRequest(run_key=f"{said} {work.now:%Y-%m-%dT%H}")
