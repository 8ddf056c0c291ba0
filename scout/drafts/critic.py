"""What the rubric objects to in a draft, as whoever writes it again needs it told."""

from collections.abc import Callable, Iterator

from scout.model import Readiness, WorkKind

Judge = Callable[[str, str, WorkKind], Readiness]
"""Judges a title and a body of a kind of work, as the rubric does."""


def objections(readiness: Readiness) -> Iterator[str]:
    """Yield one line for each gate that failed: why, and what would open it."""
    failed = set(readiness.failed_gates)
    for one in readiness.verdicts:
        if one.criterion in failed:
            yield f"{one.criterion}: {one.reason} {one.remedy}".strip()
