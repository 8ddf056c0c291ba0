"""Promises checked after each run. A check answers for all projects, so that one that is well never hides another.

What costs next to nothing is asked anew for every project; what needs the repository or the whole plan is taken from
each project's newest materialization. A project that was never looked at is not judged.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import dagster as dg

from assets.memory import newest
from assets.resources import ScoutResource, began_at, failing_well
from assets.stages.buffer_plan import buffer_plan
from assets.stages.candidates import candidates
from assets.stages.lifecycle_audit import lifecycle_audit
from assets.stages.outbox import outbox
from assets.stages.sources import sources
from assets.tables import table
from scout.clock import ago
from scout.errors import ScoutError
from scout.model import Frozen
from scout.service import checks as promises
from scout.service import classify_slices as classes
from scout.service import publish_checks as publishing
from scout.service.ages import UNREAD, SourceAge, StreamAge, ages
from scout.service.wiring import Project, Workspace

MOST_NAMED = 5


class Verdict(Frozen):
    """Whether a promise holds for one project.

    Attributes:
        grave: whether a broken promise is an error rather than a warning.
    """

    project: str
    passed: bool
    reason: str
    grave: bool = True


@dg.asset_check(asset=sources)
def sources_fresh(context: dg.AssetCheckExecutionContext, scout: ScoutResource) -> dg.AssetCheckResult:
    """Every source that must answer was read to the end within two periods of its project's cadence."""
    with failing_well():
        work = scout.workspace(began_at(context.instance, context.run.run_id))
        known = [work.project(name) for name in _seen(context, work, sources.key)]
        verdicts = [_verdict(work, project, promises.sources_fresh) for project in known]
        return summary(
            verdicts, {"by source and stream": freshness({one.id: ages(work, one) for one in known}, work.now)}
        )


def freshness(known: Mapping[str, tuple[SourceAge, ...]], now: datetime) -> dg.MarkdownMetadataValue:
    """Return the age and the outcome of each source and stream by project, what is missing or old first."""
    rows = [_Row(project, source.source, "all", source) for project, sources in known.items() for source in sources]
    rows += [
        _Row(project, source.source, stream.stream, stream)
        for project, sources in known.items()
        for source in sources
        for stream in source.streams
    ]
    columns = ("project", "source", "stream", "outcome", "read", "remarks")
    return table(columns, (row.cells(now) for row in sorted(rows, key=lambda row: row.rank)))


class _Row(NamedTuple):
    project: str
    source: str
    stream: str
    known: SourceAge | StreamAge

    @property
    def rank(self) -> tuple[bool, bool, str, str, str]:
        return self.known.outcome not in UNREAD, not self.known.old, self.project, self.source, self.stream

    def cells(self, now: datetime) -> tuple[str, ...]:
        outcome = (self.known.outcome or "never tried").replace("_", " ")
        remarks = "; ".join(filter(None, ("old" if self.known.old else "", self.known.reason)))
        return self.project, self.source, self.stream, outcome, ago(self.known.fetched_at, now), remarks or "–"


@dg.asset_check(asset=candidates)
def evidence_resolves(context: dg.AssetCheckExecutionContext, scout: ScoutResource) -> dg.AssetCheckResult:
    """Every locator of every candidate that waits could be opened when its project was last looked at."""
    with failing_well():
        known = tuple(known_facts(context, scout.workspace(), candidates.key))
    return summary(
        Verdict(project=name, passed=facts["evidence resolves"], reason=facts["evidence"]) for name, facts in known
    )


@dg.asset_check(asset=outbox)
def nothing_published_undecided(context: dg.AssetCheckExecutionContext, scout: ScoutResource) -> dg.AssetCheckResult:
    """Nothing was ever filed without an acceptance in the ledger before it."""
    return _asked(context, scout, outbox.key, promises.nothing_undecided)


@dg.asset_check(asset=outbox)
def no_duplicate_markers(context: dg.AssetCheckExecutionContext, scout: ScoutResource) -> dg.AssetCheckResult:
    """No two tickets bear the same marker: nothing was filed twice."""
    return _asked(context, scout, outbox.key, publishing.no_duplicate_markers)


