"""Stage six: draft what the plan has ordered."""

from typing import Any

import dagster as dg

from assets.partitions import PROJECTS
from assets.resources import PATIENT, ScoutResource
from assets.stages.buffer_plan import buffer_plan
from assets.stages.findings import findings
from assets.tables import Facts, table, tail
from scout.service.checks import CheckReport, evidence_resolves
from scout.service.draft import DraftReport
from scout.service.filling import fill
from scout.service.plan import forecast
from scout.service.scan import find
from scout.service.upkeep import UpkeepReport, upkeep


@dg.asset(
    partitions_def=PROJECTS,
    group_name="review",
    kinds={"markdown"},
    deps=[findings, buffer_plan],
    pool="model",
    retry_policy=PATIENT,
)
def candidates(context: dg.AssetExecutionContext, scout: ScoutResource) -> dg.MaterializeResult[Any]:
    """Proposed work for reviewers: no more than the plan orders, each with evidence, acceptance criteria and readiness.

    Rejected ideas stay away unless their evidence changes; what waits is withdrawn when its finding is gone.
    """
    with scout.project(context) as (work, project):
        found = find(work, project)
        kept = upkeep(work, project, found)
        report, refined = fill(work, project, found, forecast(work, project).plan)
        evidence = evidence_resolves(work, project)
    return dg.MaterializeResult(metadata={**_facts(report, kept, evidence), "refinements": len(refined.offered)})


def _facts(report: DraftReport, kept: UpkeepReport, evidence: CheckReport) -> Facts:
    return {
        "new candidates": _drafted(report),
        "not drafted": table(("why", "findings"), report.cut.items()),
        "changed": f"{len(report.drafted)} new, {len(kept.revised)} revised, {len(kept.withdrawn)} withdrawn",
        "evidence": evidence.reason,
        "evidence resolves": evidence.passed,
        "ordered": report.ordered,
        "drafted": len(report.drafted),
        "revised": len(kept.revised),
        "withdrawn": len(kept.withdrawn),
    }


def _drafted(report: DraftReport) -> dg.MarkdownMetadataValue:
    rows = (
        (line.title, tail(line.evidence), line.severity, line.size, f"{line.readiness:.0%}") for line in report.drafted
    )
    return table(("title", "first evidence", "severity", "size", "readiness"), rows)
