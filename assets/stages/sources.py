"""Stage one: pull what is new."""

from datetime import datetime
from typing import Any

import dagster as dg

from assets.partitions import PROJECTS
from assets.resources import PATIENT, ScoutResource
from assets.tables import Facts, age, table
from scout.model import Outcome
from scout.service.ingest import IngestReport, SourceReport, ingest


@dg.asset(
    partitions_def=PROJECTS, group_name="warehouse", kinds={"git", "markdown"}, pool="tracker", retry_policy=PATIENT
)
def sources(context: dg.AssetExecutionContext, scout: ScoutResource) -> dg.MaterializeResult[Any]:
    """What is new in a project's sources: history, files and tickets.

    Staged apart, then merged into the warehouse in one transaction. A source that cannot be read stops nothing: what
    it brought before stays, and the buffer plan orders nothing from blindness.
    """
    with scout.project(context) as (work, project):
        report = ingest(work, project)
    facts = _facts(report, work.now, f"{project.path}/")
    for missing in (one for one in report.sources if one.outcome is Outcome.UNAVAILABLE):
        context.log.warning("%s could not be read: %s", missing.source, missing.reason)
    return dg.MaterializeResult(metadata=facts | {"changed": _changed(report)})


def _facts(report: IngestReport, now: datetime, checkout: str) -> Facts:
    columns = ("source", "outcome", "read", "new rows", "remarks")
    return {
        "sources": table(columns, (_line(one, now, checkout) for one in report.sources)),
        "new rows": sum(sum(one.rows.values()) for one in report.sources),
        "unavailable": sum(one.outcome is Outcome.UNAVAILABLE for one in report.sources),
        "complete": not report.partial,
        "age of sources": "; ".join(f"{one.source}: {_read(one, now)}" for one in _used(report)) or "none is used",
    }


def _line(one: SourceReport, now: datetime, checkout: str) -> tuple[object, ...]:
    rows = ", ".join(f"{count:,} {stream}" for stream, count in one.rows.items() if count)
    remarks = "; ".join(filter(None, (one.reason, *one.notes))).replace(checkout, "")
    return (one.source, one.outcome.value.replace("_", " "), _read(one, now), rows or "–", remarks or "–")


def _read(one: SourceReport, now: datetime) -> str:
    then = age(one.fetched_at, now)
    return then if then in {"now", "never"} else f"{then} ago"


def _used(report: IngestReport) -> list[SourceReport]:
    return [one for one in report.sources if one.outcome is not Outcome.NOT_APPLICABLE]


def _changed(report: IngestReport) -> str:
    fresh = [f"{sum(one.rows.values()):,} rows from {one.source}" for one in report.sources if any(one.rows.values())]
    missing = [f"{one.source} could not be read" for one in report.sources if one.outcome is Outcome.UNAVAILABLE]
    return "; ".join([*fresh, *missing]) or "nothing"
