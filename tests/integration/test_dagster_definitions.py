"""What Dagster loads, and how its folder is prepared."""

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets import __main__ as dev
from assets.definitions import defs
from assets.home import dagster_home, prepare, register
from assets.partitions import PROJECTS, registration
from assets.resources import failing_well
from scout.errors import ScoutError, SettingsError, UnavailableError, UsageError
from tests.making import Made
from tests.portfolio import LIFECYCLE, LINE, TOLD, Portfolio, portfolio

NAMES = st.lists(st.sampled_from("abcdef"), unique=True)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Portfolio:
    return portfolio(tmp_path, monkeypatch)


def test_they_load_without_settings_and_without_a_single_warning(tmp_path: Path):
    made = Made(tmp_path / "plain")
    made.commit({"README.md": "# Plain\n"})
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SCOUT_", "DAGSTER_"))}
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "from assets.definitions import defs; defs.get_repository_def()"],
        cwd=made.path,
        env={**environment, "PYTHONPATH": root, "SCOUT_HOME": str(tmp_path / "state")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "state").exists(), "loading writes nothing"


def test_every_stage_is_an_asset_with_a_partition_a_project_a_group_kinds_and_a_description():
    graph = defs.get_repository_def().asset_graph
    assert {key.to_user_string() for key in graph.get_all_asset_keys()} == {*LINE, *LIFECYCLE, TOLD}
    for node in graph.asset_nodes:
        assert node.partitions_def == (None if node.key.to_user_string() == TOLD else PROJECTS)
        assert node.group_name in {"warehouse", "signals", "flow", "buffer", "review", "lifecycle"}
        assert node.kinds
        assert len(node.description or "") > 40


def test_data_flows_in_one_direction():
    graph = defs.get_repository_def().asset_graph
    order = [key.to_user_string() for level in graph.toposorted_asset_keys_by_level for key in level]
    assert [name for name in order if name in {"sources", "findings", "candidates", "outbox", "inbox_snapshot"}] == [
        "sources",
        "findings",
        "candidates",
        "outbox",
        "inbox_snapshot",
    ]
    assert order.index("core") < order.index("ticket_readiness") < order.index("buffer_plan")
    assert order.index("buffer_plan") < order.index("candidates")


def test_whatever_talks_to_trackers_and_models_stands_in_their_pool():
    nodes = {node.key.to_user_string(): node.pools for node in defs.get_repository_def().asset_graph.asset_nodes}
    assert (nodes["sources"], nodes["outbox"]) == ({"tracker"}, {"outbox"})
    assert nodes["candidates"] == {"model"}


def test_automation_runs_by_default():
    repository = defs.get_repository_def()
    assert {one.name for one in repository.schedule_defs} == {"hourly_line", "daily_line", "weekly_line"}
    assert all(one.default_status is dg.DefaultScheduleStatus.RUNNING for one in repository.schedule_defs)
    assert {one.name for one in repository.sensor_defs} == {"new_projects", "due_looks", "due_classes", "news"}
    assert all(one.default_status is dg.DefaultSensorStatus.RUNNING for one in repository.sensor_defs)


@given(configured=NAMES, registered=NAMES)
def test_registering_makes_the_partitions_those_of_the_settings(configured: list[str], registered: list[str]):
    change = registration(configured, registered)
    assert set(registered) - set(change.drop) | set(change.add) == set(configured)
    assert not set(change.add) & set(registered)
    assert set(change.drop) <= set(registered)


@pytest.mark.usefixtures("world")
def test_dagsters_folder_is_private_and_follows_the_repositorys_file():
    home = dagster_home()
    prepare(home)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.parent.stat().st_mode) == 0o700
    kept = home / "dagster.yaml"
    repositorys = (Path(__file__).parents[2] / "dagster.yaml").read_bytes()
    assert kept.read_bytes() == repositorys
    kept.write_bytes(b"telemetry: {enabled: true}\n")
    prepare(home)
    assert kept.read_bytes() == repositorys
    assert sorted(file.name for file in home.iterdir()) == ["dagster.yaml"]


@pytest.mark.usefixtures("world")
def test_registering_twice_changes_nothing_and_projects_that_left_are_dropped():
    prepare(dagster_home())
    assert register(dagster_home(), ["one", "two"]).add == ("one", "two")
    assert register(dagster_home(), ["one", "two"]).add == ()
    assert register(dagster_home(), ["two"]).drop == ("one",)


def test_dagster_is_set_up_for_daily_use(world: Portfolio):
    with world.dagster() as instance:
        assert not instance.telemetry_enabled
        assert not instance.nux_enabled
        assert instance.run_retries_enabled
        assert instance.run_monitoring_enabled
        limits = instance.get_concurrency_config()
        assert limits.pool_config.default_pool_limit == 2
        assert limits.run_queue_config is not None
        assert limits.run_queue_config.max_concurrent_runs == 2
        assert Path(instance.root_directory) == dagster_home()


def test_what_may_pass_by_itself_is_tried_again_and_wrong_settings_are_not():
    passing = failure(UnavailableError("The tracker does not answer.", "Look again later."))
    assert passing.allow_retries
    lasting = failure(SettingsError("There is an unknown key.", "Remove it."))
    assert not lasting.allow_retries
    assert lasting.description == "There is an unknown key. Remove it."
    assert lasting.metadata["remedy"].value == "Remove it."


def failure(error: ScoutError) -> dg.Failure:
    try:
        with failing_well():
            raise error
    except dg.Failure as found:
        return found


@pytest.mark.usefixtures("world")
def test_a_port_that_is_taken_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"Port {port} is taken"):
            dev.free_port(port)
    assert dev.free_port(None) > 0


@pytest.mark.usefixtures("world")
def test_outside_a_repository_it_says_what_to_do(capsys: pytest.CaptureFixture[str]):
    assert dev.main(["--no-open"]) == 2
    assert "is not in a git repository" in capsys.readouterr().err
