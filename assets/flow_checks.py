"""What flow promises: its data is fresh, no queue grows, no control gives way to tempo. Warnings, never errors."""

from collections.abc import Callable, Mapping
from typing import Any

import dagster as dg

from assets.checks import Verdict, known_facts, summary
from assets.resources import ScoutResource, failing_well
from assets.stages.flow import flow
from scout.service.ages import ages
from scout.service.wiring import Workspace

_Judge = Callable[[str, Mapping[str, Any]], Verdict]


@dg.asset_check(asset=flow)
def flow_fresh(context: dg.AssetCheckExecutionContext, scout: ScoutResource) -> dg.AssetCheckResult:
    """What flow is measured on is not older than two periods of its project's cadence."""
    with failing_well():
        work = scout.workspace()
        return summary(_fresh(work, name) for name, _ in known_facts(context, work, flow.key))


@dg.asset_check(asset=flow)
def queue_grows(context: dg.AssetCheckExecutionContext, scout: ScoutResource) -> dg.AssetCheckResult:
    """As many tickets go as come: warns where a test says that more come than go, and that it lasts."""
    return _asked(context, scout, balanced)


@dg.asset_check(asset=flow)
def control_bypassed(context: dg.AssetCheckExecutionContext, scout: ScoutResource) -> dg.AssetCheckResult:
    """Controls hold at today's tempo: warns where one is bypassed more the faster things go."""
    return _asked(context, scout, kept)


def balanced(project: str, facts: Mapping[str, Any]) -> Verdict:
    """Judge a project's queue by the facts that its flow left."""
    grows = facts["queue grows"]
    return Verdict(
        project=project, passed=grows == "no", reason="no queue grows" if grows == "no" else grows, grave=False
    )


def kept(project: str, facts: Mapping[str, Any]) -> Verdict:
    """Judge a project's controls by the facts that its flow left."""
    bypassed = facts["bypassed with tempo"]
    reason = "no control gives way to tempo" if bypassed == "none" else f"bypassed in fast weeks: {bypassed}"
    return Verdict(project=project, passed=bypassed == "none", reason=reason, grave=False)


def _fresh(work: Workspace, name: str) -> Verdict:
    known = ages(work, work.project(name))
    old = [f"{one.source} is old" for one in known if one.old]
    return Verdict(project=name, passed=not old, reason="; ".join(old) or "read in time", grave=False)


def _asked(context: dg.AssetCheckExecutionContext, scout: ScoutResource, judge: _Judge) -> dg.AssetCheckResult:
    with failing_well():
        known = tuple(known_facts(context, scout.workspace(), flow.key))
    return summary(judge(name, facts) for name, facts in known)
