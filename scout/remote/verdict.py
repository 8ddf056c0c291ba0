"""What an answer's status means: the only place that decides it.

Sources: GitHub, 'Rate limits for the REST API' and 'Best practices for using the REST API'; Atlassian, 'Rate limiting'
for Jira Cloud and Data Center; RFC 9110 for `Retry-After` and `Date`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from scout.remote.call import Answer

MARGIN = 1.0
"""Seconds on top of a moment that a server names in whole seconds."""

LONGEST = 30 * 86_400.0
"""Seconds that any wait may last."""

_DIGITS = 15
_AGAIN = frozenset({408, 500, 502, 503, 504})
_LIMITED = frozenset({403, 429})
_LIMIT_WORDS = (b"secondary rate limit", b"abuse detection")


@dataclass(frozen=True, slots=True)
class Good:
    """It is an answer; whether its body is one, too, is for the reader to say."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Nothing is newer than the tag that was sent."""


@dataclass(frozen=True, slots=True)
class Again:
    """The server failed; asking again soon may help.

    Attributes:
        why: in words that end a sentence.
    """

    why: str


@dataclass(frozen=True, slots=True)
class Wait:
    """The server wants a pause, from everybody with this account.

    Attributes:
        seconds: for how long, from now; None where it does not say.
        primary: the hour's limit is used up, which counts for one resource of the server only.
    """

    seconds: float | None
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Refuse:
    """The server understood and said no."""


Verdict = Good | Unchanged | Again | Wait | Refuse


def judged(answer: Answer, now: datetime) -> Verdict:
    """Return what an answer means.

    Args:
        answer: whatever came.
        now: our clock (UTC), used only where the server does not send its own.
    """
    status, headers = answer.status, answer.headers
    if status == 304:  # noqa: PLR2004 - a status is its own name
        return Unchanged()
    if 100 <= status < 300:  # noqa: PLR2004
        return Good()
    asked = retry_after(headers, now)
    if status in _LIMITED:
        return _limited(answer, asked, now)
    if status == 503 and asked:  # noqa: PLR2004
        return Wait(asked)
    if status in _AGAIN:
        return Again(f"it answered {status}")
    return Refuse()


def _limited(answer: Answer, asked: float | None, now: datetime) -> Verdict:
    headers, too_many = answer.headers, answer.status == 429  # noqa: PLR2004
    if asked or (too_many and asked is not None):
        return Wait(asked or MARGIN)
    reset, remaining = until_reset(headers, now), headers.get("x-ratelimit-remaining")
    if reset is not None and remaining == "0":
        return Wait(reset, primary=True)
    if too_many:
        return Wait(reset if remaining is None else None)
    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    return Wait(None) if any(words in body.lower() for words in _LIMIT_WORDS) else Refuse()


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds of `Retry-After`, which may be a number or a date; None without one that can be read."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    whole, _, fraction = text.partition(".")
    if (seconds := number(whole)) is not None:
        return min(seconds + (float(f"0.{fraction}") if number(fraction) else 0.0), LONGEST)
    try:
        return _after(_date(text), headers, now)
    except ValueError:
        return None


def until_reset(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds until the limit is whole again, from GitHub's epoch or Jira's ISO date; None without one."""
    text = headers.get("x-ratelimit-reset", "").strip()
    moment = number(text)
    try:
        return _after(datetime.fromisoformat(text).timestamp() if moment is None else moment, headers, now)
    except (ValueError, OverflowError):
        return None


def number(text: str | None) -> int | None:
    """Return a header's whole number; None if it is none, or an absurd one."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None


def _after(moment: float, headers: Mapping[str, str], now: datetime) -> float:
    """Return the seconds from the server's own clock to a moment it named."""
    try:
        server = _date(headers.get("date", ""))
    except ValueError:
        server = now.timestamp()
    return min(max(moment - server, 0.0) + MARGIN, LONGEST)


def _date(text: str) -> float:
    """Return the seconds since 1970 of an HTTP date.

    Raises:
        ValueError: it is none.
    """
    return parsedate_to_datetime(text).timestamp()
