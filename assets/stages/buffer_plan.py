"""Stage five: how much definition work to order now, and why."""

from typing import Any

import dagster as dg

from assets.partitions import PROJECTS
from assets.resources import PATIENT, ScoutResource
from assets.stages.ticket_readiness import ticket_readiness
from assets.tables import Facts, drawn, table
from scout.model import Plan
from scout.service.pictures import pictures
from scout.service.plan import PlanReport, plan
from scout.service.snapshot import snapshot


@dg.asset(partitions_def=PROJECTS, group_name="buffer", kinds={"duckdb"}, deps=[ticket_readiness], retry_policy=PATIENT)
def buffer_plan(context: dg.AssetExecutionContext, scout: ScoutResource) -> dg.MaterializeResult[Any]:
    """Days of cover, reorder point s, order-up-to level S, and how many candidates to draft."""
    with scout.project(context) as (work, project):
        report = plan(work, project)
        snapshot(work, project)
        shown = pictures(work, project)
    if report.plan.position.blind:
        context.log.warning("The position cannot be believed: %s", report.plan.position.blind)
    images = {one.title: drawn(one.title, one.standalone, one.definition) for one in shown}
    return dg.MaterializeResult(metadata={**_facts(report), **images})


def _facts(report: PlanReport) -> Facts:
    made = report.plan
    cover = {} if made.days_of_cover is None else {"days of cover": round(made.days_of_cover, 1)}
    quantiles = ((f"{float(chance):.0%}", starts) for chance, starts in made.demand.quantiles.items())
    return {
        "plan": _plan(made, report.previous),
        "why": made.reason,
        "constraint": made.constraint or "none",
        "demand": table(
            ("probability", f"at most this many starts in {made.demand.interval:g} working days"), quantiles
        ),
        "demand is counted as": made.demand.basis,
        "blind": made.position.blind or "no",
        "look again": f"{made.next_review_at:%Y-%m-%d %H:%M} UTC",
        "remarks": "; ".join(report.notes) or "none",
        "on hand": made.position.on_hand,
        "on order": round(made.position.on_order, 1),
        "reorder point": made.reorder_point,
        "order-up-to level": made.order_up_to,
        "ordered": made.order,
        **cover,
    }


def _plan(made: Plan, before: Plan | None) -> dg.MarkdownMetadataValue:
    then = _figures(before) if before else {}
    rows = ((name, figure, then.get(name, "–")) for name, figure in _figures(made).items())
    return table(("figure", "now", "last plan"), rows)


def _figures(made: Plan) -> dict[str, str]:
    cover = "nothing is being started" if made.days_of_cover is None else f"{made.days_of_cover:.1f} working days"
    return {
        "on hand": str(made.position.on_hand),
        "on order (× expected yield)": f"{made.position.on_order:.1f}",
        "days of cover": cover,
        "starts per working day": f"{made.demand.per_day:.2f}",
        "reorder point s": str(made.reorder_point),
        "order-up-to level S": str(made.order_up_to),
        "safety stock": f"{made.safety_stock:.1f}",
        "to draft now": str(made.order),
    }
