"""Facts for readers of the Dagster UI: Markdown tables and changes. Cells are other people's text: escaped."""

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dagster as dg

Facts = dict[str, dg.MetadataValue[Any] | str | float]

MOST_ROWS = 25
LONGEST_CELL = 160
LONGEST_LOCATOR = 40
_MARKUP = re.compile(r"([\\`*_\[\]<>|~#&$]|:(?=//)|(?<=www)\.)")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> dg.MarkdownMetadataValue:
    """Return a Markdown table of at most 25 rows; the rest is counted below it."""
    shown = [tuple(row) for row in rows]
    if not shown:
        return dg.MetadataValue.md("none")
    numeric = [all(isinstance(row[place], int | float) for row in shown) for place in range(len(columns))]
    lines = [_row(columns), _row(("--:" if right else ":--") for right in numeric)]
    lines += [_row(cell(value) for value in row) for row in shown[:MOST_ROWS]]
    if len(shown) > MOST_ROWS:
        lines += ["", f"… and {len(shown) - MOST_ROWS} more"]
    return dg.MetadataValue.md("\n".join(lines))


def cell(value: object) -> str:
    """Return a value as one line of text without markup, shortened to 160 characters."""
    text = f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    short = line if len(line) <= LONGEST_CELL else f"{line[: LONGEST_CELL - 1]}…"
    return _MARKUP.sub(r"\\\1", short)


def drawn(title: str, svg: str, said: str) -> dg.MarkdownMetadataValue:
    """Return a picture with what is said about it; its SVG has to stand alone."""
    image = base64.b64encode(svg.encode()).decode("ascii")
    return dg.MetadataValue.md(f"{said}\n\n![{title}](data:image/svg+xml;base64,{image})")


def tail(locator: str) -> str:
    """Return a locator's telling end: at most 40 characters, so that columns beside it stay in sight."""
    return locator if len(locator) <= LONGEST_LOCATOR else f"…{locator[1 - LONGEST_LOCATOR :]}"


def change(now: float, before: Mapping[str, Any], name: str) -> str:
    """Return how a figure has changed since the last run: '+3', '−1', 'same' or 'new'."""
    then = before.get(name)
    if not isinstance(then, int | float):
        return "new"
    difference = round(now - then, 2)
    if not difference:
        return "same"
    return f"{'+' if difference > 0 else '−'}{abs(difference):,}"


def changes(now: Mapping[str, float], before: Mapping[str, Any]) -> str:
    """Return in a line what has changed since the last run."""
    if not any(name in before for name in now):
        return "first run of this project"
    moved = ((name, change(value, before, name)) for name, value in now.items())
    return ", ".join(f"{name} {difference}" for name, difference in moved if difference != "same") or "nothing"


def _row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(str(one) for one in cells)} |"
