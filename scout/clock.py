"""The only place that asks what time it is."""

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
