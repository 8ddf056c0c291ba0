"""Commits of the main line that came together: those of one request that was put there one by one."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from scout.repository import Change

_REQUEST = re.compile(r"\((?:#|!|gh-)(\d+)\)\s*$", re.IGNORECASE)
_AT_ONCE = timedelta(seconds=120)
"""Between commits of one request that was put on the main line one by one."""


def runs(changes: Iterable[Change]) -> Iterator[tuple[Change, ...]]:
    """Give changes, newest first, with those together that one request brought.

    Commits are one request's when they are no merges and follow each other within two minutes without the number of a
    request, or follow each other with the same number.
    """
    run: tuple[Change, ...] = ()
    for change in changes:
        if run and not _is_together(run[-1], change):
            yield run
            run = ()
        run += (change,)
    if run:
        yield run


def _is_together(later: Change, earlier: Change) -> bool:
    if len(later.parents) > 1 or len(earlier.parents) > 1:
        return False
    numbers = [found.group(1) if found else "" for found in map(_number, (later, earlier))]
    if any(numbers):
        return numbers[0] == numbers[1]
    return abs(later.at - earlier.at) <= _AT_ONCE


def _number(change: Change) -> re.Match[str] | None:
    return _REQUEST.search(change.subject)
