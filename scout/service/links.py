"""From the page to Dagster and back: addresses, where the settings say where each of them is."""

from urllib.parse import quote, urlencode

from scout.model import Frozen
from scout.service.wiring import Workspace

LAST_ASSET = "inbox_snapshot"
"""The last stage of the line: its page in Dagster shows what all of them left for a project."""


class Link(Frozen):
    """Words that lead to an address."""

    words: str
    address: str


def in_dagster(work: Workspace, project: str) -> tuple[Link, ...]:
    """Return where Dagster shows a project's line and its runs; nothing where the settings name no Dagster."""
    root = work.loaded.settings.serve.dagster.rstrip("/")
    if not root:
        return ()
    asset = urlencode({"view": "partitions", "partition": project})
    runs = urlencode({"q[0]": f"tag:dagster/partition={project}"})
    return (
        Link(words="assets", address=f"{root}/assets/{LAST_ASSET}?{asset}"),
        Link(words="runs", address=f"{root}/runs?{runs}"),
    )


def on_page(work: Workspace, project: str) -> dict[str, str]:
    """Return by words where the page shows a project and what waits in it; nothing where the settings name no page."""
    root = work.loaded.settings.serve.page.rstrip("/")
    if not root:
        return {}
    waiting = urlencode({"project": project, "state": "offered"})
    return {"page": f"{root}/projects/{quote(project)}", "inbox on the page": f"{root}/inbox?{waiting}"}
