"""`starving-backlog`: work is started faster than there is anything left to start."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, TicketState, WorkKind
from scout.signals._base import Example, Expected, NotApplicable, Reads, Scout, View
from scout.signals._evidence import at_ticket, metric
from scout.signals._words import counted
from scout.signals.backlog._board import Board
from scout.signals.backlog._rows import moved, ticket
from scout.signals.backlog._words import each, is_blocked
from scout.warehouse.records import TicketRow

_WEEKS = 8
_AHEAD = 10
_FEWEST_STARTS = 8
_URGENT = 3
_SHORTEST = 40
_WEEKDAYS = 5
_READY_TEXT = "Bills come out of the printer with a number and a date on them."
_BUSY = tuple(
    one
    for place in range(16)
    for one in (
        ticket(str(place + 20), f"Number {place}", state="completed", closed_at=f"2024-05-{place * 2 + 1:02}"),
        moved(str(place + 20), f"2024-05-{place * 2 + 1:02}", "state", "started"),
    )
)


class StarvingBacklog(Scout):
    """Fewer tickets are left that could be started than will be started in the next ten working days.

    Starts are counted from transitions into a started state, or tickets being taken by somebody, over the last eight
    weeks (eight starts or more, in four of the weeks at least or the last three). Left are open tickets that are not
    started, not taken, not marked or linked as blocked, not put off to the backlog's end, no wholes with parts, and
    have 40 characters of text. Those in triage don't count: nobody has decided on them.

    ## Why it matters
    People and agents run out of defined work; what is started then is whatever is at hand.

    ## What to do with it
    Define work: sort what is in triage, complete what lacks text, unblock, split wholes; `scout buffer` says how much.

    ## Severity
    3 when what is left lasts for less than three working days, else 2.

    ## Source
    Hopp and Spearman, Factory Physics (2008), on days of cover.
    """

    id: ClassVar[str] = "starving-backlog"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TICKETS})
    kind: ClassVar[WorkKind] = WorkKind.HOUSEKEEPING
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Sixteen starts in May, three tickets left",
            (),
            "2024-06-01",
            (Expected(".", "tickets that were started in the last eight weeks"),),
            (
                *_BUSY,
                ticket("1", "One", body=_READY_TEXT),
                ticket("2", "Two", body=_READY_TEXT),
                ticket("9", "Nine", body=_READY_TEXT),
                ticket("3", "Three", body=_READY_TEXT, state="triage"),
                ticket("7", "Seven", body=_READY_TEXT),
                ticket("8", "Eight", parent="7"),
                ticket("4", "Four", body=_READY_TEXT, claimed=True),
                ticket("5", "Five", body=_READY_TEXT, labels=["blocked"]),
                ticket("6", "Six"),
            ),
        ),
        Example(
            "Enough is left",
            (),
            "2024-06-01",
            (),
            (*_BUSY, *(ticket(str(key), f"Page {key}", body=_READY_TEXT) for key in range(1, 7))),
        ),
        Example("Five starts are too few to tell", (), "2024-06-01", (), _BUSY[:10]),
        Example("Nothing was started lately", (), "2024-09-01", (), _BUSY),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding when work runs out.

        Raises:
            NotApplicable: the tracker does not tell when work was started.
        """
        board = Board(view)
        if board.tickets and not board.has_transitions:
            message = "nothing tells when tickets were started"
            raise NotApplicable(message)
        pace = _pace(board)
        left = [row for row in board.open if _could_start(board, row)]
        if pace and len(left) < pace.per_day * _AHEAD:
            days = len(left) / pace.per_day
            query = "tickets that were started in the last eight weeks"
            figure = (
                f"{len(pace.starts)} starts, {pace.per_day:.1f} a working day; {len(left)} left, for "
                f"{days:.1f} working days"
            )
            yield Finding(
                signal=self.id,
                subject=".",
                identity="starving",
                severity=3 if days < _URGENT else 2,
                kind=self.kind,
                story=_story(board, pace, left, days),
                evidence=(metric(query, figure), *(at_ticket(row.key, "could be started") for row in left[:15])),
                score=0.8,
            )


class _Pace(NamedTuple):
    """When work was started in the last weeks, and how much of it a working day."""

    starts: tuple[datetime, ...]
    per_day: float


def _pace(board: Board) -> _Pace | None:
    """Return how fast work is started; None where it is too slow or too uneven to tell."""
    since = board.now - timedelta(weeks=_WEEKS)
    first = (_first_start(board, row) for row in board.tickets.values())
    starts = tuple(sorted(at for at in first if at and since <= at < board.now))
    weeks = {(board.now - at).days // 7 for at in starts}
    if len(starts) < _FEWEST_STARTS or (len(weeks) < _WEEKS // 2 and not weeks >= {0, 1, 2}):
        return None
    return _Pace(starts, len(starts) / (_WEEKS * _WEEKDAYS))


def _first_start(board: Board, row: TicketRow) -> datetime | None:
    return next(
        (
            one.at
            for one in board.transitions(row.key)
            if (one.field == "state" and one.after == TicketState.STARTED) or (one.field == "claim" and one.after)
        ),
        None,
    )


def _could_start(board: Board, row: TicketRow) -> bool:
    if row.state != TicketState.UNSTARTED or row.claimed or is_blocked(row) or board.children(row.key):
        return False
    waits = any(not board.is_closed(key) for key in board.blockers(row.key))
    return not waits and len(row.body.strip()) >= _SHORTEST


def _story(board: Board, pace: _Pace, left: list[TicketRow], days: float) -> Story:
    rest = [row for row in board.open if row not in left and row.state != TicketState.STARTED]
    triage = sum(row.state == TicketState.TRIAGE for row in rest)
    bare = sum(len(row.body.strip()) < _SHORTEST for row in rest)
    blocked = sum(
        bool(is_blocked(row)) or any(not board.is_closed(key) for key in board.blockers(row.key)) for row in rest
    )
    return Story(
        title=f"Define more work: what is left lasts for {days:.1f} working days",
        current=(
            f"There are {len(pace.starts)} tickets that were started in the last eight weeks, {pace.per_day:.1f} a "
            "working day. "
            f"{counted(len(left), 'ticket').capitalize()} could be started now{f' ({each(left)})' if left else ''}, "
            "enough for "
            f"{days:.1f} working days. Of the {len(rest)} others that are open and not started, {triage} are "
            "in triage, "
            f"{blocked} blocked, and {bare} have next to no text."
        ),
        why="People and agents run out of defined work within two weeks; what they start then is whatever is at hand.",
        wanted=f"At least {round(pace.per_day * _AHEAD)} tickets could be started: ten working days' worth.",
        acceptance=("`scout buffer` shows ten days of cover or more.",),
        scope=("Tickets in triage, without text, blocked, or too large to be taken.",),
        non_goals=("Starting work to make the figure look better.",),
        size="M",
    )
