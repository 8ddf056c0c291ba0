"""`duplicate-tickets`: two open tickets ask for the same."""

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, TicketState, WorkKind
from scout.signals._base import Example, Expected, Reads, Scout, View
from scout.signals._evidence import at_ticket
from scout.signals._words import title
from scout.signals.backlog._board import Board, natural
from scout.signals.backlog._rows import crowd, done, linked, said, ticket
from scout.signals.backlog._same import alike, clusters, declared
from scout.signals.backlog._words import each, headed, mention, name, some
from scout.warehouse.records import TicketRow

_TEXT = "The printer spools the page and stops after the second sheet with a paper jam although the tray is empty."
_PAIR = (
    ticket("1", "Printer stops after the second sheet", body=_TEXT),
    ticket("2", "Printer stops after the second sheet with jam", body=_TEXT + " It blinks."),
)


class _Same(NamedTuple):
    """Tickets that ask for the same: the one to keep, the others, how that is known, and how surely, 0..1."""

    kept: TicketRow
    others: tuple[TicketRow, ...]
    how: str
    score: float


class DuplicateTickets(Scout):
    """Open tickets that ask for the same as another of their project: a link says so, or their words do.

    By link: an open ticket that is marked as a duplicate, unless a comment denies it. By words, without a model: titles
    that are equal, or one of which holds the other, and texts that agree, weighted by how rare words are in the
    project; lines that many tickets share (templates), code and quotations don't count. Another platform, number or
    version is another ticket. Passed over are pairs that are linked in any way, that name each other, that are parts of
    the same whole, that one person wrote within a day under different titles, and started work. Tickets that hang
    together are one finding.

    ## Why it matters
    Two people may do the same work, or one of the two is done and the other goes on being planned; what is known is
    spread over both.

    ## What to do with it
    Close all but one as duplicates; take what the others know into it.

    ## Severity
    2 where a link says so, else 1.

    ## Source
    Salton and Buckley (1988) for the weights; Runeson et al., Detection of Duplicate Defect Reports
    Using Natural Language Processing (ICSE 2007).
    """

    id: ClassVar[str] = "duplicate-tickets"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TICKETS})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.HOUSEKEEPING
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Two tickets say the same in nearly the same words",
            (),
            "2024-06-01",
            (Expected("1", "2"),),
            (*crowd(12), *_PAIR),
        ),
        Example(
            "A comment declares the duplicate, which is open",
            (),
            "2024-06-01",
            (Expected("1", "7"),),
            (*crowd(3), ticket("1", "Print bills"), ticket("7", "Bills on paper"), linked("7", "duplicates", "1")),
        ),
        Example(
            "Another platform, another number, linked, named in a comment, parts of one, a closed one, a "
            "family of titles",
            (),
            "2024-06-01",
            (),
            (
                *crowd(12),
                ticket("1", "Android: printer stops after the second sheet", body=_TEXT),
                ticket("2", "Printer stops after the second sheet", body=_TEXT),
                ticket("3", "Scanner hangs with resolution 300 in colour", body=_TEXT.replace("printer", "scanner")),
                ticket("4", "Scanner hangs with resolution 600 in colour", body=_TEXT.replace("printer", "scanner")),
                ticket("5", "Plotter draws every circle twice at night", body="It draws them twice when it is dark."),
                ticket("6", "Plotter draws every circle twice at night", body="It draws them twice when it is dark."),
                linked("5", "relates", "6"),
                ticket("7", "Keyboard loses letters in long words", body="Letters get lost when words are long."),
                ticket("8", "Keyboard loses letters in long words", body="Letters get lost when words are long."),
                said("8", "2024-02-01", "See also #7."),
                ticket("9", "Mouse wheel scrolls backwards sometimes", body="It scrolls backwards.", parent="90"),
                ticket("10", "Mouse wheel scrolls backwards sometimes", body="It scrolls backwards.", parent="90"),
                ticket("11", "Screen flickers while the sun shines", body="It flickers a lot in summer."),
                done("12", "Screen flickers while the sun shines", "2024-02-02", body="It flickers a lot in summer."),
                ticket("15", "Lamp glows in the hall at noon", body="It glows in the hall at noon.", author="p1"),
                ticket("16", "Lamp glows in the hall at noon too", body="It glows in the hall at noon.", author="p1"),
                ticket("13", "Describe the left door", body="Describe how the door is used, with a picture of it."),
                ticket("14", "Describe the right door", body="Describe how the door is used, with a picture of it."),
            ),
        ),
        Example(
            "A duplicate that was denied, and one that is closed",
            (),
            "2024-06-01",
            (),
            (
                ticket("1", "Print bills"),
                ticket("7", "Bills on paper"),
                linked("7", "duplicates", "1"),
                said("7", "2024-02-01", "This is not a duplicate: it is about paper."),
                done("8", "Paper bills", "2024-02-02"),
                linked("8", "duplicates", "1"),
            ),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each group of tickets that ask for the same."""
        board = Board(view)
        for same in (*_declared(board), *_alike(board)):
            yield Finding(
                signal=self.id,
                subject=same.kept.key,
                identity=f"same as {same.kept.key}",
                severity=2 if same.how == _BY_LINK else 1,
                kind=self.kind,
                story=_story(same),
                evidence=(
                    *(at_ticket(one.key, f"open: {name(one)}") for one in same.others),
                    at_ticket(same.kept.key, f"{same.kept.state}: {name(same.kept)}"),
                ),
                score=same.score,
            )


_BY_LINK = "a link or comment says so"
_BY_WORDS = "their titles and texts say the same"


def _declared(board: Board) -> Iterator[_Same]:
    groups: dict[str, list[TicketRow]] = {}
    for row in board.open:
        other = declared(board, row)
        if other and not (
            other.key in groups.get(row.key, ())
            or (declared(board, other) == row and natural(row.key) < natural(other.key))
        ):
            groups.setdefault(other.key, []).append(row)
    for key in sorted(groups, key=natural):
        yield _Same(board.tickets[key], tuple(groups[key]), _BY_LINK, 0.9)


def _alike(board: Board) -> Iterator[_Same]:
    waiting = [row for row in board.open if row.state != TicketState.STARTED]
    pairs = {(one.key, other.key): figure for one, other, figure in alike(board, waiting)}
    for group in clusters(pairs):
        figures = [figure for (one, other), figure in pairs.items() if one in group and other in group]
        rows = [board.tickets[key] for key in group]
        yield _Same(rows[0], tuple(rows[1:]), _BY_WORDS, min(0.85, *figures))


def _story(same: _Same) -> Story:
    others = list(same.others)
    names = some([f"{mention(one.key)} ({name(one, 70)})" for one in others])
    kept = mention(same.kept.key)
    head = f"Merge {each(others, 3)} into {kept}: "
    return Story(
        title=headed(head, same.kept) if len(head) < 60 else title(head, "").rstrip(": "),  # noqa: PLR2004 room for words
        current=(
            f"{names} {'asks' if len(others) == 1 else 'ask'} for the same as {kept} ({name(same.kept)}, "
            f"{same.kept.state}): {same.how}. {'It is' if len(others) == 1 else 'They are'} open."
        ),
        why="Two people may do the same work; what is known about it is spread over several tickets.",
        wanted="One ticket stays, with what the others know; the others are closed as duplicates of it.",
        acceptance=tuple(
            f"{mention(one.key)} is closed as a duplicate of {kept}, or says how it differs." for one in others[:6]
        ),
        scope=(*(mention(one.key) for one in others[:8]), kept),
        non_goals=("Doing the work itself.",),
        risks=("The older ticket need not be the better one to keep.",),
    )
