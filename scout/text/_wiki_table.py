"""A wiki text's tables as Markdown."""

import re
from collections.abc import Sequence

from scout.text._parts import Cell, table
from scout.text._wiki_inline import inline

_CELLS = re.compile(
    r"(\|\|?)"
    r"((?:[^|\[{!\\]++|\\.|\[[^\[\]]*+\]|\{\{[^{}]*+\}\}|!(?=[^\s!|])[^\s!|]++\|[^!|\s]*+!|[\[{!\\])*+)"
)


def wiki_table(rows: Sequence[str]) -> str:
    """Return rows, each of which begins with a bar, as a table; empty text when they are only lines with a bar."""
    if not any("|" in row.lstrip("|") for row in rows):
        return ""
    return table([_cells(row) for row in rows])


def _cells(row: str) -> list[Cell]:
    found = [Cell(inline(match.group(2).strip()), match.group(1) == "||") for match in _CELLS.finditer(row)]
    if len(found) > 1 and not found[-1].text:
        found.pop()
    return found
