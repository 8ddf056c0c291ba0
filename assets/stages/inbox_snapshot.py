"""Last stage: leave for the page what it reads."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from assets.partitions import PROJECTS
from assets.resources import PATIENT, ScoutResource
from assets.stages.outbox import outbox
from assets.tables import table
from scout.service.links import on_page
from scout.service.next_look import NextLook
from scout.service.plan import plan
from scout.service.review import listing
from scout.service.snapshot import snapshot

PLANNED, LOOK_AGAIN = "planned at", "look again"


@dg.asset(partitions_def=PROJECTS, group_name="review", kinds={"json"}, deps=[outbox], retry_policy=PATIENT)
def inbox_snapshot(context: dg.AssetExecutionContext, scout: ScoutResource) -> dg.MaterializeResult[Any]:
    """The document that the review page reads, replaced whole, so that the page never waits for the line.

    The plan is made once more before it, since candidates that were drafted or filed now are on order.
    """
    with scout.project(context) as (work, project):
        after = plan(work, project).plan
        report = snapshot(work, project)
        inbox = listing(work, project.id, everything=True)
        links = on_page(work, project.id)
    return dg.MaterializeResult(
        metadata={
            "inbox": table(("state", "candidates"), inbox.states.items()),
            "waiting for a decision": inbox.states.get("offered", 0),
            "on order": round(after.position.on_order, 1),
            "changed": "replaced" if report.changed else "nothing",
            "projects in the document": report.projects,
            PLANNED: dg.MetadataValue.timestamp(after.at),
            **{words: dg.MetadataValue.url(address) for words, address in links.items()},
            LOOK_AGAIN: dg.MetadataValue.timestamp(after.next_review_at),
        }
    )


def look_again(facts: Mapping[str, Any]) -> NextLook | None:
    """Return when to look again, as a materialization's facts say; None where they say nothing of it."""
    planned, due = facts.get(PLANNED), facts.get(LOOK_AGAIN)
    if not isinstance(planned, int | float) or not isinstance(due, int | float):
        return None
    return NextLook(datetime.fromtimestamp(planned, UTC), datetime.fromtimestamp(due, UTC))
