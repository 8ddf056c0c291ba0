"""Times as exports write them."""

import re
from datetime import UTC, datetime

from scout.sources._jira.moments import moment

_FORMS = (
    "%d/%b/%y %I:%M %p",  # Jira's own, of an English user
    "%d/%b/%y %H:%M",
    "%d/%b/%Y %I:%M %p",
    "%d/%b/%Y %H:%M",
    "%d/%b/%y",
    "%d %b %Y %H:%M",
    "%d %b %Y",
    "%b %d, %Y %I:%M %p",
    "%b %d, %Y",
    "%a %b %d %Y %H:%M:%S GMT%z",  # JavaScript's, of Linear
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
)
_ZONE_NAME = re.compile(r"\s*\([^()]*\)$")


def time_of(text: str) -> datetime | None:
    """Return a time in UTC, or None for what is none; without a zone it counts as UTC.

    Days and months in numbers with slashes (`3/4/2024`) are none: nobody knows which is which.
    """
    bare = _ZONE_NAME.sub("", text.strip())
    if not bare:
        return None
    if (found := moment(bare)) is not None:
        return found
    for form in _FORMS:
        try:
            read = datetime.strptime(bare, form)  # noqa: DTZ007 - what has no zone gets one below
        except ValueError:
            continue
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    return None
