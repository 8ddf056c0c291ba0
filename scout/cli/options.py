"""Options that mean the same in every command, and how a command ends."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scout import clock
from scout.model import Report

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.wiring import Workspace

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
ProjectName = Annotated[
    str | None, typer.Option("--project", metavar="ID", help="The project, where there are several.")
]
Now = Annotated[str | None, typer.Option("--now", metavar="ISO", help="Take this moment for the present (UTC).")]
Config = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Read these settings, no others.")]
Where = Annotated[Path, typer.Argument(metavar="PATH", help="A git checkout; by default the working folder.")]
CandidateId = Annotated[str, typer.Argument(metavar="ID", help="The candidate's id, or its beginning.")]
Actor = Annotated[str, typer.Option("--as", metavar="ROLE", help="The role or label to keep beside the decision.")]

HERE = Path()
_opened: "list[Workspace]" = []


def workspace(path: Path, now: str | None, config: Path | None) -> "Workspace":
    """Open the workspace for a command, telling on stderr what an untrusted settings file may not say."""
    from scout.service.wiring import open_workspace

    work = open_workspace(path, clock.now(now), config)
    _opened.append(work)
    if work.loaded.ignored:
        keys = ", ".join(work.loaded.ignored)
        typer.echo(
            f"{work.loaded.file} is not trusted: {keys} ignored. Read it, then accept it with `scout trust`.", err=True
        )
    return work


def let_go() -> None:
    """Close what commands of this process have opened."""
    while _opened:
        _opened.pop().close()


def finish(report: Report, render: Callable[["Console"], None], *, as_json: bool, code: int = 0) -> None:
    """Print a report, as JSON or for a person, and end with an exit code."""
    try:
        if as_json:
            sys.stdout.write(json.dumps(report.document(), ensure_ascii=True, indent=2) + "\n")
        else:
            from scout.cli.look import console

            render(console())
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough; the answer stays what it is
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if code:
        raise typer.Exit(code)
