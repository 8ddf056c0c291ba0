"""`blocked-without-reason`: tickets are marked as blocked, and nothing says on what."""

from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Example, Expected, Reads, Scout, View
from scout.signals._evidence import at_ticket
from scout.signals._words import counted
from scout.signals.backlog._board import DAY, Board
from scout.signals.backlog._rows import linked, moved, said, ticket
from scout.signals.backlog._waiting import says_on_what
from scout.signals.backlog._words import are, each, is_blocked, name, over, some
from scout.warehouse.records import TicketRow

_SETTLED = 7


class BlockedWithoutReason(Scout):
    """Open tickets that a label or their state marks as blocked, on hold or stalled, while nothing says on what.

    What says it: a link to any other ticket or change, a ticket named in text or comments, an address, or a clause such
    as 'waiting for …', 'depends on …', 'needs …', 'until …'. The mark has to stand for 7 days or more, as far as the
    tracker tells. Labels that name what is waited for ('waiting for author') say it themselves. All tickets of a
    project are one finding.

    ## Why it matters
    Nobody can see when such a ticket may go on, so nobody looks, and it waits for ever.

    ## What to do with it
    Link what blocks it, or write a sentence about it with a date to look again; take the mark off where nothing does.

    ## Severity
    2 with three tickets or more, else 1.

    ## Source
    Allen, Getting Things Done (2001): what waits has to say on what.
    """

    id: ClassVar[str] = "blocked-without-reason"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TICKETS})
    kind: ClassVar[WorkKind] = WorkKind.HOUSEKEEPING
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Two tickets are blocked, by label and by state",
            (),
            "2024-06-01",
            (Expected(".", "1"),),
            (
                ticket("1", "Print labels", labels=["blocked"], body="Print labels for parcels."),
                ticket("2", "Print bills", native_state="On Hold"),
                moved("2", "2024-03-01", "state", "backlog"),
            ),
        ),
        Example(
            "Links, clauses, addresses and keys say on what; a blocker is not blocked",
            (),
            "2024-06-01",
            (),
            (
                ticket("1", "One", labels=["blocked"]),
                linked("1", "blocked_by", "7"),
                ticket("2", "Two", labels=["blocked"], body="Waiting for the new printer."),
                ticket("3", "Three", labels=["blocked"]),
                said("3", "2024-02-01", "See #1 first."),
                ticket("4", "Four", labels=["status: blocked"], body="https://example.org/printer"),
                ticket("5", "Five", labels=["blocker"]),
                ticket("6", "Six", labels=["waiting for author"]),
                ticket("8", "Eight", labels=["blocked"], state="completed"),
            ),
        ),
        Example(
            "Marked two days ago",
            (),
            "2024-06-01",
            (),
            (ticket("1", "One", labels=["blocked"]), moved("1", "2024-05-30", "label", "blocked")),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for all tickets that are blocked on nobody knows what."""
        board = Board(view)
        found = [row for row in board.open if is_blocked(row) and _settled(board, row) and not says_on_what(board, row)]
        if found:
            yield Finding(
                signal=self.id,
                subject=".",
                identity="blocked",
                severity=2 if len(found) >= 3 else 1,  # noqa: PLR2004 as the page says
                kind=self.kind,
                story=_story(found),
                evidence=tuple(at_ticket(row.key, f"marked '{is_blocked(row)}': {name(row)}") for row in found[:20]),
                score=min(0.9, 0.6 + len(found) / 20),
            )


def _settled(board: Board, row: TicketRow) -> bool:
    mark = is_blocked(row)
    marked = [one.at for one in board.transitions(row.key) if mark in {one.after, one.native_after} and one.at]
    since = marked[-1] if marked else row.created_at
    return since is None or board.now - since >= _SETTLED * DAY


def _story(found: list[TicketRow]) -> Story:
    number = len(found)
    names = some([f"{each([row])} ({name(row, 50)}), marked '{is_blocked(row)}'" for row in found])
    return Story(
        title=over(f"Say on what {counted(number, 'blocked ticket')} wait{'s' if number == 1 else ''}", found),
        current=(
            f"{counted(number, 'ticket').capitalize()} {are(number)} marked as blocked, and no link, comment "
            "or text says "
            f"on what: {names}."
        ),
        why="Nobody can see when they may go on, so nobody looks again, and whoever needs them waits without end.",
        wanted="Each links or names what blocks it and when to look again; where nothing does, the mark is gone.",
        acceptance=tuple(f"{each([row])} names what it waits for, or is not marked any more." for row in found[:8]),
        scope=tuple(each([row]) for row in found[:12]),
        non_goals=("Doing the blocked work.",),
    )
