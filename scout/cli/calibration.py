"""How a project's calibration is shown."""

from typing import TYPE_CHECKING

from scout.cli.look import heading, plain, table

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.calibrate import CalibrationReport, Effect


def show(out: "Console", report: "CalibrationReport") -> None:
    """Print what scores are worth, and what each criterion had to do with it."""
    back = report.tickets - report.done
    out.print(heading(f"{report.tickets} tickets with a known end, {back} of them sent back"))
    for note in report.notes:
        out.print(plain(note), style="dim")
    out.print("\nFinished without being sent back, by score", style="bold")
    rows = [
        (
            f"{one.low:.1f}–{one.high:.1f}",
            str(one.tickets),
            str(one.done),
            f"{one.chance.value:.2f}",
            _interval(one.chance.low, one.chance.high),
        )
        for one in report.curve
    ]
    out.print(table(("score", ">tickets", ">finished", ">chance", ">interval"), rows))
    out.print("\nEffect among tickets of like length (0.50 is none)", style="bold")
    effects = (*report.effects, report.total, report.length)
    out.print(
        table(
            ("criterion", ">tickets", ">area", ">interval", "effect", ">weight"), [_row(one, report) for one in effects]
        )
    )


def _row(one: "Effect", report: "CalibrationReport") -> tuple[str, ...]:
    weight = f"× {one.factor:.2f}" if report.enough and one in report.effects else ""
    if one.area is None or one.low is None or one.high is None:
        return one.criterion, str(one.tickets), "–", "–", one.said, weight
    return one.criterion, str(one.tickets), f"{one.area:.2f}", _interval(one.low, one.high), one.said, weight


def _interval(low: float, high: float) -> str:
    return f"{low:.2f}–{high:.2f}"
