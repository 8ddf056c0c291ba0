"""Literals of a reStructuredText page, each with its line."""

import re
from collections.abc import Iterator

from scout.signals._markdown import MAX_LENGTH, Code, Page

_LITERAL = re.compile(r"``([^`\n]+)``")


def page(text: str) -> Page:
    """Return the inline literals of a page; its links and blocks are not read."""
    lines = text.replace("\r\n", "\n")[:MAX_LENGTH].split("\n")
    return Page(tuple(lines), (), tuple(_literals(lines)))


def _literals(lines: list[str]) -> Iterator[Code]:
    for number, line in enumerate(lines, start=1):
        yield from (Code(number, found.group(1)) for found in _LITERAL.finditer(line))
