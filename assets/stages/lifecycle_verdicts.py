"""Classification, second part: one step a slice, so that a distributed executor runs them elsewhere."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets.partitions import PROJECTS
from assets.resources import PATIENT, ScoutResource, began_at, failing_well
from assets.stages.lifecycle_plan import lifecycle_plan
from assets.tables import table
from scout.service.classify_slices import do_slice, open_slices

_Done = dict[str, Any]


@dg.op(ins={"planned": dg.In(dg.Nothing)}, out=dg.DynamicOut(str), retry_policy=PATIENT)
def slices(context: dg.OpExecutionContext, scout: ScoutResource) -> Iterator[dg.DynamicOutput[str]]:
    """Give each slice of the project's plan to a step of its own."""
    with failing_well():
        work = scout.workspace(began_at(context.instance, context.run.run_id))
        names = open_slices(work, work.project(context.partition_key))
        work.close()
    for name in names:
        yield dg.DynamicOutput(name, mapping_key=name.replace("-", "_"))


@dg.op(retry_policy=PATIENT)
def verdicts_of_slice(context: dg.OpExecutionContext, scout: ScoutResource, worker: str) -> _Done:
    """Let one worker go through its slice, in a process of its own; what it has done before is kept."""
    with failing_well():
        work = scout.workspace(began_at(context.instance, context.run.run_id))
        done = do_slice(work, work.project(context.partition_key), worker)
        work.close()
    return {"worker": done.worker, "tickets": done.tickets, "started": done.started}


@dg.op
def gathered(context: dg.OpExecutionContext, done: list[_Done]) -> None:
    """Say what all slices came to."""
    rows = ((one["worker"], one["tickets"], one["started"]) for one in done)
    context.add_output_metadata(
        {
            "slices": table(("worker", "tickets", "started"), rows),
            "tickets": sum(int(one["tickets"]) for one in done),
            "started again": sum(max(int(one["started"]) - 1, 0) for one in done),
        }
    )


@dg.graph_asset(  # pyright: ignore[reportUnknownMemberType] - PathLike without its type, in dagster
    partitions_def=PROJECTS,
    group_name="lifecycle",
    kinds={"sqlite"},
    ins={"planned": dg.AssetIn(lifecycle_plan.key, dagster_type=dg.Nothing)},
)
def lifecycle_verdicts(planned: object) -> object:
    """A class for every ticket of every slice, with reason, quotation and confidence, each slice by its own worker.

    Workers have no credentials; each writes a file of its own in the state folder, which has to be shared where steps
    run on several machines.
    """
    return gathered(slices(planned).map(verdicts_of_slice).collect())
