"""Stage four: is what is defined ready?"""

from collections import Counter
from typing import Any

import dagster as dg

from assets.memory import previous
from assets.partitions import PROJECTS
from assets.resources import PATIENT, ScoutResource
from assets.stages.core import core
from assets.tables import changes, table
from scout.service.assess import AssessReport, assess_tickets


@dg.asset(partitions_def=PROJECTS, group_name="buffer", kinds={"duckdb"}, deps=[core], retry_policy=PATIENT)
def ticket_readiness(context: dg.AssetExecutionContext, scout: ScoutResource) -> dg.MaterializeResult[Any]:
    """How ready each open ticket is: verdicts of the rubric, with the gates that stand in the way."""
    with scout.project(context) as (work, project):
        report = assess_tickets(work, project)
    counts = {"tickets": report.tickets, "ready": report.ready}
    return dg.MaterializeResult(
        metadata={
            "tickets nearest to ready": _nearest(report),
            "changed": changes(counts, previous(context)),
            "verdicts that changed": report.changed,
            "who may take them": _entrusted(report),
            **counts,
        }
    )


def _entrusted(report: AssessReport) -> dg.MarkdownMetadataValue:
    levels = Counter(row.autonomy.words for row in report.rows if row.autonomy)
    ready = Counter(row.autonomy.words for row in report.rows if row.autonomy and row.ready)
    return table(("who", "tickets", "ready"), ((words, levels[words], ready[words]) for words in levels))


def _nearest(report: AssessReport) -> dg.MarkdownMetadataValue:
    ordered = sorted(report.rows, key=lambda row: (row.ready, -row.total, row.key))
    rows = (
        (row.key, row.title, f"{row.total:.0%}", "yes" if row.ready else "no", ", ".join(row.failed_gates) or "–")
        for row in ordered
    )
    return table(("ticket", "title", "readiness", "ready", "gates that fail"), rows)
