"""Ranges of keys to ask for at once: the pages of one query come one after another, those of many at the same time.

A range is a whole number of pages wide, so that it never takes more requests than it has pages; where keys are missing
it is wider, and takes fewer.
"""

from collections.abc import Sequence
from typing import NamedTuple

WIDEST = 10
"""Pages of a range, at most: what it brings waits in memory until the last one is there."""


class Range(NamedTuple):
    """Numbers in the keys of a project, both ends included."""

    project: str
    low: int
    high: int


def width(issues: int, keys: int, *, size: int) -> int:
    """Return how many keys a range should have to bring about one page.

    Args:
        issues: that were found.
        keys: among as many keys, in the same project.
        size: issues a page.
    """
    return size * min(max(keys // max(issues, 1), 1), WIDEST)


def ranges(span: Range, wide: int) -> list[Range]:
    """Return ranges that cover a span exactly, from its high end, none of them wider than `wide`."""
    highs = range(span.high, span.low - 1, -wide)
    return [Range(span.project, max(high - wide + 1, span.low), high) for high in highs]


def between(project: str, numbers: Sequence[int], *, size: int) -> list[Range]:
    """Return ranges of one page whose ends are issues that exist, for a server that refuses others.

    Args:
        project: its key.
        numbers: of issues that exist.
        size: issues a page.
    """
    ordered = sorted(set(numbers))
    pages = (ordered[start : start + size] for start in range(0, len(ordered), size))
    return [Range(project, page[0], page[-1]) for page in pages]
