"""From the page to Dagster and back: addresses, where the settings say where each of them is."""

from urllib.parse import quote, urlencode

from scout.model import Frozen
from scout.service.wiring import Workspace

LAST_ASSET = "inbox_snapshot"
"""The last stage of the line: its page in Dagster shows what all of them left for a project."""

PLAN_ASSET, ALARM_CHECK = "buffer_plan", "buffer_cover"
"""The check that is Dagster's alarm of an empty buffer, and the asset it is about."""


class Link(Frozen):
    """Words that lead to an address."""

    words: str
    address: str


def in_dagster(work: Workspace, project: str) -> tuple[Link, ...]:
    """Return where Dagster shows a project's line, its runs and the alarm; nothing where no Dagster is named."""
    root = work.loaded.settings.serve.dagster.rstrip("/")
    if not root:
        return ()
    asset = urlencode({"view": "partitions", "partition": project})
    runs = urlencode({"q[0]": f"tag:dagster/partition={project}"})
    alarm = urlencode({"view": "checks", "checkDetail": ALARM_CHECK})
    return (
        Link(words="assets", address=f"{root}/assets/{LAST_ASSET}?{asset}"),
        Link(words="runs", address=f"{root}/runs?{runs}"),
        Link(words="alarm", address=f"{root}/assets/{PLAN_ASSET}?{alarm}"),
    )


def on_page(work: Workspace, project: str) -> dict[str, str]:
    """Return by words where the page shows a project and what waits in it; nothing where the settings name no page."""
    root = work.loaded.settings.serve.page.rstrip("/")
    if not root:
        return {}
    waiting = urlencode({"project": project, "state": "offered"})
    return {"page": f"{root}/projects/{quote(project)}", "inbox on the page": f"{root}/inbox?{waiting}"}
