"""Where work waits, returns and repeats: flow."""

from pathlib import Path
from typing import Annotated

import typer

from scout import clock
from scout.cli.options import HERE, AsJson, Config, Now, ProjectName, finish, workspace


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(flow)


def flow(
    project: ProjectName = None,
    export: Annotated[
        Path | None, typer.Option("--export", metavar="FOLDER", help="Write the tables there, as CSV and Parquet.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--compare", metavar="DATE", help="Compare waits before and after this day.")
    ] = None,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Show where work waits, returns and repeats; nothing in it is about a person.

    Every figure has a definition, its source and its known bias (--json has them all). Ends with exit code 3 where
    nothing was read yet, so that there is nothing to measure.

    Examples:

        scout flow
        scout flow --project demo --json
        scout flow --project demo --export flow-tables
        scout flow --compare 2026-03-01
    """
    from scout.cli.flow_text import show
    from scout.cli.look import progress
    from scout.service.flow import flow as measured

    day = clock.now(since).date() if since else None
    work = workspace(HERE, now, config)
    with progress("Measuring the flow") as step:
        report = measured(work, project, step, export, day)
    finish(report, lambda out: show(out, report), as_json=as_json, code=3 if report.partial else 0)
