"""Stage eight: follow what was filed."""

from typing import Any

import dagster as dg

from assets.memory import previous
from assets.partitions import PROJECTS
from assets.resources import PATIENT, ScoutResource
from assets.stages.outbox import outbox
from assets.tables import changes, table
from scout.service.outcomes import OutcomesReport, follow


@dg.asset(
    partitions_def=PROJECTS,
    group_name="review",
    kinds={"markdown"},
    deps=[outbox],
    retry_policy=PATIENT,
)
def outcomes(context: dg.AssetExecutionContext, scout: ScoutResource) -> dg.MaterializeResult[Any]:
    """What became of filed tickets; the findings of closed ones are looked for again."""
    with scout.project(context) as (work, project):
        report = follow(work, project)
    for note in report.notes:
        context.log.warning("not looked for: %s", note)
    counts = {
        "filed": len(report.tickets),
        "finished": sum(one.finished for one in report.counts),
        "closed but not gone": len(report.regressed),
    }
    return dg.MaterializeResult(
        metadata={"tickets": _tickets(report), "changed": changes(counts, previous(context)), **counts}
    )


def _tickets(report: OutcomesReport) -> dg.MarkdownMetadataValue:
    rows = ((one.ticket, one.title, one.outcome.value, f"{one.sure:.2f}", one.because) for one in report.tickets)
    return table(("ticket", "title", "outcome", "sure", "because"), rows)
