"""`epic-without-children`: an epic that nobody has split into parts."""

import re
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Example, Expected, Reads, Scout, View
from scout.signals._evidence import at_ticket
from scout.signals._words import counted
from scout.signals.backlog._board import DAY, Board
from scout.signals.backlog._rows import linked, said, ticket
from scout.signals.backlog._words import are, each, name, over, references, some
from scout.warehouse.records import TicketRow

_EPIC = re.compile(r"^(?:type|kind)?[\s:/_-]*(?:epic|umbrella|meta[- ]?issue|tracking[- ]?issue)s?$", re.IGNORECASE)
_LIST = re.compile(r"^[^\S\n]*(?:[-*+]|\d+[.)]|#|\|)\s*(?:\[[ xX]\]\s*)?\S", re.MULTILINE)
_FEWEST_STEPS = 2
_SETTLED = 30
_USED = (ticket("1", "A part", parent="8"), ticket("8", "A whole", native_kind="Epic"))


class EpicWithoutChildren(Scout):
    """Epics, by the tracker's type or a label, that have no parts and no list of steps.

    Only where the project does split its epics (at least one has parts), so that the tracker is known to tell. Passed
    over are epics younger than 30 days, those whose text or comments list steps or name other tickets, and those that
    link to others in any way. All of a project are one finding.

    ## Why it matters
    Nobody can start an epic. Without parts it is a title that is planned with, and no work that can be taken.

    ## What to do with it
    Split it into parts that can be delivered alone, or make it an ordinary ticket or an idea for later.

    ## Severity
    2 when one of them has a milestone or a date, else 1.

    ## Source
    Cohn, User Stories Applied (2004), on splitting.
    """

    id: ClassVar[str] = "epic-without-children"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TICKETS})
    kind: ClassVar[WorkKind] = WorkKind.HOUSEKEEPING
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "An epic with a sentence only",
            (),
            "2024-06-01",
            (Expected("9", "9"),),
            (*_USED, ticket("9", "Payments", native_kind="Epic", body="We want to have payments.")),
        ),
        Example(
            "No epic of the project has parts, so they may be told elsewhere",
            (),
            "2024-06-01",
            (),
            (ticket("9", "Payments", native_kind="Epic"),),
        ),
        Example(
            "Epics with steps, with tickets named, with links, in comments, and a new one",
            (),
            "2024-06-01",
            (),
            (
                *_USED,
                ticket("2", "Steps", labels=["epic"], body="- [ ] one\n- [ ] two"),
                ticket("3", "Named", labels=["epic"], body="See #1."),
                ticket("4", "Linked", native_kind="Epic"),
                linked("1", "relates", "4"),
                ticket("5", "Said", native_kind="Epic"),
                said("5", "2024-02-01", "Parts: #1"),
                ticket("6", "New", native_kind="Epic", created_at="2024-05-20"),
            ),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for all epics without parts."""
        board = Board(view)
        epics = [row for row in board.tickets.values() if _is_epic(row)]
        if not any(board.children(row.key) for row in epics):
            return
        bare = [row for row in board.open if _is_epic(row) and _is_bare(board, row)]
        if bare:
            yield Finding(
                signal=self.id,
                subject=bare[0].key if len(bare) == 1 else ".",
                identity="epics" if len(bare) > 1 else bare[0].key,
                severity=2 if any(row.milestone or row.due_at for row in bare) else 1,
                kind=self.kind,
                story=_story(bare),
                evidence=tuple(at_ticket(row.key, f"an epic without parts: {name(row)}") for row in bare[:15]),
                score=0.7,
            )


def _is_epic(row: TicketRow) -> bool:
    return any(_EPIC.match(word.strip()) for word in (row.native_kind, *row.labels))


def _is_bare(board: Board, row: TicketRow) -> bool:
    if row.created_at is None or board.now - row.created_at < _SETTLED * DAY:
        return False
    if board.children(row.key) or board.links(row.key) or board.links_to(row.key):
        return False
    texts = [row.body, *(one.body for one in board.comments(row.key))]
    return not any(len(_LIST.findall(text)) >= _FEWEST_STEPS or references(text, row.url) for text in texts)


def _story(bare: list[TicketRow]) -> Story:
    number = len(bare)
    one = number == 1
    names = some([f"{each([row])} ({name(row, 50)})" for row in bare])
    return Story(
        title=over(f"Split {counted(number, 'epic')} that {'has' if one else 'have'} no parts", bare),
        current=(
            f"{counted(number, 'epic').capitalize()} {are(number)} open without parts, steps or linked tickets: "
            f"{names}. Other epics of this project have parts."
        ),
        why="Nobody can start an epic: until it has parts it is planned with, and holds no work that can be taken.",
        wanted="Each has parts that can be delivered alone, or is an ordinary ticket, or is closed as an idea.",
        acceptance=tuple(f"{each([row])} has a part, or is no epic any more, or is closed." for row in bare[:6]),
        scope=tuple(each([row]) for row in bare[:12]),
        non_goals=("Doing the work.",),
        size="M",
    )
