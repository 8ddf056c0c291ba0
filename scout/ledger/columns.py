"""Column types that mean the same in SQLite and PostgreSQL."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from scout.errors import UsageError


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: an aware datetime in Python, without offset in SQLite (its text sorts), timestamptz else."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return `value` in UTC as the database takes it; a naive datetime is a defect of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a naive datetime reached the ledger: {value}"
            raise ValueError(message)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given by SQLAlchemy
        """Return the stored moment as an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text of any length that both databases can hold."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - given by SQLAlchemy
        """Return `value` unchanged if it is storable."""
        return None if value is None else storable(value)


def storable(value: str) -> str:
    """Return `value` unchanged.

    Raises:
        UsageError: it holds a NUL, which PostgreSQL has no place for, or half of a surrogate pair.
    """
    if "\0" in value:
        raise UsageError(_refusal(value, "a NUL character"), "Remove that character from the text.")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        what = _refusal(value, "half of a surrogate pair, which UTF-8 cannot hold")
        raise UsageError(what, "Replace that character in the text.") from error
    return value


def _refusal(value: str, what: str) -> str:
    start = value[:40].encode("unicode_escape").decode("ascii")
    return f"The text that begins with '{start}' contains {what}."
