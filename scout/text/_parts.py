"""Pieces of Markdown that the readers of other markups have in common."""

import re
from collections.abc import Sequence
from typing import NamedTuple

MENTION = "@someone"
"""What stands for a person in a text: that somebody was addressed matters, who it was does not."""

LEADS = {
    "info": "Info",
    "note": "Note",
    "tip": "Tip",
    "warning": "Warning",
    "error": "Error",
    "success": "Success",
}
"""What a panel says about itself by its colour and its sign."""

_TICKS = re.compile("`{3,}")
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{1,30}")
_PLAIN_LANGUAGES = frozenset({"none", "plain", "text", "plaintext", "plain_text"})
_ADDRESS = re.compile(r"[\w/:.?=%+~,;@&!$'*#-]+")
_UNSAFE_IN_ADDRESS = re.compile(r"[\s<>\\]+")
_HEADING_OR_RULE = re.compile(r"#{1,6}(?=\s|$)|-+\s*$")


class Cell(NamedTuple):
    """A cell of a table: its text, Markdown already, and whether it is a heading."""

    text: str
    head: bool


def fenced(code: str, language: str = "") -> str:
    """Return code as a fenced block with its content untouched, whatever fences are in it."""
    ticks = "`" * (1 + max((len(run) for run in _TICKS.findall(code)), default=2))
    word = language.strip()
    known = _LANGUAGE.fullmatch(word) and word.lower() not in _PLAIN_LANGUAGES
    return f"{ticks}{word if known else ''}\n{code}\n{ticks}"


def linked(label: str, target: str) -> str:
    """Return a link; `label` is Markdown already, `target` an address as it was written."""
    address = _UNSAFE_IN_ADDRESS.sub("%20", target.strip())
    return f"[{label}]({address if _ADDRESS.fullmatch(address) else f'<{address}>'})"


def without_block(line: str) -> str:
    """Return a line that does not read as a heading, nor makes one of the line above it."""
    return f"\\{line}" if _HEADING_OR_RULE.match(line) else line


def table(rows: Sequence[Sequence[Cell]]) -> str:
    """Return rows as a table. Markdown wants a line of headings: it stays empty where there is none."""
    headed = all(cell.head for cell in rows[0])
    head, body = (rows[0], rows[1:]) if headed else ((), rows)
    width = max(len(row) for row in rows)
    titles = [_in_cell(cell.text) for cell in head] + [""] * (width - len(head))
    return "\n".join([_row(titles), "|" + " --- |" * width, *(_row([_bold(cell) for cell in row]) for row in body)])


def _bold(cell: Cell) -> str:
    plain = not cell.head or not cell.text or cell.text.startswith("**")
    return _in_cell(cell.text if plain else f"**{cell.text}**")


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
