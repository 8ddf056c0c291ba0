"""`[notify]`: who is told about what, and when not."""

import re
from datetime import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from scout.settings._section import Section

_HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")


class Notify(Section):
    """Whom to tell what: a digest a day, the alarm of the buffer, what could not be filed."""

    reaches_outside = frozenset({"targets", "targets_file"})

    targets: tuple[str, ...] = Field(
        default=(), repr=False, description="notification addresses, as Apprise writes them: mailto://…, slack://…"
    )
    targets_file: str | None = Field(
        default=None, description="a file of such addresses, one a line: most of them hold a secret"
    )
    digest: bool = Field(default=True, description="tell once a day what waits and what is ready")
    alarm: bool = Field(
        default=True, description="tell when ready work falls below the reorder point, and when it is back"
    )
    failures: bool = Field(default=True, description="tell what was accepted and could not be filed")
    quiet: str = Field(default="", description="hours in which nothing is sent: 22:00-07:00")
    zone: str = Field(default="UTC", description="time zone of those hours and of the digest's day: Europe/Berlin")

    @field_validator("quiet")
    @classmethod
    def _hours_are_hours(cls, value: str) -> str:
        if value:
            span(value)
        return value

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"there is no time zone '{value}': write it as Europe/Berlin") from None
        return value

    @property
    def hours(self) -> tuple[time, time] | None:
        """From when until when nothing is sent; None for never."""
        return span(self.quiet) if self.quiet else None


def span(value: str) -> tuple[time, time]:
    """Return the two times of a span such as 22:00-07:00.

    Raises:
        ValueError: it is none.
    """
    found = _HOURS.fullmatch(value.strip())
    if found is None:
        raise ValueError(f"'{value}' is no span of hours: write it as 22:00-07:00")
    first, minute, last, end = (int(part) for part in found.groups())
    return time(first, minute), time(last, end)
