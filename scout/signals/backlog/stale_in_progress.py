"""`stale-in-progress`: work was started, and nothing has happened for far longer than work takes here."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import ClassVar

from scout.model import Finding, Story, TicketState, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View
from scout.signals._evidence import at_ticket
from scout.signals._words import counted
from scout.signals.backlog._board import Board, quantile
from scout.signals.backlog._rows import done, moved, said, ticket
from scout.signals.backlog._words import are, each, is_blocked, name, over, references, some
from scout.warehouse.records import TicketRow

_FEWEST_DAYS = 60
_USUAL = 0.9
_FEWEST_DONE = 10
_HISTORY = tuple(
    one
    for key in range(20, 32)
    for one in (
        done(str(key), f"Number {key}", "2024-01-20"),
        moved(str(key), "2024-01-10", "state", "started"),
        moved(str(key), "2024-01-20", "state", "completed"),
    )
)


class StaleInProgress(Scout):
    """Tickets that are in progress, while nobody has moved them, said anything or committed for them for long.

    Long is longer than nine in ten finished tickets of this project took from start to end (from creation, where fewer
    than ten starts are known), and 60 days at least. With fewer than ten finished tickets nothing can be told. A commit
    whose first line names the ticket is a sign of life, and so is every reference that the tracker shows. Tickets that
    are marked as blocked or on hold are passed over, and wholes with parts. All of a project are one finding.

    ## Why it matters
    What is in progress looks taken: nobody else takes it up, and everybody who waits for it believes that it is coming.

    ## What to do with it
    Ask in the ticket whether it goes on; if not, put it back and write down what is there.

    ## Severity
    2 with three tickets or more, else 1.

    ## Source
    Vacanti, Actionable Agile Metrics for Predictability (2015), on the age of work in progress.
    """

    id: ClassVar[str] = "stale-in-progress"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TICKETS})
    kind: ClassVar[WorkKind] = WorkKind.HOUSEKEEPING
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Two tickets have not moved for months; work takes ten days here",
            (),
            "2024-06-01",
            (Expected(".", "1"),),
            (
                *_HISTORY,
                ticket("1", "One", state="started", native_state="In Progress"),
                moved("1", "2024-01-05", "state", "started"),
                ticket("2", "Two", state="started", native_state="In Review"),
                moved("2", "2024-02-05", "state", "started"),
            ),
        ),
        Example(
            "Talked about, moved, on hold, a whole with parts, and not started",
            (),
            "2024-06-01",
            (),
            (
                *_HISTORY,
                ticket("1", "One", state="started"),
                said("1", "2024-05-01", "Half is done."),
                ticket("2", "Two", state="started"),
                moved("2", "2024-05-01", "state", "started"),
                ticket("3", "Three", state="started", labels=["on hold"]),
                ticket("4", "Four", state="started"),
                ticket("5", "Five", parent="4"),
                ticket("6", "Six"),
            ),
        ),
        Example(
            "A commit names it",
            (Commit("2024-05-15", {"a.py": "a = 1\n"}, "Print bills (APP-1)"),),
            "2024-06-01",
            (),
            (*_HISTORY, ticket("APP-1", "One", state="started")),
        ),
        Example(
            "Work takes a year here",
            (),
            "2024-06-01",
            (),
            (
                *(done(str(key), f"Number {key}", "2024-01-20", created_at="2023-01-10") for key in range(20, 32)),
                ticket("1", "One", state="started"),
            ),
        ),
        Example("Too little was finished to tell", (), "2024-06-01", (), (ticket("1", "One", state="started"),)),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for all work that has come to a stop."""
        board = Board(view)
        if len(board.cycle_days) < _FEWEST_DONE:
            return
        usual = quantile(board.cycle_days, _USUAL)
        least = max(_FEWEST_DAYS, usual)
        named = _named(view)
        found = [row for row in board.open if _is_going(board, row) and _silent(board, row, named) > least]
        if found:
            yield Finding(
                signal=self.id,
                subject=".",
                identity="in progress",
                severity=2 if len(found) >= 3 else 1,  # noqa: PLR2004 as the page says
                kind=self.kind,
                story=_story(board, found, usual),
                evidence=tuple(
                    at_ticket(
                        row.key,
                        f"{row.native_state or row.state}, last sign {board.last_sign(row):%Y-%m-%d}: {name(row)}",
                    )
                    for row in found[:20]
                ),
                score=min(0.9, 0.65 + len(found) / 50),
            )


def _is_going(board: Board, row: TicketRow) -> bool:
    return row.state == TicketState.STARTED and not is_blocked(row) and not board.children(row.key)


def _silent(board: Board, row: TicketRow, named: Mapping[str, datetime]) -> int:
    commit = named.get(row.key)
    return min(board.silent_days(row), (board.now - commit).days) if commit else board.silent_days(row)


def _named(view: View) -> Mapping[str, datetime]:
    """Return when commits of the default branch last named a ticket in their first line."""
    found: dict[str, datetime] = {}
    for change in view.history.changes if view.checkout else ():
        for key in references(f"{change.subject} {change.title}"):
            if change.at <= view.now:
                found[key] = max(change.at, found.get(key, change.at))
    return found


def _story(board: Board, found: list[TicketRow], usual: float) -> Story:
    number = len(found)
    rows = [
        f"{each([row])} ({name(row, 45)}, {row.native_state or 'started'}, silent for {board.silent_days(row)} days)"
        for row in found
    ]
    return Story(
        title=over(f"Take up or put back {counted(number, 'ticket')} in progress", found),
        current=(
            f"{counted(number, 'ticket').capitalize()} {are(number)} in progress with no sign of it: {some(rows)}. "
            f"Nine in ten finished tickets took {round(usual)} days at most here."
        ),
        why="What is in progress looks taken: nobody else takes it up, and whoever waits for it believes that "
        "it is coming.",
        wanted="Each goes on, or is back among the tickets that can be taken, with a note on what is there already.",
        acceptance=tuple(f"{each([row])} has a new sign of work, or is not in progress." for row in found[:8]),
        scope=tuple(each([row]) for row in found[:12]),
        non_goals=("Finishing the work.", "Asking who is slow: what counts is that the ticket can be taken again."),
    )
