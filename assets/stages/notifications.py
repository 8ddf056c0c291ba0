"""After the line: tell people what is new."""

from typing import Any

import dagster as dg

from assets.resources import ScoutResource, began_at, failing_well
from assets.tables import table
from scout.service.notifications import notify


@dg.asset(group_name="review", kinds={"apprise"})
def notifications(context: dg.AssetExecutionContext, scout: ScoutResource) -> dg.MaterializeResult[Any]:
    """What people were told: a digest a day, the buffer's alarms, what could not be filed.

    One for all projects. The sensor `news` asks for it when there is something to tell, somebody to tell it to, and the
    hour is not quiet.
    """
    with failing_well():
        report = notify(scout.workspace(began_at(context.instance, context.run.run_id)), live=True)
    rows = ((one.kind, one.title, "yes" if one.sent else "no") for one in report.messages)
    return dg.MaterializeResult(
        metadata={
            "messages": table(("kind", "title", "sent"), rows),
            "sent": sum(one.sent for one in report.messages),
            "targets": report.targets,
            "quiet hours": report.quiet,
        }
    )
