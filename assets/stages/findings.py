"""Stage three: the scouts look."""

from collections import Counter
from typing import Any

import dagster as dg

from assets.memory import previous
from assets.partitions import PROJECTS
from assets.resources import PATIENT, ScoutResource
from assets.stages.sources import sources
from assets.tables import changes, table, tail
from scout.service.scan import FindingsReport, scan


@dg.asset(partitions_def=PROJECTS, group_name="signals", kinds={"git", "duckdb"}, deps=[sources], retry_policy=PATIENT)
def findings(context: dg.AssetExecutionContext, scout: ScoutResource) -> dg.MaterializeResult[Any]:
    """What the scouts found at the newest commit: few, true, each with evidence that was resolved there.

    A scout that lacks its input says `unavailable`: missing data is never 'absent'.
    """
    with scout.project(context) as (work, project):
        report = scan(work, project)
    for look in report.incomplete:
        context.log.warning("%s could not finish: %s", look.signal, look.reason)
    counts = {"findings": len(report.findings), "offered": len(report.offered), "unfinished": len(report.incomplete)}
    return dg.MaterializeResult(
        metadata={
            "scouts": _scouts(report),
            "most telling": _telling(report),
            "by severity": _severities(report),
            "changed": changes(counts, previous(context)),
            "commit": report.sha,
            **counts,
        }
    )


def _scouts(report: FindingsReport) -> dg.MarkdownMetadataValue:
    offered = Counter(finding.signal for finding in report.offered)
    rows = (
        (look.signal, look.outcome.value.replace("_", " "), look.findings, offered[look.signal], look.reason or "–")
        for look in sorted(report.looks, key=lambda look: (-look.findings, look.signal))
    )
    return table(("scout", "outcome", "findings", "offered", "remarks"), rows)


def _telling(report: FindingsReport) -> dg.MarkdownMetadataValue:
    ordered = sorted(report.offered, key=lambda finding: (-finding.severity, -finding.score, finding.subject))
    rows = ((finding.story.title, tail(finding.evidence[0].locator), finding.severity) for finding in ordered)
    return table(("what would be proposed", "first evidence", "severity"), rows)


def _severities(report: FindingsReport) -> str:
    found = Counter(finding.severity for finding in report.offered)
    return ", ".join(f"{found[level]} of severity {level}" for level in (3, 2, 1) if found[level]) or "none"
