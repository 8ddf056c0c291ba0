"""Stage seven: file what reviewers accepted."""

from typing import Any

import dagster as dg

from assets.memory import previous
from assets.partitions import PROJECTS
from assets.resources import PATIENT, ScoutResource
from assets.stages.candidates import candidates
from assets.tables import changes, table
from scout.service.links import on_page
from scout.service.publish import PublishReport, publish

WRITING = "outbox"
"""The pool of what writes to trackers; it has one slot, so that a run waits its turn instead of for a lease."""


@dg.asset(
    partitions_def=PROJECTS,
    group_name="review",
    kinds={"markdown"},
    deps=[candidates],
    pool=WRITING,
    retry_policy=PATIENT,
)
def outbox(context: dg.AssetExecutionContext, scout: ScoutResource) -> dg.MaterializeResult[Any]:
    """Accepted candidates on their way to the tracker, each exactly once.

    Nothing leaves unless the project's trusted settings say `live = true`: otherwise this shows what would be filed.
    """
    with scout.project(context) as (work, project):
        report = publish(work, project, live=project.live)
        links = on_page(work, project.id)
    for entry in (one for one in report.entries if one.reason):
        context.log.warning("%s is %s: %s", entry.candidate, entry.outcome.value, entry.reason)
    counts = {"in the outbox": len(report.entries), "filed": report.filed, "failed": report.failed}
    return dg.MaterializeResult(
        metadata={
            "outbox": _entries(report),
            "mode": "live" if report.live else "dry run: nothing was filed",
            "changed": changes(counts, previous(context)),
            **counts,
            **{words: dg.MetadataValue.url(address) for words, address in links.items()},
        }
    )


def _entries(report: PublishReport) -> dg.MarkdownMetadataValue:
    rows = ((one.title, one.outcome.value, one.ticket or one.target, one.reason or "–") for one in report.entries)
    return table(("title", "outcome", "where", "remarks"), rows)
