"""The sets of `../shared/data`, as they are and as they stood on a busy day, measured by Scout and by hand."""

import csv
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from scout.flow import MeasureFigure
from scout.service.flow import FlowReport, flow
from scout.service.import_archive import import_archive
from scout.service.wiring import open_workspace
from tests.flow_by_hand import past, read
from tests.flow_by_hand.counting import Part, Row, Told
from tests.flow_by_hand.facts import Archive
from tests.flow_by_hand.measures import made_again
from tests.trackers import shared

NEAR = 1e-6
PAGE = Path(__file__).parents[1] / "docs" / "flow-measured.md"
_HEAD = "| measure | n | p50 | p85 | value | equal | compared |\n| --- | --- | --- | --- | --- | --- | --- |"


class Kept(NamedTuple):
    """An archive of the shared data, and on which day it is looked at where not today.

    Attributes:
        kind: who kept it: `github`, `jira` or `ietf`.
    """

    name: str
    kind: str
    files: tuple[str, ...]
    day: datetime | None = None


NOW = datetime(2026, 11, 1, tzinfo=UTC)
_GITHUB, _JIRA = ("issues.jsonl.gz", "pulls.jsonl.gz"), ("issues.jsonl.gz",)
_GROUPS = (
    *("draft-irtf-cfrg-hash-to-curve", "eat", "groupcomm-bis", "mls-protocol", "oblivious-http"),
    "draft-ietf-masque-connect-ip",
)
SETS = (
    Kept("github-gui", "github", _GITHUB),
    Kept("jira-tidev", "jira", _JIRA),
    *(Kept(name, "ietf", (f"{name}.json.gz",)) for name in _GROUPS),
    Kept("github-gui", "github", _GITHUB, datetime(2021, 6, 1, tzinfo=UTC)),
    Kept("jira-tidev", "jira", _JIRA, datetime(2013, 6, 1, tzinfo=UTC)),
    Kept("mls-protocol", "ietf", ("mls-protocol.json.gz",), datetime(2019, 3, 1, tzinfo=UTC)),
)
_BACK: dict[str, Callable[[list[Path], datetime, Path], list[Path]]] = {
    "github": past.github,
    "jira": past.jira,
    "ietf": past.ietf,
}
_READ: dict[str, Callable[..., Archive]] = {"github": read.github, "jira": read.jira, "ietf": read.ietf}


def titled(kept: Kept) -> str:
    """Return what a set is called."""
    return kept.name if kept.day is None else f"{kept.name}-{kept.day:%Y-%m-%d}"


@dataclass(frozen=True)
class Compared:
    """A measure as Scout prints it beside what the raw records say.

    Attributes:
        rows: how many observations were compared.
        wrong: what is different, in words; empty where all is equal.
    """

    figure: MeasureFigure
    told: Told
    rows: int
    wrong: tuple[str, ...]


def compared(kept: Kept, home: Path) -> dict[str, Compared]:
    """Measure a set with Scout and by hand; return each measure's figures side by side.

    Args:
        kept: the set.
        home: an empty folder, `SCOUT_HOME` in it.
    """
    place = ("data", kept.name) if kept.kind != "ietf" else ("data", "ietf")
    files, now = [shared(*place, name) for name in kept.files], kept.day or NOW
    if kept.day is not None:
        files = _BACK[kept.kind](files, kept.day, home)
    return measured(titled(kept), now, files, _READ[kept.kind](now, *files), home)


def measured(name: str, now: datetime, files: list[Path], archive: Archive, home: Path) -> dict[str, Compared]:
    """Measure files with Scout, and what was read of them by hand; return each measure's figures side by side."""
    with closing(open_workspace(home, now)) as work:
        import_archive(work, name, files)
        report: FlowReport = flow(work, name, folder=home / "tables")
    rows: dict[str, dict[str, Row]] = {}
    with (home / "tables" / "observations.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["measure"], {})[row["subject"]] = Row(
                float(row["value"]), row["still_growing"] == "true"
            )
    told = made_again(archive)
    figures = {one.id: one for one in report.measures}
    assert figures.keys() == told.keys(), "every measure is made again"
    return {name: beside(figures[name], rows.get(name, {}), told[name]) for name in figures}


