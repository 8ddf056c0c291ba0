"""Messages to people."""

from typing import TYPE_CHECKING, Annotated

import typer

from scout.cli.options import HERE, AsJson, Config, Now, finish, workspace

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.notifications import NotifyReport


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(notify)


def notify(
    live: Annotated[bool, typer.Option("--live", help="Send; without it the messages are only shown.")] = False,
    as_json: AsJson = False,
    now: Now = None,
    config: Config = None,
) -> None:
    """Tell people what changed: a digest a day, the buffer's alarms, what could not be filed; else nothing.

    Whom to tell, and when not, stands in the settings under `[notify]`.

    Examples:

        scout notify
        scout notify --live
    """
    from scout.service.notifications import notify as tell

    work = workspace(HERE, now, config)
    report = tell(work, live=live)
    finish(report, lambda out: _show(out, report, live=live), as_json=as_json)


def _show(out: "Console", report: "NotifyReport", *, live: bool) -> None:
    from scout.cli.look import plain

    if not report.messages:
        out.print("Nothing is new.")
    for one in report.messages:
        out.print(plain(one.title), style="bold")
        out.print(plain(one.body))
        out.print()
    if not report.targets:
        out.print("Nobody is told: set `targets` or `targets_file` under [notify].", style="yellow")
    elif report.quiet:
        out.print("Quiet hours: it is told afterwards.", style="dim")
    elif report.messages:
        sent = f"Sent to {report.targets} target{'s' * (report.targets != 1)}."
        out.print(sent if live else "Nothing was sent. Send it with: scout notify --live", style="dim")
