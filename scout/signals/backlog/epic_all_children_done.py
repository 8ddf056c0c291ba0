"""`epic-all-children-done`: every part of a ticket is closed, and the whole is still open."""

import re
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, TicketState, WorkKind
from scout.signals._base import Example, Expected, Reads, Scout, View
from scout.signals._evidence import at_ticket
from scout.signals._words import counted
from scout.signals.backlog._board import DAY, Board
from scout.signals.backlog._rows import done, linked, said, ticket
from scout.signals.backlog._words import each, headed, mention, name
from scout.warehouse.records import TicketRow

_UNTICKED = re.compile(r"^[^\S\n]*[-*+]\s+\[ \]\s+\S", re.MULTILINE)
_FEWEST = 2
_SETTLED = 14
_PARTS = tuple(done(str(key), f"Part {key}", f"2024-02-0{key}", parent="9") for key in (1, 2, 3))


class EpicAllChildrenDone(Scout):
    """An open ticket whose parts are all closed, at least one of them as done.

    Parts are what the tracker says they are: sub-issues, sub-tasks, children of an epic. There have to be two or more,
    the last one closed at least 14 days ago, and nothing said or done about the whole since. Passed over are wholes
    with a part in another project, with an open box in a task list of their own, and those that are being worked on.

    ## Why it matters
    An epic that is done and open hides what really goes on: plans and reports count it as work to come.

    ## What to do with it
    Close it, or write down what is left as a part of its own.

    ## Severity
    2 with five parts or more, else 1.

    ## Source
    Cohn, Agile Estimating and Planning (2005), on epics and their parts.
    """

    id: ClassVar[str] = "epic-all-children-done"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TICKETS})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.HOUSEKEEPING
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Three parts are done",
            (),
            "2024-03-01",
            (Expected("9", "9"),),
            (*_PARTS, ticket("9", "Move to the new page"), linked("9", "child", "1")),
        ),
        Example(
            "A part is open", (), "2024-03-01", (), (*_PARTS, ticket("4", "Four", parent="9"), ticket("9", "Move"))
        ),
        Example(
            "A part lives in another project",
            (),
            "2024-03-01",
            (),
            (*_PARTS, ticket("9", "Move"), linked("9", "child", "other/one#1", "unstarted")),
        ),
        Example(
            "A box of its own is open",
            (),
            "2024-03-01",
            (),
            (*_PARTS, ticket("9", "Move", body="- [x] one\n- [ ] tell the users")),
        ),
        Example("The last part was closed a week ago", (), "2024-02-10", (), (*_PARTS, ticket("9", "Move"))),
        Example("It is being worked on", (), "2024-03-01", (), (*_PARTS, ticket("9", "Move", state="started"))),
        Example(
            "Somebody said something since",
            (),
            "2024-03-01",
            (),
            (*_PARTS, ticket("9", "Move"), said("9", "2024-02-20", "The announcement is missing.")),
        ),
        Example(
            "All parts were given up",
            (),
            "2024-03-01",
            (),
            (*(part._replace(state="canceled") for part in _PARTS), ticket("9", "Move")),
        ),
        Example("One part only", (), "2024-03-01", (), (_PARTS[0], ticket("9", "Move"))),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each whole whose parts are closed."""
        board = Board(view)
        for row in board.open:
            parts = board.children(row.key)
            if row.state != TicketState.STARTED and _all_done(board, row, parts):
                yield Finding(
                    signal=self.id,
                    subject=row.key,
                    severity=2 if len(parts) >= 5 else 1,  # noqa: PLR2004 as the page says
                    kind=self.kind,
                    story=_story(row, parts),
                    evidence=(
                        at_ticket(row.key, f"open: {name(row)}"),
                        *(at_ticket(part.key, f"{part.state}: {name(part)}") for part in parts[:12]),
                    ),
                    score=min(0.95, 0.7 + len(parts) / 50),
                )


def _all_done(board: Board, row: TicketRow, parts: tuple[TicketRow, ...]) -> bool:
    if len(parts) < _FEWEST or board.foreign_children(row.key) or _UNTICKED.search(row.body):
        return False
    ends = [end for part in parts if (end := board.closed_at(part.key))]
    if len(ends) < len(parts) or all(part.state == TicketState.CANCELED for part in parts):
        return False
    said = max((one.created_at for one in board.comments(row.key) if one.created_at), default=None)
    return board.now - max(ends) >= _SETTLED * DAY and (said is None or said <= max(ends) + DAY)


def _story(row: TicketRow, parts: tuple[TicketRow, ...]) -> Story:
    given_up = sum(part.state == TicketState.CANCELED for part in parts)
    off = f", {counted(given_up, 'part')} of them given up" if given_up else ""
    return Story(
        title=headed(f"Close {mention(row.key)}, whose parts are all closed: ", row),
        current=(
            f"{mention(row.key)} ({name(row)}) is open. All of its {counted(len(parts), 'part')} are closed{off}: "
            f"{each(parts)}. Nobody has said anything about the whole since."
        ),
        why="It is counted as work to come wherever open tickets are planned, reported or forecast.",
        wanted=(
            f"{mention(row.key)} is closed with a word on what came of it; if something is left, it is a ticket of its "
            "own below it."
        ),
        acceptance=(f"{mention(row.key)} is closed, or has an open part.",),
        scope=(mention(row.key),),
        non_goals=("Reopening parts.",),
        risks=("Something that was agreed on and never written down may be left.",),
    )
