"""What stands around a candidate, in a terminal: why now, what may be the same, the code, and what changed last."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from scout.service.surroundings import SurroundingsReport
    from scout.service.twins import Twin


def show_around(out: "Console", report: "SurroundingsReport") -> None:
    """Print what the page shows beside a candidate's own text."""
    from scout.cli.look import plain

    if report.why_now:
        out.print(plain(f"Why now: {report.why_now}"))
    for place in report.places:
        out.print(plain(f"\n{place.locator}{f'  {place.link}' if place.link else ''}"), style="bold")
        for number, line in enumerate(place.lines, start=place.first):
            mark = ">" if number == place.marked else " "
            out.print(plain(f"{mark}{number:5d}  {line}"), style="" if number == place.marked else "dim")
    if report.changed:
        out.print("\nWhat the newest revision changed", style="bold")
        for line in report.changed:
            out.print(plain(line), style="dim")
    for twin in report.twins:
        _show_twin(out, twin)


def _show_twin(out: "Console", twin: "Twin") -> None:
    from scout.cli.look import plain

    here, there = ("".join(f"*{text}*" if same else text for same, text in some) for some in (twin.mine, twin.title))
    out.print(plain(f"\nMay be the same: {twin.kind} {twin.id}, {twin.state}"), style="bold")
    out.print(plain(f"  here   {here}"))
    out.print(plain(f"  there  {there}"))
    out.print(plain(f"  {' '.join(twin.common)}{f' It was said: {twin.because}' if twin.because else ''}"), style="dim")
