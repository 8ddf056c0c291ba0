"""What a ticket waits for, by links and by what was said."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from scout.signals.backlog._board import Board
from scout.signals.backlog._words import first_date, references, sentences
from scout.warehouse.records import TicketRow

_ON = re.compile(
    r"\b(?:blocked|blocking|stalled|held up|on hold|put on hold|wait(?:s|ing)?|depend(?:s|ent|ing)?|pending"
    r"|postponed|deferred)\b"
    r"[\s:,-]*(?:by|on|for|until|till|because|due to|as|behind|pending)\b\s*\S|\b(?:needs?|requires?|after|once"
    r"|until|prerequisite)\b\s+\S",
    re.IGNORECASE,
)
"""A clause that says on what something waits."""

_NAMED = re.compile(
    r"^(?:\W|\b(?:this|it|the|is|now|currently|also|still|status|issue|ticket|task|work|state)\b)*"
    r"(?:blocked (?:by|on)|depends on|waiting (?:for|on)|on hold (?:until|for)|requires"
    r"|is blocked by)\s*:?\s*(?P<rest>.*)",
    re.IGNORECASE,
)
"""A sentence that begins by saying on what this ticket waits."""

_UNTIL = re.compile(
    r"\b(?:wait(?:ing)?|blocked|on hold|hold(?:ing)?(?: off)?|postponed?|deferr?e?d?|snoozed?|parked|pause[ds]?"
    r"|revisit(?:ed)?"
    r"|come back(?: to (?:this|it))?|look (?:at (?:this|it) )?again|check(?: back| again)?|resume[ds]?"
    r"|reconsider(?:ed)?|delay(?:ed)?)\b"
    r"[^.;?!]{0,40}?\b(?:until|till|to|in|on|after|by|from)\s+(?:the\s+)?(?P<when>(?:(?:early|mid|late|end of"
    r"|beginning of)[\s-]+)?"
    r"(?:20\d\d-\d|\d{1,2}|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|Q[1-4]|20\d\d)[^;?!]*)",
    re.IGNORECASE,
)
"""An intention with a date."""


class Until(NamedTuple):
    """Until when somebody said that a ticket is to wait.

    Attributes:
        day: the end of the day or month that was named.
        sentence: how it was said.
        at: when it was said.
    """

    day: datetime
    sentence: str
    at: datetime | None


def says_on_what(board: Board, row: TicketRow) -> bool:
    """Say whether anything tells on what a ticket waits: a link, a ticket named, an address, or a clause."""
    if board.blockers(row.key) or board.links(row.key):
        return True
    texts = [row.body, *(one.body for one in board.comments(row.key))]
    return any(
        _ON.search(sentence) or "http" in sentence or references(sentence, row.url)
        for text in texts
        for sentence in sentences(text)
    )


def named_blockers(board: Board, row: TicketRow) -> tuple[str, ...]:
    """Return the keys that a ticket's text or comments name as what it waits for, in their order."""
    texts = [row.body, *(one.body for one in board.comments(row.key))]
    found = (
        key
        for text in texts
        for sentence in sentences(text)
        if (clause := _NAMED.match(sentence))
        for key in references(clause["rest"], row.url)[:3]
        if key != row.key
    )
    return tuple(dict.fromkeys(found))


def until(board: Board, row: TicketRow) -> Until | None:
    """Return the last intention with a date that was said about a ticket; None without one."""
    said = [(row.body, row.created_at), *((one.body, one.created_at) for one in board.comments(row.key))]
    found = [one for text, at in said for one in _intentions(text, at)]
    return found[-1] if found else None


def _intentions(text: str, at: datetime | None) -> Iterator[Until]:
    for sentence in sentences(text):
        match = _UNTIL.search(sentence)
        if match and (day := first_date(match["when"][:30])) and (at is None or day > at):
            yield Until(day, sentence, at)
