"""Pieces of Markdown that the pages share."""

import re
from collections.abc import Iterable

_CELL_BREAKS = re.compile(r"\s*\n\s*")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)
_HEADING = re.compile(r"^(#+)(?= )", re.MULTILINE)


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table; cells are Markdown, on one line."""
    lines = [[_cell(cell) for cell in row] for row in (columns, *rows)]
    head, *body = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join((head, "|" + " --- |" * len(lines[0]), *body))


def code(text: str) -> str:
    """Return inline code; nothing for nothing."""
    if not text:
        return ""
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{ticks} {text} {ticks}" if len(ticks) > 1 else f"`{text}`"


def fenced(text: str, language: str = "") -> str:
    """Return a block of code, fenced so that no fence in it ends it."""
    longest = max((len(run) for run in re.findall("`{3,}", text)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{language}\n{text.rstrip()}\n{ticks}"


def demoted(text: str, by: int = 1) -> str:
    """Return Markdown whose headings are `by` levels lower; code blocks stay as they are."""
    parts: list[str] = []
    inside = ""
    for line in text.splitlines():
        fence = _FENCE.match(line)
        if fence and not inside:
            inside = fence[1]
        elif fence and fence[1].startswith(inside):
            inside = ""
        parts.append(line if inside else _HEADING.sub(lambda found: found[1] + "#" * by, line))
    return "\n".join(parts)


def _cell(text: str) -> str:
    return _CELL_BREAKS.sub(" ", text.strip()).replace("|", "\\|")
