"""The only place that asks what time it is, and says how long ago something was."""

from datetime import UTC, datetime

from scout.errors import UsageError

EARLIEST, LATEST = 1971, 2999


def now(fixed: str | None = None) -> datetime:
    """Return the present moment in UTC, to the second, or the fixed one.

    Args:
        fixed: an ISO 8601 date or time; without a zone it is taken as UTC.

    Raises:
        UsageError: `fixed` is not an ISO 8601 date or time, or out of range.
    """
    if fixed is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(fixed)
    except ValueError as error:
        message = f"'{fixed}' is not a date or time."
        raise UsageError(message, "Give an ISO 8601 one, such as 2026-03-01 or 2026-03-01T09:30:00Z.") from error
    if not EARLIEST <= moment.year <= LATEST:
        message = f"'{fixed}' is not a time that git and databases can count with."
        raise UsageError(message, f"Give a year from {EARLIEST} to {LATEST}.")
    return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)).replace(microsecond=0)


def age(then: datetime | None, now: datetime) -> str:
    """Return how old something is, in words: 'now', '12 minutes', '5 hours', '3 days' or 'never'."""
    if then is None:
        return "never"
    minutes = max(0, int((now - then).total_seconds() // 60))
    for size, word in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {word}{'s' * (count != 1)}"
    return "now"


def ago(then: datetime | None, now: datetime) -> str:
    """Return when something was, in words: 'just now', '3 days ago' or 'never'."""
    words = age(then, now)
    return {"now": "just now", "never": "never"}.get(words, f"{words} ago")
