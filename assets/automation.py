"""What starts runs by itself: a schedule for each cadence, a sensor for new projects, and one for looks that are due.

A schedule asks for one run a project and period. Dagster evaluates only the latest tick that was missed while nothing
was running, so a missed day runs once, and three missed days run once too; the run key (project and period) keeps a
tick that was interrupted and is repeated from starting a second run.

A look that goes on, or was made in the last quarter of a period, is as good as the one that is due: a new project,
whose first look a sensor asks for, is not run twice.

Schedules are the floor. Above it each plan says itself when to look again, from a few hours to weeks, so that planning
speeds up when execution does; a sensor asks for a run when that moment has come.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import dagster as dg

from assets.memory import newest
from assets.partitions import PROJECTS, registration
from assets.resources import ScoutResource, failing_well
from assets.stages.inbox_snapshot import inbox_snapshot, look_again
from assets.stages.notifications import notifications
from assets.stages.sources import sources
from scout.service.classify_slices import due
from scout.service.discover import discover
from scout.service.next_look import NextLook, next_looks

PATIENCE = 15.0
"""Seconds that discovery may wait for a tracker's limit: Dagster gives a sensor a minute."""

PARTITION = "dagster/partition"
IN_PROGRESS = (
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
)


class Cadence(NamedTuple):
    """How often a project is looked at.

    Attributes:
        name: as the settings say it.
        cron: when, UTC.
        period: what a run stands for, as a format of the tick's time.
        fresh: how old a look may be that is as good as the one that is due.
    """

    name: str
    cron: str
    period: str
    fresh: timedelta


CADENCES = (
    Cadence("hourly", "0 * * * *", "%Y-%m-%dT%H", timedelta(minutes=15)),
    Cadence("daily", "0 5 * * *", "%Y-%m-%d", timedelta(hours=6)),
    Cadence("weekly", "0 5 * * 1", "%G-W%V", timedelta(hours=42)),
)

_LIFECYCLE = dg.AssetSelection.groups("lifecycle")  # pyright: ignore[reportUnknownMemberType] - *args, in dagster

_TOLD = dg.AssetSelection.assets(notifications)  # pyright: ignore[reportUnknownMemberType] - likewise

line = dg.define_asset_job(  # pyright: ignore[reportUnknownMemberType] - PathLike without its type, in dagster
    "line",
    selection=dg.AssetSelection.all() - _LIFECYCLE - _TOLD,
    description="The whole line once for a project: pull, look, judge, plan, draft, file what was accepted.",
)

lifecycle = dg.define_asset_job(  # pyright: ignore[reportUnknownMemberType] - likewise
    "lifecycle",
    selection=_LIFECYCLE,
    description="Classify a project's open tickets that are new or have changed: slices, audit, one class for each.",
)


def _schedule(cadence: Cadence) -> dg.ScheduleDefinition:
    @dg.schedule(  # pyright: ignore[reportUnknownMemberType] - likewise
        name=f"{cadence.name}_line",
        job=line,
        cron_schedule=cadence.cron,
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"The line for every project whose cadence is {cadence.name}; a missed tick is made up for once.",
    )
    def periodic(context: dg.ScheduleEvaluationContext, scout: ScoutResource) -> list[dg.RunRequest] | dg.SkipReason:
        due = _due(context.instance, scout, context.scheduled_execution_time, cadence)
        return due or dg.SkipReason(f"No registered project with the cadence '{cadence.name}' has to be looked at now.")

    return periodic


def _due(instance: dg.DagsterInstance, scout: ScoutResource, at: datetime, cadence: Cadence) -> list[dg.RunRequest]:
    with failing_well():
        configured = [one.id for one in scout.workspace(at).projects if one.cadence == cadence.name]
    registered = set(instance.get_dynamic_partitions(str(PROJECTS.name)))
    left = _projects_of(instance, [dg.DagsterRunStatus.SUCCESS], at - cadence.fresh) | _projects_of(
        instance, IN_PROGRESS
    )
    period = at.strftime(cadence.period)
    return [
        dg.RunRequest(run_key=f"{project} {period}", partition_key=project)
        for project in configured
        if project in registered - left
    ]


def _projects_of(
    instance: dg.DagsterInstance, statuses: Sequence[dg.DagsterRunStatus], since: datetime | None = None
) -> set[str]:
    """Return the projects whose line was asked for since a moment and stands so."""
    those = dg.RunsFilter(job_name=line.name, statuses=list(statuses), created_after=since)
    return {run.tags[PARTITION] for run in instance.get_runs(those) if PARTITION in run.tags}


