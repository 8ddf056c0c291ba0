"""The page for a browser: serve."""

import json
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli.options import HERE, AsJson, Config, Now, Where, workspace

if TYPE_CHECKING:
    from scout.service.wiring import Workspace

PORT = 8765


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(serve)


def serve(
    path: Where = HERE,
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="N", help="Where to listen; 0 takes a free one.")
    ] = PORT,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where to listen; other than loopback needs `[serve]`.")
    ] = "127.0.0.1",
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Show the projects in a browser on this machine, and decide there about what waits.

    The address that is printed works once and in one browser. Ends with Ctrl-C.

    Examples:

        scout serve
        scout serve ~/src/rocket --port 0 --no-open
    """
    from scout import clock
    from scout.service.wiring import open_workspace

    def opening() -> "Workspace":
        return open_workspace(path, clock.now(now), config)

    first = workspace(path, now, config)
    _ = first.projects  # what is wrong with path or settings is said now, and once
    # By name, for the two front doors do not import each other.
    served = import_module("scout.web.server").Served(opening, host, port, first.loaded.settings.serve)
    if as_json:
        sys.stdout.write(json.dumps(served.report.document()) + "\n")
    else:
        typer.echo(f"The page is at {served.report.url} until Ctrl-C")
    sys.stdout.flush()
    if not no_open and has_screen():
        import webbrowser

        webbrowser.open(served.report.url)
    served.run()


def has_screen() -> bool:
    """Whether a graphical browser can open; one in this terminal would stand in the way."""
    return sys.platform in {"darwin", "win32"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