@dg.asset_check(asset=lifecycle_audit)
def every_open_ticket_has_exactly_one_class(
    context: dg.AssetCheckExecutionContext, scout: ScoutResource
) -> dg.AssetCheckResult:
    """No open ticket is without a class; two classes cannot be stored."""
    return _asked(context, scout, lifecycle_audit.key, classes.one_class_each)


@dg.asset_check(asset=buffer_plan)
def buffer_cover(context: dg.AssetCheckExecutionContext, scout: ScoutResource) -> dg.AssetCheckResult:
    """The empty-backlog alarm: warns when ready work on hand is below the reorder point s, an error when it is gone."""
    with failing_well():
        known = tuple(known_facts(context, scout.workspace(), buffer_plan.key))
    return summary(cover(name, facts) for name, facts in known)


def cover(project: str, facts: Mapping[str, Any]) -> Verdict:
    """Judge a project's ready work on hand by the facts that its buffer plan left."""
    on_hand, least, days = facts["on hand"], facts["reorder point"], facts.get("days of cover")
    lasting = "nothing is being started" if days is None else f"{days:g} working days of cover"
    if facts["blind"] != "no":
        return Verdict(project=project, passed=False, reason=f"not known: {facts['blind']}", grave=False)
    if on_hand == 0:
        return Verdict(project=project, passed=False, reason="no ready work is left")
    if on_hand < least:
        reason = f"{on_hand} ready, below the reorder point {least}; {lasting}"
        return Verdict(project=project, passed=False, reason=reason, grave=False)
    return Verdict(project=project, passed=True, reason=f"{on_hand} ready; {lasting}")


def summary(
    verdicts: Iterable[Verdict], more: Mapping[str, dg.MetadataValue[Any]] | None = None
) -> dg.AssetCheckResult:
    """Say in one result what holds for which project, what is worst first; `more` stands beside it."""
    ordered = sorted(verdicts, key=lambda one: (one.passed, not one.grave, one.project))
    failing = [one for one in ordered if not one.passed]
    grave = any(one.grave for one in failing)
    rows = ((one.project, "holds" if one.passed else "broken", one.reason) for one in ordered)
    return dg.AssetCheckResult(
        passed=bool(ordered) and not failing,
        severity=dg.AssetCheckSeverity.ERROR if grave else dg.AssetCheckSeverity.WARN,
        description=_sentence(len(ordered), failing),
        metadata={
            "by project": table(("project", "promise", "why"), rows),
            "projects": len(ordered),
            "broken": len(failing),
            **(more or {}),
        },
    )


def _sentence(projects: int, failing: list[Verdict]) -> str:
    if not projects:
        return "No project has been looked at yet."
    if not failing:
        return "Holds for the project." if projects == 1 else f"Holds for all {projects} projects."
    named = "; ".join(f"{one.project}: {one.reason}" for one in failing[:MOST_NAMED])
    rest = f"; and {len(failing) - MOST_NAMED} more" if len(failing) > MOST_NAMED else ""
    return f"{named}{rest}."


def _asked(
    context: dg.AssetCheckExecutionContext,
    scout: ScoutResource,
    asset: dg.AssetKey,
    promise: Callable[[Workspace, Project], promises.CheckReport],
) -> dg.AssetCheckResult:
    with failing_well():
        work = scout.workspace(began_at(context.instance, context.run.run_id))
        return summary(_verdict(work, work.project(name), promise) for name in _seen(context, work, asset))


def _verdict(
    work: Workspace, project: Project, promise: Callable[[Workspace, Project], promises.CheckReport]
) -> Verdict:
    try:
        report = promise(work, project)
    except ScoutError as error:
        return Verdict(project=project.id, passed=False, reason=str(error))
    return Verdict(project=project.id, passed=report.passed, reason=report.reason)


def _seen(context: dg.AssetCheckExecutionContext, work: Workspace, asset: dg.AssetKey) -> list[str]:
    """Return the projects that were looked at, in the order of the settings."""
    materialized = context.instance.get_materialized_partitions(asset)
    return [project.id for project in work.projects if project.id in materialized]


def known_facts(
    context: dg.AssetCheckExecutionContext, work: Workspace, asset: dg.AssetKey
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give each project that was looked at, with the facts that its newest materialization left."""
    for project in work.projects:
        facts = newest(context.instance, asset, project.id)
        if facts is not None:
            yield project.id, facts
