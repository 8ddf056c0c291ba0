"""Pages that overlap: how to walk through a listing that moves meanwhile, and lose nothing."""

LARGEST = 100
"""Records on a page, at most: GitHub's limit."""
_SMALL = 8
"""A size up to which windows may be larger than the settings' pages, so that there are enough to choose from."""


def window(position: int, size: int) -> tuple[int, int]:
    """Return the page and its size to ask for next, after the records up to `position` have been seen.

    The page holds the record at `position` (counted from 1) and as many after it as possible. If that record, or
    another one of the last page, comes again, no record between the two pages can have slipped through: whatever moved
    in between moved both. Pages of one size never overlap, so sizes differ.

    Args:
        position: how many records lie before; 0 for the first page.
        size: how many records a page has by the settings, 1..100.
    """
    if position <= 0:
        return 1, size
    near = range(max(size // 2, 2), max(size, _SMALL) + 1)
    fitting = [one for one in near if position % one] or [one for one in range(2, LARGEST + 1) if position % one]
    best = max(fitting, key=lambda one: one - position % one)
    return position // best + 1, best
