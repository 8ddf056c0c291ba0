"""The rubric's verdicts on a text, in a window of any width."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scout.cli.look import plain, table

if TYPE_CHECKING:
    from rich.console import Console

    from scout.model import Verdict

_NARROW = 90
"""Columns under which a reason stands below its verdict, and not beside it."""


def show_verdicts(out: "Console", verdicts: "Sequence[Verdict]") -> None:
    """Print what each criterion says, and why."""
    if out.width >= _NARROW:
        rows = [(v.criterion, "gate" if v.gate else "", v.passing, f"{v.score:.2f}", v.reason) for v in verdicts]
        out.print(table(("criterion", "", "verdict", ">score", "reason"), rows))
        return
    for one in verdicts:
        gate = ", a gate" if one.gate else ""
        out.print(plain(f"{one.score:.2f}  {one.criterion}{gate}: {one.passing.replace('_', ' ')}"))
        _indented(out, one.reason, 6)


def show_remedies(out: "Console", verdicts: "Sequence[Verdict]") -> None:
    """Print what a person can do about the verdicts that failed, gates first, then the lowest."""
    failed = [one for one in verdicts if one.remedy and one.passing == "failed"]
    if not failed:
        return
    out.print("\nWhat would make it readier", style="bold")
    for one in sorted(failed, key=lambda each: (not each.gate, each.score)):
        out.print(plain(f"  {one.criterion}"))
        _indented(out, one.remedy, 4)


def _indented(out: "Console", text: str, by: int) -> None:
    from rich.padding import Padding

    out.print(Padding(plain(text), (0, 0, 0, by), expand=False))
