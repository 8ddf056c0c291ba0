"""`waiting-past-date`: a ticket was to wait until a day that is past."""

from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, TicketState, WorkKind
from scout.signals._base import Example, Expected, Reads, Scout, View
from scout.signals._evidence import at_ticket
from scout.signals.backlog._board import DAY, Board
from scout.signals.backlog._rows import said, ticket
from scout.signals.backlog._waiting import Until, until
from scout.signals.backlog._words import headed, mention, name
from scout.warehouse.records import TicketRow

_GRACE = 7


class WaitingPastDate(Scout):
    """Somebody said that an open ticket is to wait until a day, month or quarter, which is over, and nobody came back.

    The last such sentence of text and comments counts: 'on hold until March 2025', 'postponed to 2025-03-01', 'revisit
    in Q2 2025'. The time has to be over for 7 days, with no doing or saying of people since. Started work is passed
    over.

    ## Why it matters
    What was put off on purpose was meant to be taken up again; the day has passed without anybody noticing.

    ## What to do with it
    Take it up, name another day, or close it.

    ## Severity
    2 within half a year after the day, else 1.

    ## Source
    Allen, Getting Things Done (2001), on the tickler file.
    """

    id: ClassVar[str] = "waiting-past-date"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TICKETS})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.HOUSEKEEPING
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Put on hold until a month that is over",
            (),
            "2024-06-01",
            (Expected("1", "1"),),
            (ticket("1", "Print bills"), said("1", "2024-02-01", "Let's put this on hold until April 2024.")),
        ),
        Example(
            "Postponed to a day that is over, in the text",
            (),
            "2024-06-01",
            (Expected("1", "1"),),
            (ticket("1", "Print bills", body="Postponed to 2024-03-01."),),
        ),
        Example(
            "The time is not over, people came back, it was put off again, dates without waiting, quotations, started",
            (),
            "2024-06-01",
            (),
            (
                ticket("1", "One", body="On hold until June 2024."),
                ticket("2", "Two", body="On hold until March 2024."),
                said("2", "2024-04-02", "Working on it."),
                ticket("3", "Three", body="On hold until March 2024."),
                said("3", "2024-02-02", "Let us revisit this in Q4 2024."),
                ticket("4", "Four", body="This came with the release in March 2024."),
                ticket("5", "Five", body="> On hold until March 2024."),
                ticket("6", "Six", body="On hold until March 2024.", state="started"),
                ticket("7", "Seven", body="On hold until 30 May 2024."),
            ),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each ticket whose time is over."""
        board = Board(view)
        for row in board.open:
            end = until(board, row) if row.state != TicketState.STARTED else None
            if end and board.now - end.day >= _GRACE * DAY and board.last_sign(row) <= end.day:
                days = (board.now - end.day).days
                yield Finding(
                    signal=self.id,
                    subject=row.key,
                    severity=2 if days <= 183 else 1,  # noqa: PLR2004 as the page says
                    kind=self.kind,
                    story=_story(row, end, days),
                    evidence=(at_ticket(row.key, f"to wait until {end.day:%Y-%m-%d}: {name(row)}"),),
                    score=0.8,
                )


def _story(row: TicketRow, end: Until, days: int) -> Story:
    here = mention(row.key)
    when = f" on {end.at:%Y-%m-%d}" if end.at else ""
    return Story(
        title=headed(f"Take up {here} again, which was to wait until {end.day:%Y-%m-%d}: ", row),
        current=(
            f"{here} ({name(row)}) was put off{when} until {end.day:%Y-%m-%d}, {days} days ago. Nobody has "
            "done or said "
            "anything about it since."
        ),
        why="It was put off on purpose, not given up; its day has passed without anybody noticing.",
        wanted=f"{here} is taken up, closed, or put off to another day with the reason.",
        acceptance=(f"{here} is started or closed, or names a day that is to come.",),
        scope=(here,),
        non_goals=("Doing the work itself.",),
    )
