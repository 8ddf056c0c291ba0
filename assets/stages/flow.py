"""Beside the line: where work waits, returns and repeats, and which rules still hold."""

from typing import Any

import dagster as dg

from assets.partitions import PROJECTS
from assets.resources import PATIENT, ScoutResource
from assets.stages.sources import sources
from assets.tables import Facts, drawn, table
from scout.service.flow_publish import FlowPublished, folder_of, publish_flow, read_document
from scout.service.flow_shown import FlowDocument

_TELLING = 8


@dg.asset(partitions_def=PROJECTS, group_name="flow", kinds={"duckdb"}, deps=[sources], retry_policy=PATIENT)
def flow(context: dg.AssetExecutionContext, scout: ScoutResource) -> dg.MaterializeResult[Any]:
    """The flow of a project as it is published for the page: measures, pictures, controls, what repeats.

    It is about the system: no figure of it is of a person, and groups of fewer than five are not shown.
    """
    with scout.project(context) as (work, project):
        published = publish_flow(work, project)
        document = read_document(folder_of(work.home, project.id))
    shown = _shown(document) if document is not None else {}
    return dg.MaterializeResult(metadata={**facts_of(published), **shown})


def facts_of(published: FlowPublished) -> Facts:
    """Return what the checks read: whether the queue grows, which controls give way, and how old the data is."""
    summary = published.summary
    return {
        "queue grows": summary.grows or "no",
        "bypassed with tempo": ", ".join(summary.bypassed) or "none",
        "where days are spent": summary.waits or "not told",
        "data until": f"{summary.data_to:%Y-%m-%d %H:%M} UTC" if summary.data_to else "no data",
        "changed": "yes" if published.changed else "no",
    }


def _shown(document: FlowDocument) -> Facts:
    rows = (
        (one.id, one.n, "–" if one.value is None else f"{one.value:,.3g}", one.unit, one.unavailable or one.definition)
        for one in document.measures
    )
    controls = (
        (one.id, one.kept, one.bypassed, "–" if one.rate is None else f"{one.rate:.0%}", one.finding or one.unavailable)
        for one in document.controls
    )
    repeats = ((one.name, len(one.members), f"{one.waited:,.0f}") for one in document.recurrences[:_TELLING])
    return {
        "measures": table(("measure", "n", "value", "unit", "what it counts"), rows),
        "controls": table(("control", "kept", "bypassed", "share", "remarks"), controls),
        "what repeats": table(("in their words", "times", "days waited"), repeats),
        "remarks": "; ".join(document.notes) or "none",
        **{one.picture.title: drawn(one.picture.title, one.picture.standalone, one.sure) for one in document.figures},
    }
