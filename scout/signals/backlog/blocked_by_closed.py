"""`blocked-by-closed`: a ticket waits for something that is closed."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, TicketState, WorkKind
from scout.signals._base import Example, Expected, Reads, Scout, View
from scout.signals._evidence import at_ticket
from scout.signals.backlog._board import DAY, Board
from scout.signals.backlog._rows import done, linked, said, ticket
from scout.signals.backlog._waiting import named_blockers
from scout.signals.backlog._words import are, each, headed, is_blocked, mention, name, some
from scout.warehouse.records import TicketRow

_SETTLED = 3
_NEWS = 180


class _Freed(NamedTuple):
    """A ticket whose blockers are all closed."""

    row: TicketRow
    blockers: tuple[TicketRow, ...]
    at: datetime
    mark: str


class BlockedByClosed(Scout):
    """An open ticket that is held to be blocked, while everything that it waits for is closed.

    What it waits for: its 'blocked by' and 'depends on' links, and the tickets that a sentence of its text or comments
    names ('blocked by #7'). All of them have to be tickets of this project and closed for 3 days or more. It counts
    when a label or the state still says 'blocked'; without such a mark only when nobody has touched the ticket since
    and the last blocker was closed within 180 days, because later it is known. Work that has started is passed over.

    ## Why it matters
    The ticket could be taken and nobody sees it: ready work lies hidden.

    ## What to do with it
    Take the mark and the link away, or say what else it waits for. Where the blocker was given up, decide whether the
    ticket still makes sense.

    ## Severity
    2 with a mark, else 1.

    ## Source
    Anderson, Kanban (2010), on blocked work and its resolution.
    """

    id: ClassVar[str] = "blocked-by-closed"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TICKETS})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.HOUSEKEEPING
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Marked as blocked, and the blocker is done",
            (),
            "2025-06-01",
            (Expected("2", "2"),),
            (
                done("1", "Buy a printer", "2024-03-01"),
                ticket("2", "Print bills", labels=["blocked"]),
                linked("1", "blocks", "2"),
            ),
        ),
        Example(
            "The text names the blocker, which was given up last month",
            (),
            "2024-04-01",
            (Expected("2", "2"),),
            (
                done("1", "Buy a printer", "2024-03-01", state="canceled"),
                ticket("2", "Print bills", body="Print them.\n\nBlocked by #1."),
            ),
        ),
        Example(
            "One of two blockers is open",
            (),
            "2024-04-01",
            (),
            (
                done("1", "Buy a printer", "2024-03-01"),
                ticket("2", "Print bills", labels=["blocked"]),
                ticket("3", "Buy paper"),
                linked("2", "blocked_by", "1"),
                linked("2", "blocked_by", "3"),
            ),
        ),
        Example(
            "A blocker elsewhere whose state nobody knows",
            (),
            "2024-04-01",
            (),
            (
                done("1", "Buy a printer", "2024-03-01"),
                ticket("2", "Print bills", labels=["blocked"]),
                linked("2", "blocked_by", "1"),
                linked("2", "blocked_by", "other/one#4"),
            ),
        ),
        Example(
            "Without a mark: talked about since, known for a year, started, and freed yesterday",
            (),
            "2025-04-01",
            (),
            (
                done("1", "Buy a printer", "2025-03-01"),
                ticket("2", "Two"),
                linked("2", "blocked_by", "1"),
                said("2", "2025-03-02", "We can go on now."),
                done("3", "Buy paper", "2024-03-01"),
                ticket("4", "Four"),
                linked("4", "blocked_by", "3"),
                ticket("5", "Five", state="started"),
                linked("5", "blocked_by", "1"),
                done("6", "Buy ink", "2025-03-31"),
                ticket("7", "Seven", labels=["blocked"]),
                linked("7", "blocked_by", "6"),
            ),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each ticket that could go on."""
        board = Board(view)
        for row in board.open:
            if row.state != TicketState.STARTED and (freed := _freed(board, row)):
                mark = f"marked '{freed.mark}'" if freed.mark else "not started"
                yield Finding(
                    signal=self.id,
                    subject=row.key,
                    severity=2 if freed.mark else 1,
                    kind=self.kind,
                    story=_story(freed),
                    evidence=(
                        at_ticket(row.key, f"{mark}: {name(row)}"),
                        *(at_ticket(one.key, f"{one.state}: {name(one)}") for one in freed.blockers[:8]),
                    ),
                    score=0.85 if freed.mark else 0.6,
                )


def _freed(board: Board, row: TicketRow) -> _Freed | None:
    keys = dict.fromkeys((*board.blockers(row.key), *named_blockers(board, row)))
    if not keys or any(key not in board.tickets or not board.is_closed(key) for key in keys):
        return None
    ends = [at for key in keys if (at := board.closed_at(key))]
    if len(ends) < len(keys) or board.now - max(ends) < _SETTLED * DAY:
        return None
    at, mark = max(ends), is_blocked(row)
    if not mark and (board.now - at > _NEWS * DAY or board.last_sign(row) > at):
        return None
    return _Freed(row, tuple(board.tickets[key] for key in keys), at, mark)


def _story(freed: _Freed) -> Story:
    row, blockers = freed.row, freed.blockers
    given_up = [one for one in blockers if one.state == TicketState.CANCELED]
    names = some([f"{mention(one.key)} ({name(one, 50)}, {one.state})" for one in blockers])
    here = mention(row.key)
    return Story(
        title=headed(f"Unblock {here}, since {each(blockers, 2)} {are(len(blockers))} closed: ", row),
        current=(
            f"{here} ({name(row)}) is open{f', marked {freed.mark!r},' if freed.mark else ''} and waits for what is "
            f"closed since {freed.at:%Y-%m-%d}: {names}."
        ),
        why="It could be taken up now, and nobody sees it: whoever looks for ready work passes over blocked tickets.",
        wanted=(
            f"{here} is not held to be blocked any more, or says what else it waits for."
            + (
                f" {each(given_up, 4)} {are(len(given_up))} given up: whether {here} still makes sense is decided."
                if given_up
                else ""
            )
        ),
        acceptance=(
            f"{here} has no blocker that is closed" + (f", and is not marked '{freed.mark}'." if freed.mark else "."),
        ),
        scope=(here,),
        non_goals=("Doing the work itself.",),
    )
