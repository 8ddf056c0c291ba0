"""Classification under Dagster: slices as steps of their own, an audit, and a check, on a real instance."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.automation import due_classes
from assets.definitions import defs
from assets.memory import newest
from assets.resources import ScoutResource
from tests.portfolio import Portfolio, portfolio

pytestmark = pytest.mark.slow
COUNT = 43


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Portfolio:
    made = portfolio(tmp_path, monkeypatch)
    made.write(rocket="daily")
    made.make("rocket", landed=4)
    for number in range(COUNT):
        write(made, number, "bug" if number % 2 else "feature")
    return made


def write(world: Portfolio, number: int, kind: str) -> None:
    folder = world.folder / "rocket" / "tickets"
    folder.mkdir(exist_ok=True)
    text = f"---\ntitle: It's ticket {number}\nkind: {kind}\n---\nIt does not work.\n"
    (folder / f"t-{number}.md").write_text(text, "utf-8")


@pytest.fixture
def instance(world: Portfolio) -> Generator[dg.DagsterInstance]:
    with world.dagster("rocket") as made:
        yield made


def ran(instance: dg.DagsterInstance, job: str, *assets: str) -> dg.ExecuteInProcessResult:
    chosen = [dg.AssetKey(name) for name in assets] or None
    made = defs.resolve_job_def(job).execute_in_process(
        instance=instance, partition_key="rocket", asset_selection=chosen
    )
    assert made.success
    return made


def facts(instance: dg.DagsterInstance, asset: str) -> dict[str, Any]:
    return dict(newest(instance, dg.AssetKey(asset), "rocket") or {})


def test_every_slice_is_a_step_and_in_the_end_every_open_ticket_has_exactly_one_class(
    world: Portfolio, instance: dg.DagsterInstance
):
    ran(instance, "line", "sources", "core")
    done = ran(instance, "lifecycle")
    steps = [one.step_key for one in done.get_step_success_events()]
    assert [one for one in steps if "verdicts_of_slice" in str(one)] == [
        f"lifecycle_verdicts.verdicts_of_slice[wave_1_{number}]" for number in (1, 2)
    ]
    assert facts(instance, "lifecycle_plan")["to classify"] == COUNT
    assert facts(instance, "lifecycle_verdicts")["tickets"] == COUNT
    told = facts(instance, "lifecycle_audit")
    assert (told["tickets"], told["corrected"], told["set aside"]) == (COUNT, 0, 0)
    (check,) = done.get_asset_check_evaluations()
    assert (check.check_name, check.passed) == ("every_open_ticket_has_exactly_one_class", True)

    assert not asked(instance)
    write(world, COUNT, "bug")
    ran(instance, "line", "sources", "core")
    assert [one.partition_key for one in asked(instance)] == ["rocket"]
    again = ran(instance, "lifecycle")
    assert facts(instance, "lifecycle_plan")["to classify"] == 1
    assert facts(instance, "lifecycle_plan")["unchanged"] == COUNT
    (check,) = again.get_asset_check_evaluations()
    assert check.passed
    ran(instance, "lifecycle")
    assert facts(instance, "lifecycle_audit")["unchanged"] == COUNT + 1


def asked(instance: dg.DagsterInstance) -> list[dg.RunRequest]:
    context = dg.build_sensor_context(instance=instance, resources={"scout": ScoutResource()})
    found = due_classes(context)
    return list(found.run_requests or ()) if isinstance(found, dg.SensorResult) else []
