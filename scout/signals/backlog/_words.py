"""What tickets and comments say: references, marks, dates, and words for telling them to a reader."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from scout.signals._words import MOST_TITLE
from scout.warehouse.records import ChangeRow, TicketRow

_ROOM = 75
_CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|\{code.*?\{code\}|\{noformat\}.*?\{noformat\}", re.DOTALL)
_QUOTED = re.compile(r"^[ \t]*>[^\n]*$|^bq\. [^\n]*$|\{quote\}.*?\{quote\}", re.MULTILINE | re.DOTALL)
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NAME = re.compile(r"(?<![\w/.])@[\w-]+(?![\w/-])|\[~[^\]]*\]")
_SPACE = re.compile(r"\s+")
_REFERENCE = re.compile(
    r"(?P<home>https?://[^\s)\]>|]+?)/(?:issues|pull|browse)/(?P<page>(?:[A-Z][A-Z0-9]+-)?\d+)\b"
    r"|https?://\S+|(?<![\w/&])#(?P<number>\d+)\b"
    r"|\b(?P<key>[A-Z][A-Z0-9]+-\d+)\b"
)
_PAGE = re.compile(r"/(?:issues|pull|browse)/[^/]*$")
BLOCKED = re.compile(
    r"^(?:status|state)?[\s:/_-]*(?:is\s+)?(?:blocked|on[\s_-]?hold|impeded|impediment|stalled)(?:\s*[!🚫⛔🛑])?$",
    re.IGNORECASE,
)
"""A label or state that says that work cannot go on, and nothing else."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?:{'|'.join(MONTHS)})[a-z]{{0,6}}"
_DATE = re.compile(
    rf"(?P<iso>\b20\d\d-[01]\d-[0-3]\d\b)|\b(?P<day>\d{{1,2}})(?:st|nd|rd"
    rf"|th)?\s+(?:of\s+)?(?P<m1>{_MONTH})\.?,?\s+(?P<y1>20\d\d)\b"
    rf"|\b(?P<m2>{_MONTH})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>20\d\d)\b"
    rf"|\b(?P<m3>{_MONTH})\.?,?\s+(?P<y3>20\d\d)\b|\bQ(?P<quarter>[1-4])[\s/-]*(?P<y4>20\d\d)\b"
    r"|\b(?:the\s+)?end of (?P<y5>20\d\d)\b",
    re.IGNORECASE,
)


def mention(key: str) -> str:
    """Return a ticket's key as people write it: `#7`, `APP-7`."""
    return f"#{key}" if key.isdigit() else key


def name(row: TicketRow | ChangeRow, room: int = 70) -> str:
    """Return the title of a ticket or pull request for a reader: on one line, without names of people, shortened."""
    bare = _SPACE.sub(" ", _NAME.sub("somebody", row.title)).strip().replace("`", "'")
    return bare if len(bare) <= room else bare[: room - 1].rstrip() + "…"


def headed(start: str, row: TicketRow) -> str:
    """Return a story's title of at most 90 characters: a beginning, then the ticket's title."""
    return (
        f"{start[:MOST_TITLE]}{name(row, MOST_TITLE - len(start))}"
        if len(start) < _ROOM
        else start[:MOST_TITLE].rstrip(": ")
    )


def spoken(text: str) -> str:
    """Return what somebody said himself: without code, quotations and hidden text."""
    return _QUOTED.sub("", _HIDDEN.sub("", _CODE.sub("", text.replace("\r\n", "\n"))))


def over(start: str, rows: Sequence[TicketRow]) -> str:
    """Return a story's title of at most 90 characters: a beginning, then as many keys as there is room for."""
    tries = (f"{start}: {each(rows, most)}" for most in (5, 4, 3, 2, 1))
    return next((one for one in tries if len(one) <= MOST_TITLE), start[:MOST_TITLE])


def quotes(text: str) -> bool:
    """Say whether somebody quotes what was said before: then his words are about that alone."""
    return _QUOTED.search(_CODE.sub("", text)) is not None


def sentences(text: str) -> Iterator[str]:
    """Give the sentences and lines of what somebody said himself."""
    for part in re.split(r"(?<=[.!?])\s+|\n+", spoken(text)):
        if part.strip():
            yield part.strip()


def references(text: str, url: str = "") -> tuple[str, ...]:
    """Return the keys of tickets and changes that a text names, in its order, each once.

    Args:
        text: what is said.
        url: the address of the ticket that says it; an address counts only where it is of the same place.
    """
    home = _PAGE.sub("", url)
    found = (
        match["page"] if match["page"] and match["home"] == home else match["number"] or match["key"]
        for match in _REFERENCE.finditer(text)
    )
    return tuple(dict.fromkeys(key for key in found if key))


def is_blocked(row: TicketRow) -> str:
    """Return the label or state by which a ticket is marked as blocked; empty without one."""
    return next((said for said in (*row.labels, row.native_state) if BLOCKED.match(said.strip())), "")


def first_date(text: str) -> datetime | None:
    """Return the end of the first day, month, quarter or year that a text names; None without one."""
    found = _DATE.search(text)
    return _date(found) if found else None


def _date(found: re.Match[str]) -> datetime | None:
    try:
        if found["iso"]:
            return datetime.fromisoformat(found["iso"]).replace(tzinfo=UTC)
        if found["quarter"]:
            return _month_end(int(found["y4"]), int(found["quarter"]) * 3)
        if found["y5"]:
            return _month_end(int(found["y5"]), 12)
        if found["m3"]:
            return _month_end(int(found["y3"]), _month(found["m3"]))
        year, month, day = (
            (found["y1"], found["m1"], found["day"]) if found["m1"] else (found["y2"], found["m2"], found["d2"])
        )
        return datetime(int(year), _month(month), int(day), tzinfo=UTC)
    except ValueError:
        return None


def _month(word: str) -> int:
    return MONTHS.index(word[:3].lower()) + 1


def _month_end(year: int, month: int) -> datetime:
    return datetime(year, month, monthrange(year, month)[1], tzinfo=UTC) + timedelta(hours=23)


def each(rows: Iterable[TicketRow], most: int = 12) -> str:
    """Return '#3, #5 and #9', or '#3, … and 4 more'."""
    keys = [mention(row.key) for row in rows]
    if len(keys) > most:
        return f"{', '.join(keys[:most])} and {len(keys) - most} more"
    return " and ".join([", ".join(keys[:-1]), keys[-1]] if len(keys) > 1 else keys)


def some(parts: Sequence[str], most: int = 8) -> str:
    """Return 'a; b; c', or 'a; … and 5 more' where there are more than `most`."""
    more = f" and {len(parts) - most} more" if len(parts) > most else ""
    return "; ".join(parts[:most]) + more


def are(number: int) -> str:
    """Return 'is' for one, 'are' for more."""
    return "is" if number == 1 else "are"
