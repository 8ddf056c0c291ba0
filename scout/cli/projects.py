"""Set-up: init, doctor, trust."""

from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli.options import HERE, AsJson, Config, Now, Where, finish

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.doctor import DoctorReport
    from scout.service.init import InitReport
    from scout.service.trust import TrustReport

MOST_DETAILED = 5


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (init, doctor, trust):
        app.command()(command)


def init(
    path: Where = HERE,
    force: Annotated[bool, typer.Option("--force", help="Replace a scout.toml that is there.")] = False,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Look at a checkout (remotes, trackers, CI, cadence) and write a commented `scout.toml`.

    Settings are never needed; this is for those who want others than the defaults.

    Examples:

        scout init
        scout init ~/src/rocket --force
    """
    from scout import clock
    from scout.service.init import init as write

    report = write(path, clock.now(now), force=force)
    finish(report, lambda out: _show_init(out, report), as_json=as_json)


def doctor(path: Where = HERE, as_json: AsJson = False, now: Now = None, config: Config = None) -> None:
    """Check settings, state folder, stores, git, disk, versions and every source; each failure says its remedy.

    Trackers are asked one cheap thing each: whether they answer, who we are there, and what is left of their limits.
    Ends with exit code 1 when something needs attention.

    Examples:

        scout doctor
        scout doctor --json
    """
    from scout import clock
    from scout.service.doctor import doctor as examine

    report = examine(path, clock.now(now), config)
    finish(report, lambda out: _show_doctor(out, report), as_json=as_json, code=0 if report.healthy else 1)


def trust(path: Where = HERE, as_json: AsJson = False, now: Now = None, config: Config = None) -> None:
    """Accept what a checkout's `scout.toml` says about endpoints, secret files and live mode, as it is now.

    Any later change of the file asks again. Settings in your own configuration folder need no trust.

    Examples:

        scout trust
        scout trust ~/src/rocket
    """
    from scout import clock
    from scout.service.trust import trust as accept
    from scout.service.wiring import open_workspace

    report = accept(open_workspace(path, clock.now(now), config))
    finish(report, lambda out: _show_trust(out, report), as_json=as_json)


def _show_init(out: "Console", report: "InitReport") -> None:
    from scout.cli.look import plain

    out.print(plain(f"Wrote {report.file}"), style="bold")
    for fact in report.seen:
        out.print(plain(f"  {fact}"))
    out.print("Next: read it, then scout run")


def _show_doctor(out: "Console", report: "DoctorReport") -> None:
    from scout.cli.look import plain

    detailed = sum(bool(check.details) for check in report.checks) <= MOST_DETAILED
    for check in report.checks:
        mark, style = ("ok  ", "green") if check.passed else ("FAIL", "red")
        out.print(plain(f"{mark} {check.name}: {check.found}"), style=None if check.passed else style)
        if check.remedy:
            out.print(plain(f"     {check.remedy}"))
        for detail in check.details if detailed or not check.passed else ():
            out.print(plain(f"       {detail}"), style="dim")
    if not detailed:
        out.print("Streams of what is well are left out; --json has them all.", style="dim")


def _show_trust(out: "Console", report: "TrustReport") -> None:
    from scout.cli.look import plain

    if not report.needed:
        out.print(plain(f"{report.file} is your own; it needs no trust."))
        return
    out.print(plain(f"Trusted {report.file} as it is now ({report.digest[:12]})."))
    for key in report.effective:
        out.print(plain(f"  in effect: {key}"))
