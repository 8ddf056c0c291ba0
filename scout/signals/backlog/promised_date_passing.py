"""`promised-date-passing`: the day of a milestone, sprint or ticket is past, and work is open."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Example, Expected, Reads, Scout, View, row
from scout.signals._evidence import at_ticket
from scout.signals._words import counted, title
from scout.signals.backlog._board import DAY, Board
from scout.signals.backlog._rows import done, ticket
from scout.signals.backlog._words import are, each, name, over, some
from scout.warehouse.records import IterationRow, TicketRow

_GRACE = 3
_FRESH = 180
_LATE = tuple(ticket(str(key), f"Page {key}", milestone="2.0", due_at="2024-05-01") for key in (1, 2))


class _Promise(NamedTuple):
    """What was promised for a day that is past: a milestone, or tickets with a day of their own."""

    what: str
    day: datetime
    left: tuple[TicketRow, ...]
    finished: int


class PromisedDatePassing(Scout):
    """An open milestone, sprint or version whose day is past has open tickets; or tickets have a day of their own.

    The day has to be past for 3 days or more. Milestones that are closed and those without open tickets are passed
    over. One finding for each milestone; tickets with their own due day are one finding together.

    ## Why it matters
    Somebody was told that day and waits for it, or plans on it; the tracker still says that it holds.

    ## What to do with it
    Decide for each ticket: move it to a milestone that is to come, drop it, or finish it; then close the milestone.

    ## Severity
    2 while the day is past by half a year at most, else 1.

    ## Source
    Reinertsen, The Principles of Product Development Flow (2009): a late date is cheapest when it is told early.
    """

    id: ClassVar[str] = "promised-date-passing"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TICKETS})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.HOUSEKEEPING
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A milestone is past with two open tickets",
            (),
            "2024-06-01",
            (Expected("2.0", "1"),),
            (
                row(IterationRow, key="1", kind="milestone", name="2.0", state="open", due_at="2024-05-01"),
                *_LATE,
                done("3", "Three", "2024-04-01", milestone="2.0"),
            ),
        ),
        Example(
            "Two tickets have days of their own that are past",
            (),
            "2024-06-01",
            (Expected(".", "1"),),
            (ticket("1", "One", due_at="2024-05-01"), ticket("2", "Two", due_at="2024-04-01")),
        ),
        Example(
            "Closed, to come, without open tickets, without a day, yesterday",
            (),
            "2024-06-01",
            (),
            (
                row(IterationRow, key="1", kind="milestone", name="2.0", state="closed", due_at="2024-05-01"),
                row(IterationRow, key="2", kind="milestone", name="3.0", state="open", due_at="2024-07-01"),
                row(IterationRow, key="3", kind="milestone", name="4.0", state="open", due_at="2024-05-01"),
                row(IterationRow, key="4", kind="milestone", name="5.0", state="open"),
                row(IterationRow, key="5", kind="milestone", name="6.0", state="open", due_at="2024-05-31"),
                *(late._replace(due_at=None) for late in _LATE),
                ticket("7", "Seven", due_at="2024-05-31"),
                ticket("3", "Three", milestone="3.0"),
                done("4", "Four", "2024-04-01", milestone="4.0", due_at="2024-05-01"),
                ticket("5", "Five", milestone="5.0"),
                ticket("6", "Six", milestone="6.0", due_at="2024-05-31"),
            ),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each milestone that is past, and one for tickets' own days."""
        board = Board(view)
        for promise in _promises(board, view):
            days = (view.now - promise.day).days
            yield Finding(
                signal=self.id,
                subject=promise.what or ".",
                identity=f"milestone {promise.what}" if promise.what else "due",
                severity=2 if days <= _FRESH else 1,
                kind=self.kind,
                story=_story(promise, days),
                evidence=tuple(
                    at_ticket(one.key, f"open, due {_day(one, promise)}: {name(one)}") for one in promise.left[:20]
                ),
                score=0.8 if days <= _FRESH else 0.6,
            )


def _promises(board: Board, view: View) -> Iterator[_Promise]:
    iterations = {one.name: one for one in view.core.of(IterationRow) if one.name}
    for label in sorted(iterations):
        one = iterations[label]
        left = tuple(each for each in board.open if each.milestone == label)
        if one.state == "open" and one.due_at and _past(board, one.due_at) and left:
            finished = sum(each.milestone == label for each in board.tickets.values()) - len(left)
            yield _Promise(label, one.due_at, left, finished)
    own = tuple(
        one for one in board.open if one.due_at and _past(board, one.due_at) and one.milestone not in iterations
    )
    if own:
        yield _Promise("", max(one.due_at for one in own if one.due_at), own, 0)


def _past(board: Board, day: datetime) -> bool:
    return board.now - day >= _GRACE * DAY


def _day(one: TicketRow, promise: _Promise) -> str:
    return f"{promise.day if promise.what or one.due_at is None else one.due_at:%Y-%m-%d}"


def _story(promise: _Promise, days: int) -> Story:
    number = len(promise.left)
    if promise.what:
        head = title("Settle what is left of ", promise.what, f", due {promise.day:%Y-%m-%d}")
        rest = (
            f"; {counted(promise.finished, 'other ticket')} of it {are(promise.finished)} closed"
            if promise.finished
            else ""
        )
        current = (
            f"'{promise.what}' was due on {promise.day:%Y-%m-%d}, {days} days ago, and is open with "
            f"{counted(number, 'open ticket')}: {each(promise.left)}{rest}."
        )
    else:
        head = over(f"Settle {counted(number, 'ticket')} whose day is past", promise.left)
        dated = [f"{each([one])} ({one.due_at:%Y-%m-%d})" for one in promise.left if one.due_at]
        current = (
            f"{counted(number, 'ticket').capitalize()} {are(number)} open past the day that "
            f"{'it has' if number == 1 else 'they have'}: "
            f"{some(dated)}."
        )
    return Story(
        title=head,
        current=current,
        why="Whoever was told that day waits for it or plans on it, and the tracker still says that it holds.",
        wanted="Each ticket is finished, dropped, or has a day or milestone that is to come; what is over is closed.",
        acceptance=("No open ticket has a day, or an open milestone, that is past.",),
        scope=tuple(each([one]) for one in promise.left[:12]),
        non_goals=("Doing the work itself.",),
    )
