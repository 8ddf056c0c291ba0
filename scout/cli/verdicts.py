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
        rows = [(v.criterion, "gate" if v.gate else "", _passing(v), _score(v), v.reason) for v in verdicts]
        out.print(table(("criterion", "", "verdict", ">score", "reason"), rows))
        return
    for one in verdicts:
        gate = ", a gate" if one.gate else ""
        out.print(plain(f"{_score(one):>4}  {one.criterion}{gate}: {_passing(one)}"))
        _indented(out, one.reason, 6)


def _passing(verdict: "Verdict") -> str:
    return verdict.passing.replace("_", " ")


def _score(verdict: "Verdict") -> str:
    """Return a score; none where the criterion was not asked, for it is no zero."""
    return "–" if verdict.passing == "not_applicable" else f"{verdict.score:.2f}"


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
