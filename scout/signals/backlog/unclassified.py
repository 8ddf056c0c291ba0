"""`unclassified`: tickets without a kind of work, or with two, where the project does sort its tickets."""

import re
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, TicketState, WorkKind
from scout.signals._base import Example, Expected, Reads, Scout, View
from scout.signals._evidence import at_ticket
from scout.signals._words import counted
from scout.signals.backlog._board import DAY, Board, quantile
from scout.signals.backlog._rows import crowd, ticket
from scout.signals.backlog._words import are, each, name, over
from scout.warehouse.records import TicketRow

_PREFIX = re.compile(r"^(?:type|kind|category|t|k)\s*[:/=-]\s*(.+)$", re.IGNORECASE)
_EXCLUSIVE = re.compile(
    r"^(?:bug|defect|feature|feature request|enhancement|question|support|documentation|docs)$", re.IGNORECASE
)
_SAME = {
    "defect": "bug",
    "feature request": "feature",
    "enhancement": "feature",
    "support": "question",
    "docs": "documentation",
}
_YEAR = 365
_GRACE = 30
_FEWEST = 3
_FEWEST_SORTED = 20
_HABIT = 0.8


class Unclassified(Scout):
    """Open tickets that have no kind of work, or two that exclude each other, in a project that sorts its tickets.

    The kind is the tracker's type, or a label that means bug, feature, documentation, tests or chore. The project sorts
    its tickets when at least 80 % of those of the last 365 days that are older than 30 days have one (20 or more; the
    whole history where that is less). Tickets that are younger than 30 days, questions and labels with another type
    prefix are passed over. All of a project are one finding, of three tickets or more, in a grown backlog (ten open
    tickets, 90 days).

    ## Why it matters
    What has no kind is on nobody's list: neither among defects nor among wishes.

    ## What to do with it
    Give each one kind; close what is neither.

    ## Severity
    1.

    ## Source
    Herzig et al., It's Not a Bug, It's a Feature (ICSE 2013), on what wrong classes cost.
    """

    id: ClassVar[str] = "unclassified"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TICKETS})
    kind: ClassVar[WorkKind] = WorkKind.HOUSEKEEPING
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Two tickets of 28 have no kind, one has two",
            (),
            "2024-06-01",
            (Expected(".", "1"),),
            (
                *crowd(25, kind="bug", labels=["bug"]),
                ticket("1", "One"),
                ticket("2", "Two", labels=["ui"]),
                ticket("3", "Three", kind="bug", labels=["bug", "enhancement"]),
            ),
        ),
        Example(
            "Sorting is no habit here",
            (),
            "2024-06-01",
            (),
            (*crowd(25, kind="bug"), *(ticket(str(key), f"Number {key}") for key in range(1, 9))),
        ),
        Example(
            "New tickets, questions, other types by prefix, equal kinds, started ones, and only two",
            (),
            "2024-06-01",
            (),
            (
                *crowd(30, kind="bug"),
                ticket("1", "One", created_at="2024-05-20"),
                ticket("2", "Two", labels=["question"]),
                ticket("3", "Three", labels=["type: research"]),
                ticket("4", "Four", kind="feature", labels=["enhancement", "feature"]),
                ticket("5", "Five", state="started"),
                ticket("6", "Six"),
                ticket("7", "Seven"),
                ticket("8", "Eight", native_kind="Epic"),
            ),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for all tickets without one kind."""
        board = Board(view)
        if not board.grown or not _sorts(board):
            return
        old = [row for row in board.open if row.created_at and board.now - row.created_at >= _GRACE * DAY]
        none = [row for row in old if not _kinds(row) and row.state != TicketState.STARTED]
        two = [row for row in old if len(_kinds(row)) > 1]
        if len(none) + len(two) >= _FEWEST:
            yield Finding(
                signal=self.id,
                subject=".",
                identity="kind",
                severity=1,
                kind=self.kind,
                story=_story(none, two),
                evidence=(
                    *(at_ticket(row.key, f"no kind: {name(row)}") for row in none[:20]),
                    *(at_ticket(row.key, f"{' and '.join(_kinds(row))}: {name(row)}") for row in two[:10]),
                ),
                score=0.6,
            )


def _kinds(row: TicketRow) -> tuple[str, ...]:
    """Return the kinds that a ticket has, by its type, its labels, or both."""
    prefixed = [found[1].lower() for label in row.labels if (found := _PREFIX.match(label.strip()))]
    plain = [label.strip().lower() for label in row.labels if _EXCLUSIVE.match(label.strip())]
    named = sorted({_SAME.get(word, word) for word in (*prefixed, *plain)})
    if len(named) > 1 and "documentation" in named:
        named.remove("documentation")
    return tuple(named) or tuple(word for word in (row.native_kind or row.kind or "",) if word)


def _sorts(board: Board) -> bool:
    aged = [row for row in board.tickets.values() if row.created_at and board.now - row.created_at >= _GRACE * DAY]
    recent = [row for row in aged if row.created_at and board.now - row.created_at <= _YEAR * DAY]
    basis = recent if len(recent) >= _FEWEST_SORTED else aged
    with_kind = tuple(sorted(float(bool(_kinds(row))) for row in basis))
    return len(basis) >= _FEWEST_SORTED and quantile(with_kind, 1 - _HABIT) == 1


def _story(none: list[TicketRow], two: list[TicketRow]) -> Story:
    rows = [*none, *two]
    number = len(rows)
    parts = [f"{each(none, 15)} {'has' if len(none) == 1 else 'have'} no kind of work"] if none else []
    parts += [f"{each(two, 15)} {'has' if len(two) == 1 else 'have'} two that exclude each other"] if two else []
    return Story(
        title=over(f"Give {counted(number, 'ticket')} one kind of work", rows),
        current=f"{counted(number, 'open ticket').capitalize()} {are(number)} not sorted: {'; '.join(parts)}. The "
        "others are.",
        why="What has no kind is on nobody's list: whoever looks for defects or wishes does not see it.",
        wanted="Each has one kind, or is closed.",
        acceptance=("A search for open tickets without a kind of work that are older than a month finds none.",),
        scope=tuple(each([row]) for row in rows[:12]),
        non_goals=("Deciding on priorities.",),
    )
