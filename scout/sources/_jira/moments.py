"""Times as Jira writes them, and as its queries want them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

OVERLAP = timedelta(minutes=1)
"""How far before the newest change that is known the next question begins: indexes and clocks of a cluster differ."""
BEHIND_ALL = "Etc/GMT+12"
"""The zone that is never ahead of the user's: for a guest, whose zone nobody says."""


def moment(value: Any) -> datetime | None:
    """Return a time of Jira (`2024-01-02T03:04:05.678+0100`, `2024-01-02`) in UTC; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value)
        if read.tzinfo is UTC:
            return read
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def floor(newest: datetime) -> datetime:
    """Return the minute from which to ask, given the newest change that is known."""
    return (newest - OVERLAP).replace(second=0, microsecond=0)


def known_zone(name: Any) -> str:
    """Return the zone if this machine knows it, else the one that is never ahead of it."""
    try:
        return ZoneInfo(name).key if isinstance(name, str) and name else BEHIND_ALL
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return BEHIND_ALL


def local_minute(at: datetime, zone: str) -> str:
    """Return a minute on the user's clock that is not after `at`, as JQL writes it: `2024-01-02 03:04`.

    An hour that a clock shows twice does not say which of the two is meant: it begins before both.
    """
    there = ZoneInfo(zone)
    local = at.astimezone(there)
    while (shift := local.replace(fold=0).utcoffset()) != local.replace(fold=1).utcoffset():
        first, second = shift or timedelta(), local.replace(fold=1).utcoffset() or timedelta()
        at -= abs(first - second)
        local = at.astimezone(there)
    return local.strftime("%Y-%m-%d %H:%M")
