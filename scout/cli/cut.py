"""How what was cut is shown."""

from typing import TYPE_CHECKING

from scout.cli.look import heading, plain, table, under

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.selecting import CutReport


def show_cut(out: "Console", report: "CutReport") -> None:
    """Show what is no candidate, by reason, and the scouts that reviewers have decided about."""
    if not report.cut:
        out.print("Nothing was cut.")
    for because, count in report.reasons.items():
        out.print(heading(f"{count} not drafted: ").append(plain(because)))
        rows = [
            (str(one.severity), under(one.title, f"{one.fingerprint}  {one.subject}"), one.same_as)
            for one in report.cut
            if one.because == because
        ]
        out.print(table((">sev", "title and finding", "seen as"), rows, flexible=1))
        out.print()
    if report.scouts:
        out.print(heading("What reviewers said"))
        lines = [
            (
                one.signal,
                str(one.accepted),
                str(one.rejected),
                str(one.waiting),
                f"{one.rate:.2f}",
                "throttled" if one.throttled else "",
            )
            for one in report.scouts
        ]
        out.print(table(("scout", ">accepted", ">rejected", ">waiting", ">chance of a yes", ""), lines))
