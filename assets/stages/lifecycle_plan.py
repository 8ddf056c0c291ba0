"""Classification, first part: which tickets, in which slices, by which briefs."""

from typing import Any

import dagster as dg

from assets.partitions import PROJECTS
from assets.resources import PATIENT, ScoutResource
from assets.stages.core import core
from assets.tables import table
from scout.service.classify_slices import lay_out


@dg.asset(partitions_def=PROJECTS, group_name="lifecycle", kinds={"markdown"}, deps=[core], retry_policy=PATIENT)
def lifecycle_plan(context: dg.AssetExecutionContext, scout: ScoutResource) -> dg.MaterializeResult[Any]:
    """Slices of the open tickets that are new or have changed, each with a written brief, before anything is judged.

    Tickets that have a class and have not changed are passed over; a run that was interrupted goes on.
    """
    with scout.project(context) as (work, project):
        found = lay_out(work, project)
    for note in found.notes:
        context.log.warning("%s", note)
    return dg.MaterializeResult(
        metadata={
            "slices": table(("worker", "tickets"), ((one.worker, one.tickets) for one in found.slices)),
            "run": found.run,
            "to classify": found.tickets,
            "unchanged": found.unchanged,
            "a model is asked about": found.asked,
            "tokens": found.tokens,
            "money": found.money,
        }
    )
