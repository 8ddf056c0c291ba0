"""`recurring-request`: the same is asked for again and again, and nobody has decided."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from scout.model import Finding, Story, TicketState, WorkKind
from scout.signals._base import Example, Expected, Reads, Scout, View
from scout.signals._evidence import at_ticket
from scout.signals._words import counted
from scout.signals.backlog._board import DAY, Board, natural
from scout.signals.backlog._rows import crowd, linked, ticket
from scout.signals.backlog._same import alike, clusters, declared
from scout.signals.backlog._words import each, headed, mention, name
from scout.warehouse.records import TicketRow

_FEWEST = 3
_RECENT = 365
_MOST = 5000
_ASKED = (
    ticket("1", "Dark colours", author="p1"),
    ticket("2", "Night mode", author="p2", state="canceled", closed_at="2024-02-02"),
    ticket("3", "Black background", author="p3", state="canceled", closed_at="2024-03-02", created_at="2024-03-01"),
    linked("2", "duplicates", "1"),
    linked("3", "duplicates", "1"),
)


class RecurringRequest(Scout):
    """Three tickets or more, under whatever names, ask for the same; one is open, and the last came within a year.

    Tickets hang together by links that say 'duplicate' and by their words (see `duplicate-tickets`), closed ones
    included; of larger trackers the newest 5,000 are compared. They have to come from two people or more, where the
    tracker says that. Work that has started and tickets of a milestone are passed over: they have been decided on.

    ## Why it matters
    What many ask for under different names counts little each time; together it is among the most wanted.

    ## What to do with it
    Decide: plan it, or say no in one place where the next who asks will find it.

    ## Severity
    2 from five requests on, else 1.

    ## Source
    Runeson et al., Detection of Duplicate Defect Reports Using Natural Language Processing (ICSE 2007).
    """

    id: ClassVar[str] = "recurring-request"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TICKETS})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.HOUSEKEEPING
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Asked for three times", (), "2024-06-01", (Expected("1", "1"),), _ASKED),
        Example(
            "Asked for three times in nearly the same words",
            (),
            "2024-06-01",
            (Expected("1", "1"),),
            (
                *crowd(12),
                *(
                    ticket(
                        str(key),
                        f"Dark colours for the reading window{' please' * key}",
                        author=f"p{key}",
                        body=f"White light hurts eyes at night: give dark colours to the reading window ({key} lamps).",
                    )
                    for key in (1, 2, 3)
                ),
            ),
        ),
        Example("Asked for twice", (), "2024-06-01", (), (*_ASKED[:2], *_ASKED[3:4])),
        Example(
            "All by one person",
            (),
            "2024-06-01",
            (),
            tuple(one._replace(author="p1") if isinstance(one, TicketRow) else one for one in _ASKED),
        ),
        Example("The last one came two years ago", (), "2026-06-01", (), _ASKED),
        Example("It is planned", (), "2024-06-01", (), (_ASKED[0]._replace(milestone="2.0"), *_ASKED[1:])),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each request that repeats."""
        board = Board(view)
        rows = sorted(board.tickets.values(), key=lambda row: (row.created_at or board.now, natural(row.key)))[-_MOST:]
        pairs = [(row.key, other.key) for row in rows if (other := declared(board, row))]
        pairs += [(one.key, other.key) for one, other, _ in alike(board, rows)]
        for group in clusters(pairs):
            asked = [board.tickets[key] for key in group]
            kept = _undecided(board, asked)
            if kept:
                others = sorted((row for row in asked if row.key != kept.key), key=lambda row: natural(row.key))
                yield Finding(
                    signal=self.id,
                    subject=kept.key,
                    identity=f"request {kept.key}",
                    severity=2 if len(asked) >= 5 else 1,  # noqa: PLR2004 as the page says
                    kind=self.kind,
                    story=_story(board, kept, others),
                    evidence=(
                        at_ticket(kept.key, f"open: {name(kept)}"),
                        *(at_ticket(one.key, f"{one.state}: {name(one)}") for one in others[:12]),
                    ),
                    score=min(0.9, 0.6 + len(asked) / 20),
                )


def _undecided(board: Board, asked: list[TicketRow]) -> TicketRow | None:
    """Return the open ticket of a request that repeats, where nobody has decided on it yet."""
    authors = {row.author for row in asked if row.author}
    newest = max((row.created_at for row in asked if row.created_at), default=None)
    left = [row for row in asked if TicketState(row.state).is_open]
    decided = any(row.milestone or row.state in {TicketState.STARTED, TicketState.COMPLETED} for row in asked)
    if len(asked) < _FEWEST or len(authors) == 1 or newest is None or not left or decided:
        return None
    return left[0] if board.now - newest <= _RECENT * DAY else None


def _newest(rows: list[TicketRow]) -> datetime | None:
    return max((row.created_at for row in rows if row.created_at), default=None)


def _story(board: Board, kept: TicketRow, others: list[TicketRow]) -> Story:
    here, number = mention(kept.key), len(others) + 1
    newest = _newest([kept, *others])
    voices = len({row.author for row in (kept, *others) if row.author})
    said = sum(len(board.comments(row.key)) for row in (kept, *others))
    return Story(
        title=headed(f"Decide on {here}, asked for {number} times: ", kept),
        current=(
            f"{here} ({name(kept)}) is open and planned nowhere. {counted(len(others), 'other ticket').capitalize()} "
            f"{'asks' if len(others) == 1 else 'ask'} for the same: {each(others)}"
            f"{f', the last on {newest:%Y-%m-%d}' if newest else ''}. {counted(voices, 'person')} asked; "
            f"there are {counted(said, 'comment')}."
        ).replace("persons", "people"),
        why="Each counts little alone; together it is among what is most asked for, and the next who asks "
        "finds no answer.",
        wanted=f"{here} is planned, or closed with the reason, so that the next who asks finds it; the others "
        "point there.",
        acceptance=(f"{here} has a milestone or is closed with a reason.",),
        scope=(here, *(mention(one.key) for one in others[:8])),
        non_goals=("Doing the work itself.",),
    )
