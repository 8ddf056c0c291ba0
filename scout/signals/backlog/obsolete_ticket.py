"""`obsolete-ticket`: everything that a ticket is about is gone from the repository."""

import re
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, TicketState, WorkKind
from scout.repository import Change
from scout.signals._base import Commit, Example, Expected, Moved, Reads, Scout, View
from scout.signals._evidence import at_change, at_ticket
from scout.signals._words import counted, listed
from scout.signals.backlog._board import Board
from scout.signals.backlog._rows import said, ticket
from scout.signals.backlog._words import headed, mention, name
from scout.warehouse.records import TicketRow

_PATH = re.compile(
    r"(?<![\w/.:@-])(?:[\w.-]+/)+[\w.-]+\.[A-Za-z]\w{0,5}(?![\w/-])|(?<=`)[\w-]+\.(?:py|rb|js|ts|go|java|c|cc|cpp|h"
    r"|rs|sh|php|cs)(?=`)"
)
_BLOB = re.compile(r"https?://[^\s)\]]+?/(?:blob|tree|raw)/[^/\s]+/(?P<path>[\w./-]+\.\w+)")
_ADDRESS = re.compile(r"https?://\S+")
_MANY = 200


class _Gone(NamedTuple):
    """A path that a ticket names, and the change that deleted it."""

    path: str
    change: Change


class ObsoleteTicket(Scout):
    """An open ticket that names files of this repository, all of which were deleted after it was written.

    Paths with a folder, names of code files in backticks, and addresses of files at the forge, in its title and text.
    At least one of them has to be one that the history has deleted since, and none may be there now: neither under its
    name, nor at the end of a longer path, nor under the name it was moved to. Paths that never were here are passed
    over as examples. Tickets that somebody talked about after the deletion are passed over, and started ones.

    ## Why it matters
    The ticket asks for a change of what is no longer there; whoever takes it finds out by searching.

    ## What to do with it
    Close it, or say where the same is to be done now.

    ## Severity
    2 where two files or more are gone or the title names one, else 1.

    ## Source
    Field study of 28 public repositories: paths that were deleted are proof where ages are none.
    """

    id: ClassVar[str] = "obsolete-ticket"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TICKETS, Reads.TREE, Reads.HISTORY})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.HOUSEKEEPING
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "The file that the ticket is about was deleted",
            (
                Commit("2024-01-01", {"lib/printer.py": "one = 1\n", "lib/keep.py": "two = 2\n"}),
                Commit("2024-03-01", {"lib/printer.py": None, "lib/keep.py": "two = 3\n"}, "Drop printing"),
            ),
            "2024-06-01",
            (Expected("1", "1"),),
            (ticket("1", "Printer hangs", body="In lib/printer.py the loop does not end."),),
        ),
        Example(
            "Moved, one of two is there, never there, deleted before, talked about since, started, another "
            "repository's",
            (
                Commit(
                    "2023-12-01",
                    {
                        "lib/old.py": "zero = 0\n",
                        "lib/printer.py": "one = 1, long enough to be found again\n",
                        "lib/gone.py": "three = 3\n",
                        "lib/keep.py": "two = 2\n",
                    },
                ),
                Commit("2023-12-15", {"lib/old.py": None}),
                Commit("2024-03-01", {"out/printer.py": Moved("lib/printer.py"), "lib/gone.py": None}, "Tidy up"),
            ),
            "2024-06-01",
            (),
            (
                ticket("1", "One", body="See lib/printer.py."),
                ticket("2", "Two", body="See lib/gone.py and lib/keep.py."),
                ticket("3", "Three", body="See etc/never.py."),
                ticket("4", "Four", body="See lib/old.py."),
                ticket("5", "Five", body="See lib/gone.py."),
                said("5", "2024-04-01", "This is now in another repository."),
                ticket("6", "Six", body="See lib/gone.py.", state="started"),
                ticket("7", "Seven", body="See https://example.org/lib/gone.py for how others do it."),
            ),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each ticket whose files are all gone.

        Raises:
            UnavailableError: the clone's older history is cut off.
        """
        view.needs_ages()
        board = Board(view)
        ends = frozenset(path[at:] for path in view.tree.files for at in _tails(path))
        for row in board.open:
            gone = () if row.state == TicketState.STARTED else _gone(board, view, row, ends)
            if gone:
                in_title = any(one.path.rpartition("/")[2] in row.title for one in gone)
                yield Finding(
                    signal=self.id,
                    subject=row.key,
                    severity=2 if in_title or len(gone) > 1 else 1,
                    kind=self.kind,
                    story=_story(row, gone),
                    evidence=(
                        at_ticket(row.key, f"names {listed([one.path for one in gone], 3)}: {name(row)}"),
                        *(at_change(change) for change in dict.fromkeys(one.change for one in gone[:6])),
                    ),
                    score=0.75 if in_title or len(gone) > 1 else 0.6,
                )


def _gone(board: Board, view: View, row: TicketRow, ends: frozenset[str]) -> tuple[_Gone, ...]:
    paths = _paths(f"{row.title}\n{row.body}")
    found: list[_Gone] = []
    if not paths or len(paths) > _MANY or any(path in ends or view.tree.exists(path) for path in paths):
        return ()
    for path in paths:
        change = view.history.deleted(path)
        if change and not _lives_on(view, change, path):
            found.append(_Gone(path, change))
    since = [one.change.at for one in found]
    if not found or row.created_at is None or min(since) <= row.created_at or max(since) > view.now:
        return ()
    return tuple(found) if board.last_sign(row) <= max(since) else ()


def _lives_on(view: View, change: Change, path: str) -> bool:
    """Say whether the change that took a path away put a file of the same name, or its content, elsewhere."""
    last = path.rpartition("/")[2]
    before = next((file.before for file in change.files if file.path == path), "")
    return any(
        file.path != path
        and view.tree.exists(file.path)
        and (file.path.endswith(f"/{last}") or (before and file.after == before))
        for file in change.files
    )


def _paths(text: str) -> tuple[str, ...]:
    linked = [match["path"] for match in _BLOB.finditer(text)]
    plain = _PATH.findall(_ADDRESS.sub(" ", text))
    return tuple(dict.fromkeys(path.removeprefix("./") for path in (*linked, *plain)))


def _tails(path: str) -> Iterator[int]:
    yield 0
    yield from (at + 1 for at, sign in enumerate(path) if sign == "/")


def _story(row: TicketRow, gone: tuple[_Gone, ...]) -> Story:
    here = mention(row.key)
    parts = [f"`{one.path}` (deleted by `{one.change.sha[:10]}` on {one.change.at:%Y-%m-%d})" for one in gone]
    return Story(
        title=headed(f"Close {here}, whose files are gone: ", row),
        current=(
            f"{here} ({name(row)}) is open and is about {counted(len(gone), 'file')} of this repository that "
            f"{'is' if len(gone) == 1 else 'are'} gone since: {listed(parts, 5)}. Nobody has said anything since."
        ),
        why="Whoever takes it searches for what is no longer there.",
        wanted=f"{here} is closed, or says where the same is to be done now.",
        acceptance=(f"{here} is closed, or names only paths that exist.",),
        scope=(here,),
        non_goals=("Bringing the files back.",),
        risks=("What was deleted may live on under another name: the ticket may still hold there.",),
    )
