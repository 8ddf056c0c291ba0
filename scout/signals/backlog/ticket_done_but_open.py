"""`ticket-done-but-open`: what a ticket asks for has landed, and the ticket is open."""

import re
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, row
from scout.signals._evidence import at_ticket
from scout.signals.backlog._board import DAY, Board
from scout.signals.backlog._closing import Landed, Proof
from scout.signals.backlog._rows import linked, moved, said, ticket
from scout.signals.backlog._words import headed, mention, name
from scout.warehouse.records import ChangeBranchRow, ChangeRow, TicketRow

_UNTICKED = re.compile(r"^[^\S\n]*[-*+]\s+\[ \]\s+\S", re.MULTILINE)
_SETTLED = 3
_MERGED = row(
    ChangeRow,
    key="5",
    title="Print bills",
    body="Fixes #1.",
    state="merged",
    created_at="2024-02-01",
    merged_at="2024-02-03",
)


class TicketDoneButOpen(Scout):
    """An open ticket that a merged pull request closes by its text, or whose fix a person names and which has landed.

    Proof is one of: a pull request merged into a main branch whose text closes the ticket ('Fixes #7'); a commit of the
    default branch whose first line does; a comment by somebody who sorts tickets here that says 'fixed in …' and names
    a merged pull request or a commit that is there. It has to have landed 3 days ago or longer. Passed over are tickets
    with another open pull request that closes them, reopened ones, those with open boxes in their task list, those
    where something said later speaks against it or asks, and changes that say they do a part.

    ## Why it matters
    Done work that is open is planned again, taken by somebody else, and reported as a defect that users still have.

    ## What to do with it
    Close it with a word on where it was done; if something is left, say what.

    ## Severity
    2: whoever picks it up works for nothing.

    ## Source
    GitHub closes tickets only from its default branch, and not those that were linked later.
    """

    id: ClassVar[str] = "ticket-done-but-open"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TICKETS, Reads.CHANGES})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.HOUSEKEEPING
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A merged pull request says that it fixes it",
            (),
            "2024-03-01",
            (Expected("1", "1"),),
            (ticket("1", "Print bills"), _MERGED, linked("5", "closes", "1")),
        ),
        Example(
            "Somebody who sorts tickets says by what it was done, and thanks follow",
            (),
            "2024-03-01",
            (Expected("1", "1"),),
            (
                ticket("1", "Print bills", author="p1"),
                moved("1", "2024-01-02", "label", "bug", actor="k1"),
                _MERGED._replace(body=""),
                said("1", "2024-02-04", "This was fixed in #5.", author="k1"),
                said("1", "2024-02-05", "Thank you!", author="p1"),
            ),
        ),
        Example(
            "A commit of the default branch says that it fixes it",
            (Commit("2024-02-01", {"a.py": "a = 1\n"}, "Print bills (fixes #1)"),),
            "2024-03-01",
            (Expected("1", "1"),),
            (ticket("1", "Print bills"),),
        ),
        Example(
            "Merged elsewhere, reopened, spoken against, in parts, open boxes, another one open, yesterday, by "
            "a passer-by",
            (),
            "2024-02-05",
            (),
            (
                _MERGED._replace(key="21", body="Fixes #1."),
                ticket("1", "One"),
                linked("21", "closes", "1"),
                row(ChangeBranchRow, change="21", base="rewrite"),
                row(ChangeBranchRow, change="22", base="main"),
                _MERGED._replace(key="22", body="Fixes #2."),
                ticket("2", "Two"),
                linked("22", "closes", "2"),
                moved("2", "2024-02-04", "state", "unstarted"),
                _MERGED._replace(key="23", body="Fixes #3."),
                ticket("3", "Three"),
                linked("23", "closes", "3"),
                said("3", "2024-02-04", "I still see it."),
                _MERGED._replace(key="24", body="Partially fixes #4."),
                ticket("4", "Four"),
                linked("24", "closes", "4"),
                _MERGED._replace(key="26", body="Fixes #6."),
                ticket("6", "Six", body="- [ ] one"),
                linked("26", "closes", "6"),
                _MERGED._replace(key="27", body="Fixes #7."),
                _MERGED._replace(key="28", body="Fixes #7.", state="open", merged_at=None),
                ticket("7", "Seven"),
                linked("27", "closes", "7"),
                linked("28", "closes", "7"),
                ticket("8", "Eight", author="p1"),
                moved("8", "2024-01-02", "label", "bug", actor="k1"),
                said("8", "2024-01-20", "Fixed in #22.", author="p9"),
                ticket("9", "Nine", author="p1"),
                said("9", "2024-01-20", "> The margin is too wide.\n\nFixed in #22.", author="k1"),
            ),
        ),
        Example(
            "It landed yesterday",
            (),
            "2024-02-04",
            (),
            (ticket("1", "Print bills"), _MERGED, linked("5", "closes", "1")),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each ticket that is done."""
        board = Board(view)
        landed = Landed(board, view)
        for one in board.open:
            proof = None if _UNTICKED.search(one.body) else landed.proof(one)
            if proof and view.now - proof.at >= _SETTLED * DAY:
                yield Finding(
                    signal=self.id,
                    subject=one.key,
                    severity=2,
                    kind=self.kind,
                    story=_story(one, proof),
                    evidence=(at_ticket(one.key, f"open: {name(one)}"), proof.evidence),
                    score=0.85,
                )


def _story(one: TicketRow, proof: Proof) -> Story:
    here = mention(one.key)
    return Story(
        title=headed(f"Close {here}, which is done: ", one),
        current=f"{here} ({name(one)}) is open, and {proof.what}. Nothing that was said since speaks against it.",
        why="Whoever picks it up works for nothing, and whoever reads the open tickets takes it for a thing to come.",
        wanted=f"{here} is closed with a word on where it was done, or says what is left.",
        acceptance=(f"{here} is closed, or names what is left.",),
        scope=(here,),
        non_goals=("Further changes of the code.",),
        risks=("What has landed may not be all that was asked for: read the ticket before it is closed.",),
    )
