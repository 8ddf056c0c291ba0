"""Classification, last part: the audit, corrections, and exactly one class for every ticket."""

from typing import Any

import dagster as dg

from assets.partitions import PROJECTS
from assets.resources import PATIENT, ScoutResource
from assets.stages.lifecycle_verdicts import lifecycle_verdicts
from assets.tables import Facts, table
from scout.service.classify_report import ClassificationReport
from scout.service.classify_slices import finish


@dg.asset(
    partitions_def=PROJECTS,
    group_name="lifecycle",
    kinds={"duckdb"},
    deps=[lifecycle_verdicts],
    pool="model",
    retry_policy=PATIENT,
)
def lifecycle_audit(context: dg.AssetExecutionContext, scout: ScoutResource) -> dg.MaterializeResult[Any]:
    """What other workers say about doubtful verdicts and a blind sample; what stands afterwards is each ticket's class.

    What rules cannot decide is asked of the model of the settings, where there is one for the project; the rest waits
    for a person. Nothing is written into a tracker.
    """
    with scout.project(context) as (work, project):
        report = finish(work, project)
    for note in report.notes:
        context.log.warning("%s", note)
    return dg.MaterializeResult(metadata=_facts(report))


def _facts(report: ClassificationReport) -> Facts:
    kappa = report.agreement.kappa if report.agreement else None
    measured: Facts = {} if kappa is None else {"kappa": kappa}
    return {
        "classes": table(("class", "tickets"), report.classes.items()),
        "overruled by people": table(("rule", "times"), report.overruled.items()),
        "run": report.run,
        "tickets": report.tickets,
        "unchanged": report.unchanged,
        "in doubt": report.doubtful,
        "corrected": report.corrected,
        "disputed": report.disputed,
        "workers started again": report.restarts,
        "set aside": len(report.set_aside),
        "not to be applied": report.stops or "no",
        **measured,
    }
