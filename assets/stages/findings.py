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
    for line in report.unfinished:
        context.log.warning("%s", line)
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
    """Show the scouts that found something or could not finish, and how many others there are."""
    offered = Counter(finding.signal for finding in report.offered)
    told = [look for look in report.looks if look.findings or look in report.incomplete]
    rows: list[tuple[str, str, int, int, str]] = [
        (look.signal, look.outcome.value, look.findings, offered[look.signal], look.reason or "–")
        for look in sorted(told, key=lambda look: (-look.findings, look.signal))
    ]
    silent = len(report.looks) - len(told)
    others = (f"{silent} others", "absent or not applicable", 0, 0, "`scout find --all` shows each")
    return table(("scout", "outcome", "findings", "offered", "remarks"), (*rows, others))


def _telling(report: FindingsReport) -> dg.MarkdownMetadataValue:
    ordered = sorted(report.offered, key=lambda finding: (-finding.severity, -finding.score, finding.subject))
    rows = ((finding.story.title, tail(finding.evidence[0].locator), finding.severity) for finding in ordered)
    return table(("what would be proposed", "first evidence", "severity"), rows)


def _severities(report: FindingsReport) -> str:
    found = Counter(finding.severity for finding in report.offered)
    return ", ".join(f"{found[level]} of severity {level}" for level in (3, 2, 1) if found[level]) or "none"
