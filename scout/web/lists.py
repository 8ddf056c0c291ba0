"""Lists that may be long, a page at a time: pure functions from all there is to what one page shows."""

from collections.abc import Mapping
from urllib.parse import urlencode

from scout.model import Frozen
from scout.service.inbox_line import InboxLine
from scout.service.shelf import Shelf

MOST = 50
"""Lines on a page."""


class Turn(Frozen):
    """Where in a list a page is, and where others are.

    Attributes:
        earlier: address of the page before; empty on the first one.
        later: address of the page after; empty on the last one.
        said: which lines these are, in words.
    """

    earlier: str = ""
    later: str = ""
    said: str = ""


class Inbox(Frozen):
    """What waits for a decision today, and the rest on request.

    Attributes:
        waiting: in the order to decide them.
        total: how many wait that were asked for.
        beyond: how many more wait than today's portion; they are shown with `everything`.
        others: in whatever other state.
        told: what the last act did.
        undo: the candidate whose last decision can be taken back right here.
        only: what the list is restricted to, in words.
    """

    waiting: tuple[InboxLine, ...]
    total: int = 0
    beyond: int = 0
    others: tuple[InboxLine, ...] = ()
    told: str = ""
    undo: str = ""
    everything: bool = True
    turn: Turn = Turn()
    only: str = ""


def inbox(found: Shelf, today: tuple[InboxLine, ...], asked: Mapping[str, str]) -> Inbox:
    """Return what waits, today's portion of it unless all is asked for, and on request the others.

    Args:
        found: all candidates.
        today: today's portion of what waits.
        asked: `everything` for all; `project` and `state` for some of them; `page`, from 1; what was `told`, and whom
            to `undo`.
    """
    project, state = asked.get("project", ""), asked.get("state", "")
    whole = "everything" in asked or bool(project or state)
    waiting = _some(found.waiting, project, state) if whole else today
    others = _some(found.others, project, state) if whole else ()
    start, turn = turned("/inbox", asked, len(waiting) + len(others))
    end = start + MOST
    return Inbox(
        waiting=waiting[start:end],
        total=len(waiting),
        beyond=0 if whole else len(found.waiting) - len(today),
        others=others[max(0, start - len(waiting)) : max(0, end - len(waiting))],
        told=asked.get("told", ""),
        undo=asked.get("undo", ""),
        everything=whole,
        turn=turn,
        only=", ".join(filter(None, (project, state))),
    )


def turned(path: str, asked: Mapping[str, str], count: int) -> tuple[int, Turn]:
    """Return which line a page begins with, from 0, and the ways on; a page that is not there is the last one."""
    given = asked.get("page", "")
    last = max(1, -(-count // MOST))
    page = min(max(1, int(given) if given.isdecimal() and len(given) <= len(str(last)) else 1), last)
    start = (page - 1) * MOST
    if last == 1:
        return start, Turn()
    said = f"{start + 1} to {min(start + MOST, count)} of {count}"
    kept = {name: value for name, value in asked.items() if name in {"everything", "project", "state"}}
    earlier, later = (f"{path}?{urlencode(kept | {'page': str(one)})}" for one in (page - 1, page + 1))
    return start, Turn(earlier=earlier if page > 1 else "", later=later if page < last else "", said=said)


def _some(lines: tuple[InboxLine, ...], project: str, state: str) -> tuple[InboxLine, ...]:
    if not project and not state:
        return lines
    return tuple(one for one in lines if project in {"", one.project} and state in {"", one.state.value})
