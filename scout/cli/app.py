"""The application: its commands, and how errors reach a person."""

import errno
import io
import json
import os
import sys
from contextlib import suppress
from typing import Annotated, NoReturn

import typer

from scout import __version__
from scout.cli import (
    archive,
    buffer,
    catalogue,
    classify,
    evaluate,
    flow,
    inbox,
    line,
    notify,
    outcomes,
    projects,
    serve,
    stores,
    tickets,
)
from scout.cli.options import let_go
from scout.errors import ScoutError, StoreError, UsageError

app = typer.Typer(
    name="scout",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Keeps every project's buffer of ready work topped up before execution runs dry.\n\n"
    "Start with `scout run` in a git checkout: it needs no settings, no token and no server, and nothing leaves "
    "the machine.",
)
for group in (
    line,
    buffer,
    inbox,
    tickets,
    outcomes,
    notify,
    classify,
    flow,
    archive,
    serve,
    projects,
    catalogue,
    evaluate,
    stores,
):
    group.add_to(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"scout {__version__}")
        raise typer.Exit


@app.callback()
def scout(
    version: Annotated[  # noqa: ARG001 - acted on by its callback
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log each step to stderr.")] = False,
) -> None:
    """Set up what all commands share."""
    from scout.cli.logs import configure

    configure(verbose=verbose)


def main() -> NoReturn:
    """Run the command line; every failure is one sentence, one remedy and an exit code."""
    _prepare_streams()
    code = _run()
    let_go()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = code or StoreError.exit_code
    os._exit(code)  # freeing what was imported, object by object, took a tenth of a short command


def _run() -> int:
    try:
        code = app(standalone_mode=False) or 0
    except typer.Exit as ending:
        code = ending.exit_code
    except (KeyboardInterrupt, typer.Abort):
        code = 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except ScoutError as error:
        code = _tell(error)
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES}:
            code = _unexpected(error)
        else:
            where = f" at {error.filename}" if error.filename else ""
            message = f"Nothing could be written{where}: {error.strerror}."
            code = _tell(StoreError(message, "Make room or change the permissions, then run it again."))
    except Exception as error:  # noqa: BLE001 - the last resort: no user sees a traceback
        code = _unexpected(error)
    return code


def _prepare_streams() -> None:
    """Open the standard streams that the caller closed, and let them show `?` for what their encoding lacks.

    Without that a store could get the number of a closed stream and be written into.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            mode = "w" if number else "r"
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _tell(error: ScoutError) -> int:
    if "--json" in sys.argv:
        document = {"schema": "scout.error/1", "error": error.what, "remedy": error.remedy, "exit": error.exit_code}
        with suppress(OSError):  # where even that cannot be written, stderr has to do
            sys.stdout.write(json.dumps(document) + "\n")
            sys.stdout.flush()
    sys.stderr.write(f"scout: {error.what}\n       {error.remedy}\n")
    return error.exit_code


def _unexpected(error: Exception) -> int:
    if isinstance(error, typer.TyperException):
        message = f"{error.format_message().rstrip('.')}."
        return _tell(UsageError(message, "Add --help to see what is possible."))
    if os.environ.get("SCOUT_DEBUG"):
        raise error
    kind = type(error).__name__
    message = f"Scout itself failed: {kind}: {error}."
    return _tell(StoreError(message, "This is a defect: report it with what SCOUT_DEBUG=1 prints."))
