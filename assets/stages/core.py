"""Stage two: the same words for every tracker."""

from typing import Any

import dagster as dg

from assets.memory import previous
from assets.partitions import PROJECTS
from assets.resources import PATIENT, ScoutResource
from assets.stages.sources import sources
from assets.tables import change, changes, table
from scout.service.refine import refine


@dg.asset(
    partitions_def=PROJECTS, group_name="warehouse", kinds={"duckdb", "sql"}, deps=[sources], retry_policy=PATIENT
)
def core(context: dg.AssetExecutionContext, scout: ScoutResource) -> dg.MaterializeResult[Any]:
    """Commits, changes, tags and tickets in one vocabulary, whatever system they came from.

    Refined in the transaction that merged them, so that raw and core never disagree.
    """
    with scout.project(context) as (work, project):
        report = refine(work, project)
    before = previous(context)
    rows = ((name, count, change(count, before, name)) for name, count in report.rows.items())
    return dg.MaterializeResult(
        metadata={
            "core": table(("table", "rows", "since the last run"), rows),
            "changed": changes(report.rows, before),
            "dagster/row_count": sum(report.rows.values()),
            **report.rows,
        }
    )
