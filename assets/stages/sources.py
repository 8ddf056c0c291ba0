"""Stage one: pull what is new."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import dagster as dg

from assets.partitions import PROJECTS
from assets.resources import PATIENT, ScoutResource
from assets.tables import Facts, table
from scout.clock import age
from scout.model import Outcome
from scout.service.ages import SourceAge, ages
from scout.service.ingest import IngestReport, SourceReport, ingest


@dg.asset(
    partitions_def=PROJECTS,
    group_name="warehouse",
    kinds={"git", "github", "jira"},
    pool="tracker",
    retry_policy=PATIENT,
)
def sources(context: dg.AssetExecutionContext, scout: ScoutResource) -> dg.MaterializeResult[Any]:
    """What is new in a project's sources: history, files, tickets, changes and what was said about them.

    Staged apart, then merged into the warehouse in one transaction. A source that cannot be read stops nothing: what
    it brought before stays, and the buffer plan orders nothing from blindness.
    """
    with scout.project(context) as (work, project):
        report = ingest(work, project)
        known = ages(work, project)
    facts = _facts(report, work.now, f"{project.path}/") | {"streams": streams(known, work.now)}
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
        "age of sources": "; ".join(f"{one.source}: {_when(one.fetched_at, now, old=False)}" for one in _used(report))
        or "none is used",
    }


def streams(known: Iterable[SourceAge], now: datetime) -> dg.MarkdownMetadataValue:
    """Return the age and the outcome of each stream, what is missing or old first."""
    rows = (
        (
            one.source,
            stream.stream,
            _outcome(stream.outcome),
            _when(stream.fetched_at, now, old=stream.old),
            stream.reason or "–",
        )
        for one in known
        for stream in sorted(one.streams, key=lambda stream: (not stream.reason, not stream.old, stream.stream))
    )
    return table(("source", "stream", "outcome", "read", "remarks"), rows)


def _outcome(outcome: Outcome) -> str:
    return outcome.value.replace("_", " ")


def _when(then: datetime | None, now: datetime, *, old: bool) -> str:
    words = age(then, now)
    said = words if words in {"now", "never"} else f"{words} ago"
    return f"{said} (old)" if old else said


def _line(one: SourceReport, now: datetime, checkout: str) -> tuple[object, ...]:
    rows = ", ".join(f"{count:,} {stream}" for stream, count in one.rows.items() if count)
    remarks = "; ".join(filter(None, (one.reason, *one.notes))).replace(checkout, "")
    return (one.source, _outcome(one.outcome), _when(one.fetched_at, now, old=False), rows or "–", remarks or "–")


def _used(report: IngestReport) -> list[SourceReport]:
    return [one for one in report.sources if one.outcome is not Outcome.NOT_APPLICABLE]


def _changed(report: IngestReport) -> str:
    fresh = [f"{sum(one.rows.values()):,} rows from {one.source}" for one in report.sources if any(one.rows.values())]
    missing = [f"{one.source} could not be read" for one in report.sources if one.outcome is Outcome.UNAVAILABLE]
    return "; ".join([*fresh, *missing]) or "nothing"
