"""What `make dev` runs: register the projects, then become Dagster with its UI on this machine."""

import argparse
import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from scout import clock
from scout.errors import ScoutError, UsageError
from scout.service.wiring import open_workspace

HOST = "127.0.0.1"
USUAL_PORT = 3000


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the UI; returns an exit code only when that is not possible, otherwise the process becomes Dagster."""
    given = _parser().parse_args(arguments)
    try:
        _start(given.port, opening=not given.no_open)
    except ScoutError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code


def free_port(wanted: int | None) -> int:
    """Return the port to listen on: the wanted one; without a wish, 3000 or else any that is free.

    Raises:
        UsageError: the wanted port is taken.
    """
    for port in (USUAL_PORT, 0) if wanted is None else (wanted,):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((HOST, port))
            except OSError:
                continue
            return int(listener.getsockname()[1])
    message = f"Port {wanted} is taken."
    raise UsageError(message, "Give another one with --port, or none at all.")


def _start(wanted: int | None, *, opening: bool) -> NoReturn:
    from assets.home import dagster_home, prepare, register

    projects = [one.id for one in open_workspace(Path.cwd(), clock.now()).projects]
    port = free_port(wanted)
    home = dagster_home()
    prepare(home)
    os.environ["DAGSTER_HOME"] = str(home)
    register(home, projects)
    url = f"http://{HOST}:{port}"
    sys.stdout.write(f"Projects: {', '.join(projects)}\nDagster opens at {url} (Ctrl+C ends it)\n")
    sys.stdout.flush()
    if opening and _has_screen():
        os.posix_spawn(sys.executable, [sys.executable, "-m", "assets.browser", url], os.environ)
    # a shell lets what it starts in the background ignore SIGINT, and Dagster would then ignore SIGTERM as well
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execv(sys.executable, _command(port))  # noqa: S606 - no shell, and nothing to come back to


def _command(port: int) -> list[str]:
    module = ["--module-name", "assets.definitions", "--working-directory", str(Path.cwd())]
    # the successor it recommends, `dg dev`, opens the same UI and would bring a second command line with it
    quiet = ["-W", "ignore:Function `dev_command` is superseded"]
    return [sys.executable, *quiet, "-m", "dagster", "dev", *module, "--host", HOST, "--port", str(port)]


def _has_screen() -> bool:
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m assets", description=__doc__)
    parser.add_argument("--port", type=int, help="where the UI listens; by default 3000, or any port that is free")
    parser.add_argument("--no-open", action="store_true", help="do not open a browser")
    return parser


if __name__ == "__main__":
    sys.exit(main())