def beside(figure: MeasureFigure, rows: dict[str, Row], told: Told) -> Compared:
    """Return where a measure differs from what it should say."""
    wrong = [f"n is {figure.n}, not {told.n}"] if figure.n != told.n else []
    wrong += [f"{name} is {got}, not {due}" for name, got, due in _figures(figure, told) if not _same(got, due)]
    wrong += _by_chance(figure, told)
    due = told.rows or {}
    wrong += [
        f"{key}: {rows.get(key)}, not {due.get(key)}"
        for key in sorted({*rows, *due})
        if key not in rows
        or key not in due
        or rows[key].grows != due[key].grows
        or not _same(rows[key][0], due[key][0])
    ]
    wrong += _parts(figure, told)
    if (figure.value is None) != bool(figure.unavailable):
        wrong.append("what has no value says why, and nothing else does")
    return Compared(figure, told, len(due), tuple(wrong))


def _figures(figure: MeasureFigure, told: Told) -> list[tuple[str, float | None, float | None]]:
    if told.chance:
        return [("value", figure.value, figure.p85)]
    return [
        ("value", figure.value, told.value),
        ("p50", figure.p50, told.p50),
        ("p85", figure.p85, told.p85),
    ]


def _by_chance(figure: MeasureFigure, told: Told) -> list[str]:
    if not told.chance:
        return []
    drawn = zip(("p50", "p85"), (figure.p50, figure.p85), told.chance, strict=True)
    return [
        f"{name} is {got}, not within {low} and {high}"
        for name, got, (low, high) in drawn
        if got is None or not low <= got <= high
    ]


def _parts(figure: MeasureFigure, told: Told) -> list[str]:
    got = sorted(Part(one.name, one.n, one.value, one.p50, one.p85) for one in figure.groups)
    due = sorted(told.parts)
    same = len(got) == len(due) and all(
        one[:2] == other[:2] and all(_same(a, b) for a, b in zip(one[2:], other[2:], strict=True))
        for one, other in zip(got, due, strict=True)
    )
    return [] if same else [f"parts are {got}, not {due}"]


def _same(got: float | None, due: float | None) -> bool:
    return got is due if got is None or due is None else abs(got - due) <= NEAR * max(1.0, abs(due))


def lines(made: dict[str, Compared]) -> list[str]:
    """Return a line of a table for each measure."""
    return [_line(one) for one in made.values()]


def _line(one: Compared) -> str:
    figure = one.figure
    numbers = " | ".join(_number(value) for value in (figure.p50, figure.p85, figure.value))
    sure = "**no**" if one.wrong else "yes, within chance" if one.told.chance else "yes"
    return f"| `{figure.id}` | {figure.n:,} | {numbers} | {sure} | {_of(one)} |"


def _of(one: Compared) -> str:
    """Return what was compared beside the figures, or why there are none."""
    if one.figure.value is None:
        return f"unavailable: {one.figure.unavailable}"
    few = len(one.told.parts)
    parts = "" if not few else "1 part" if few == 1 else f"{few} parts"
    return ", ".join(filter(None, (f"{len(one.told.rows):,} rows" if one.told.rows else "", parts))) or "figures"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def section(kept: Kept, made: dict[str, Compared]) -> str:
    """Return what to say about a set, as Markdown."""
    wrong = sum(bool(one.wrong) for one in made.values())
    told = sum(one.figure.value is not None for one in made.values())
    rows, parts = sum(one.rows for one in made.values()), sum(len(one.told.parts) for one in made.values())
    said = f"{told} of {len(made)} measures have a figure; {rows:,} rows and {parts} parts compared; {wrong} differ."
    return "\n".join((f"## {titled(kept)}\n", f"{said}\n", _HEAD, *lines(made)))
