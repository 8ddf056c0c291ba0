"""What starts runs by itself, at given times: schedules, missed days, and the sensor for new projects."""

import logging
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import dagster as dg
import pytest
from dagster._core.test_utils import (
    create_run_for_test,  # pyright: ignore[reportUnknownVariableType]
    create_test_daemon_workspace_context,
    freeze_time,
)
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import ModuleTarget
from dagster._daemon.sensor import execute_sensor_iteration  # pyright: ignore[reportUnknownVariableType]
from dagster._scheduler.scheduler import launch_scheduled_runs  # pyright: ignore[reportUnknownVariableType]

from assets.automation import CADENCES
from assets.definitions import defs
from assets.resources import ScoutResource
from assets.stages.inbox_snapshot import LOOK_AGAIN, PLANNED
from tests.dagster_daemon import daemon_here, frozen, schedules, sensors
from tests.portfolio import Portfolio, portfolio
from tests.stand_in import install, lists

REPOSITORY = defs.get_repository_def()
LOG = logging.getLogger("daemon")
MONDAY = datetime(2026, 3, 2, 5, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Portfolio:
    found = portfolio(tmp_path, monkeypatch)
    found.write(rocket="daily", lantern="daily", harbour="weekly")
    return found


def asked(instance: dg.DagsterInstance, cadence: str, at: datetime) -> Sequence[dg.RunRequest]:
    context = dg.build_schedule_context(instance, at, repository_def=REPOSITORY, resources={"scout": ScoutResource()})
    with context:
        return REPOSITORY.get_schedule_def(f"{cadence}_line").evaluate_tick(context).run_requests or ()


@contextmanager
def daemon(instance: dg.DagsterInstance, folder: Path) -> Generator[WorkspaceProcessContext]:
    """Give what Dagster's daemon works on; nothing public drives its ticks at given times."""
    target = ModuleTarget("assets.definitions", None, str(folder), "scout")
    with create_test_daemon_workspace_context(target, instance) as context:
        yield context


def tick(context: WorkspaceProcessContext, at: datetime) -> None:
    """Let the sensors be asked at a given time."""
    with freeze_time(at):
        assert not any(cast("Iterable[object]", execute_sensor_iteration(context, LOG, None, None)))


def keys(instance: dg.DagsterInstance) -> list[str]:
    return sorted(run.tags["dagster/run_key"] for run in instance.get_runs())


def test_each_registered_project_of_the_cadence_runs_once_a_period(world: Portfolio):
    with world.dagster("rocket", "lantern", "harbour") as instance:
        today = asked(instance, "daily", MONDAY)
        assert [(one.partition_key, one.run_key) for one in today] == [
            ("rocket", "rocket 2026-03-02"),
            ("lantern", "lantern 2026-03-02"),
        ]
        assert {one.run_key for one in asked(instance, "daily", MONDAY)} == {one.run_key for one in today}
        tomorrow = asked(instance, "daily", MONDAY + timedelta(days=1))
        assert not {one.run_key for one in tomorrow} & {one.run_key for one in today}
        assert [one.run_key for one in asked(instance, "weekly", MONDAY)] == ["harbour 2026-W10"]
        assert asked(instance, "hourly", MONDAY) == ()


def test_a_project_that_is_not_registered_yet_waits_for_the_sensor(world: Portfolio):
    with world.dagster("rocket") as instance:
        assert [one.partition_key for one in asked(instance, "daily", MONDAY)] == ["rocket"]


def test_every_cadence_of_the_settings_has_its_schedule():
    assert [cadence.name for cadence in CADENCES] == ["hourly", "daily", "weekly"]
    assert sorted(one.name for one in REPOSITORY.schedule_defs) == sorted(
        f"{cadence.name}_line" for cadence in CADENCES
    )


@pytest.mark.parametrize("missed", [1, 3, 20])
def test_days_that_were_missed_run_once(world: Portfolio, missed: int):
    back = MONDAY + timedelta(days=missed)
    with world.dagster("rocket") as instance, daemon(instance, world.folder) as context:
        for moment in (MONDAY - timedelta(hours=1), back + timedelta(hours=4)):
            assert not any(launch_scheduled_runs(context, LOG, moment, {}))
        assert keys(instance) == [f"rocket {back:%Y-%m-%d}"]
        list(launch_scheduled_runs(context, LOG, back + timedelta(hours=6), {}))
        assert len(instance.get_runs()) == 1


def test_new_projects_are_registered_and_asked_once_for_their_first_run(world: Portfolio):
    with world.dagster("rocket", "old") as instance, daemon(instance, world.folder) as context:
        tick(context, MONDAY)
        assert set(instance.get_dynamic_partitions("project")) == {"rocket", "lantern", "harbour"}
        assert keys(instance) == ["harbour first", "lantern first", "rocket first"]
        assert {run.tags["dagster/partition"] for run in instance.get_runs()} == {"rocket", "lantern", "harbour"}
        tick(context, MONDAY + timedelta(minutes=5))
        assert len(instance.get_runs()) == 3


def test_a_new_project_is_not_run_twice_when_its_first_look_meets_the_schedule(
    world: Portfolio, monkeypatch: pytest.MonkeyPatch
):
    with world.dagster("rocket") as instance, daemon_here(instance, world.folder) as context:
        with frozen(monkeypatch, MONDAY - timedelta(minutes=10)):
            schedules(context, MONDAY - timedelta(minutes=10))
            sensors(context)
        firsts = ["harbour first", "lantern first", "rocket first"]
        assert keys(instance) == firsts
        with frozen(monkeypatch, MONDAY + timedelta(minutes=1)):
            schedules(context, MONDAY + timedelta(minutes=1))
        assert keys(instance) == firsts, "they are being looked at"
        tomorrow = MONDAY + timedelta(days=1, minutes=1)
        for run in instance.get_runs():
            instance.report_run_canceled(run)
        with frozen(monkeypatch, tomorrow):
            schedules(context, tomorrow)
        assert keys(instance) == sorted([*firsts, "lantern 2026-03-03", "rocket 2026-03-03"]), "what came to nothing"


def test_a_scheduled_first_look_is_not_asked_for_again(world: Portfolio, monkeypatch: pytest.MonkeyPatch):
    with world.dagster("rocket", "lantern", "harbour") as instance, daemon_here(instance, world.folder) as context:
        for moment in (MONDAY - timedelta(hours=1), MONDAY + timedelta(minutes=1)):
            with frozen(monkeypatch, moment):
                schedules(context, moment)
        scheduled = ["harbour 2026-W10", "lantern 2026-03-02", "rocket 2026-03-02"]
        assert keys(instance) == scheduled
        with frozen(monkeypatch, MONDAY + timedelta(minutes=2)):
            sensors(context)
        assert keys(instance) == scheduled


@pytest.mark.parametrize(
    ("hours", "ended", "again"),
    [
        (5, dg.DagsterRunStatus.SUCCESS, False),
        (7, dg.DagsterRunStatus.SUCCESS, True),
        (5, dg.DagsterRunStatus.FAILURE, True),
    ],
)
def test_a_look_shortly_before_is_as_good_as_the_one_that_is_due(
    world: Portfolio, monkeypatch: pytest.MonkeyPatch, hours: int, ended: dg.DagsterRunStatus, *, again: bool
):
    with world.dagster("rocket") as instance:
        with frozen(monkeypatch, MONDAY - timedelta(hours=hours)):
            create_run_for_test(instance, job_name="line", tags={"dagster/partition": "rocket"}, status=ended)
        assert bool(asked(instance, "daily", MONDAY)) == again


def test_a_known_world_is_left_alone(world: Portfolio):
    with world.dagster("rocket", "lantern", "harbour") as instance, daemon(instance, world.folder) as context:
        for project in ("rocket", "lantern", "harbour"):
            instance.report_runless_asset_event(dg.AssetMaterialization("sources", partition=project))
        tick(context, MONDAY)
        assert not instance.get_runs()


def test_what_a_tracker_lists_is_registered_and_what_left_goes(
    world: Portfolio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    server = install(tmp_path / "plugin", monkeypatch)
    lists(server, "beacon", "buoy")
    settings = world.folder / "scout.toml"
    settings.write_text(f'{settings.read_text()}\n[[discover]]\ntype = "board"\nurl = "file://{server}"\n')
    with world.dagster("rocket") as instance, daemon(instance, world.folder) as context:
        tick(context, MONDAY)
        named = {"rocket", "lantern", "harbour"}
        assert set(instance.get_dynamic_partitions("project")) == named | {"beacon", "buoy"}
        assert "beacon first" in keys(instance)
        lists(server)
        tick(context, MONDAY + timedelta(minutes=5))
        assert "buoy" in instance.get_dynamic_partitions("project"), "the tracker is asked once a day"
        settings.write_text(settings.read_text() + 'exclude = ["bu*"]\n')
        tick(context, MONDAY + timedelta(minutes=10))
        assert set(instance.get_dynamic_partitions("project")) == named | {"beacon"}


@dataclass
class Looks:
    """Three projects that were looked at, and the daemon at given times."""

    instance: dg.DagsterInstance
    context: WorkspaceProcessContext
    patched: pytest.MonkeyPatch

    def planned(self, project: str, at: datetime, due: datetime) -> None:
        """Say that a run planned a project, and when its plan wants the next look."""
        facts = {PLANNED: dg.MetadataValue.timestamp(at), LOOK_AGAIN: dg.MetadataValue.timestamp(due)}
        planned = dg.AssetMaterialization("inbox_snapshot", partition=project, metadata=facts)
        for event in (dg.AssetMaterialization("sources", partition=project), planned):
            self.instance.report_runless_asset_event(event)

    def asked(self, at: datetime) -> list[str]:
        """Let the sensors be asked and return the keys of all runs so far."""
        with frozen(self.patched, at):
            sensors(self.context)
        return keys(self.instance)


@pytest.fixture
def looks(world: Portfolio, monkeypatch: pytest.MonkeyPatch) -> Generator[Looks]:
    with world.dagster("rocket", "lantern", "harbour") as instance, daemon_here(instance, world.folder) as context:
        yield Looks(instance, context, monkeypatch)


def test_a_look_that_is_due_runs_once_and_the_others_wait(looks: Looks):
    soon, later = MONDAY + timedelta(hours=6), MONDAY + timedelta(days=20)
    looks.planned("rocket", MONDAY, soon)
    looks.planned("lantern", MONDAY, later)
    looks.planned("harbour", MONDAY, later)
    assert looks.asked(soon - timedelta(minutes=1)) == []
    assert looks.asked(soon) == ["rocket look 2026-03-02T11:00:00"]
    assert looks.asked(soon + timedelta(minutes=2)) == ["rocket look 2026-03-02T11:00:00"], "once, however often"
    assert looks.asked(later)[:2] == ["harbour look 2026-03-22T05:00:00", "lantern look 2026-03-22T05:00:00"]


def test_the_newest_plan_says_when(looks: Looks):
    for project in ("rocket", "lantern", "harbour"):
        looks.planned(project, MONDAY, MONDAY + timedelta(hours=6))
        looks.planned(project, MONDAY + timedelta(hours=1), MONDAY + timedelta(days=9))
    assert looks.asked(MONDAY + timedelta(days=8)) == []
    assert len(looks.asked(MONDAY + timedelta(days=9))) == 3


def test_a_project_whose_run_goes_on_is_left_alone(looks: Looks):
    for project in ("lantern", "harbour"):
        looks.planned(project, MONDAY, MONDAY + timedelta(days=30))
    looks.planned("rocket", MONDAY, MONDAY + timedelta(hours=1))
    first = looks.asked(MONDAY + timedelta(hours=1))
    looks.planned("rocket", MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2))
    assert looks.asked(MONDAY + timedelta(hours=3)) == first == ["rocket look 2026-03-02T06:00:00"]