schedules = tuple(_schedule(cadence) for cadence in CADENCES)


@dg.sensor(  # pyright: ignore[reportUnknownMemberType] - likewise
    job=line, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING
)
def new_projects(context: dg.SensorEvaluationContext, scout: ScoutResource) -> dg.SensorResult | dg.SkipReason:
    """Register projects as partitions, drop those that left, and ask once for a new one's first run.

    Projects are those of the settings and those that trackers list for them, who are asked at most once a day.
    """
    instance = context.instance
    with failing_well():
        work = scout.workspace()
        discover(work, patience=PATIENCE)
        configured = [one.id for one in work.projects]
    change = registration(configured, instance.get_dynamic_partitions(str(PROJECTS.name)))
    seen = instance.get_materialized_partitions(sources.key)
    going = _projects_of(instance, IN_PROGRESS)
    unseen = [name for name in configured if name not in seen | going]
    if not (unseen or change.add or change.drop):
        return dg.SkipReason(f"All {len(configured)} projects are registered and have been looked at.")
    requests = ((PROJECTS.build_add_request, change.add), (PROJECTS.build_delete_request, change.drop))
    return dg.SensorResult(
        run_requests=[dg.RunRequest(run_key=f"{name} first", partition_key=name) for name in unseen],
        dynamic_partitions_requests=[build(list(names)) for build, names in requests if names],
    )


@dg.sensor(  # pyright: ignore[reportUnknownMemberType] - likewise
    job=line, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING
)
def due_looks(context: dg.SensorEvaluationContext, scout: ScoutResource) -> dg.SensorResult | dg.SkipReason:
    """Ask for one run of each project whose plan wants to be made again now.

    The moment is part of the run's key: a look that failed is not repeated before the schedule comes round, and a
    project that is being run is left alone.
    """
    instance = context.instance
    with failing_well():
        work = scout.workspace()
        configured = {one.id for one in work.projects}
        known = sorted(configured.intersection(instance.get_dynamic_partitions(str(PROJECTS.name))))
        kept = next_looks(work, known)
    looks = {name: found for name in known if (found := _newest_look(instance, name, kept.get(name))) is not None}
    due = [name for name, look in looks.items() if look.due_at <= work.now and not _is_running(instance, name)]
    if not due:
        soonest = min((look.due_at for look in looks.values() if look.due_at > work.now), default=None)
        said = f"; the next is at {soonest:%Y-%m-%d %H:%M} UTC" if soonest else ""
        return dg.SkipReason(f"No look is due{said}.")
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(run_key=f"{name} look {looks[name].due_at:%Y-%m-%dT%H:%M:%S}", partition_key=name)
            for name in due
        ]
    )


@dg.sensor(  # pyright: ignore[reportUnknownMemberType] - likewise
    job=lifecycle, minimum_interval_seconds=300, default_status=dg.DefaultSensorStatus.RUNNING
)
def due_classes(context: dg.SensorEvaluationContext, scout: ScoutResource) -> dg.SensorResult | dg.SkipReason:
    """Ask for a run of each project whose tickets were classified before and have new or changed ones among them.

    The newest change is part of the run's key: what was looked at once is not looked at again.
    """
    instance = context.instance
    with failing_well():
        work = scout.workspace()
        registered = set(instance.get_dynamic_partitions(str(PROJECTS.name)))
        found = {one.id: due(work, one) for one in work.projects if one.id in registered}
    wanted = {name: one for name, one in found.items() if one.is_due and not _is_running(instance, name)}
    if not wanted:
        return dg.SkipReason("No project that was classified before has new or changed tickets.")
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(run_key=f"{name} classes {one.newest} {one.without}", partition_key=name)
            for name, one in wanted.items()
        ]
    )


def _newest_look(instance: dg.DagsterInstance, project: str, kept: NextLook | None) -> NextLook | None:
    """Return what the newest plan says: that of the last run here, or one that was kept since, from a terminal."""
    told = look_again(newest(instance, inbox_snapshot.key, project) or {})
    both = [one for one in (told, kept) if one is not None]
    return max(both, key=lambda one: one.planned_at, default=None)


def _is_running(instance: dg.DagsterInstance, project: str) -> bool:
    going = dg.RunsFilter(tags={PARTITION: project}, statuses=list(IN_PROGRESS))
    return bool(instance.get_runs(going, limit=1))
