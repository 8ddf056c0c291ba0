"""`not-one-class`: tickets without a label of a set of which every ticket has exactly one, or with two of it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Example, Expected, Reads, Scout, View
from scout.signals._evidence import at_ticket
from scout.signals._words import counted
from scout.signals.backlog._board import DAY, Board
from scout.signals.backlog._rows import crowd, ticket
from scout.signals.backlog._words import are, each, name, over
from scout.warehouse.records import TicketRow

_THEME = re.compile(r"^(?P<theme>[^:/=]{1,30})\s*[:/=]\s*(?P<word>\S.*)$")
_HABIT = 0.8
_FEWEST, _FEWEST_WORDS = 20, 3
_GRACE = 7


class NotOneClass(Scout):
    """Open tickets that have none, or two, of a set of labels of which the others have exactly one.

    A set is labels with the same theme before a colon, slash or equals sign (`gtd: waiting`), at least three of them,
    and at least 80 % of the open tickets, 20 or more, have exactly one. Tickets that are younger than seven days are
    passed over. All of a set are one finding.

    ## Why it matters
    Whoever works by such a set looks at one of its labels at a time: what has none is on no list, what has two is on
    two with different next steps.

    ## What to do with it
    Give each exactly one: `scout classify run` does that for its own sets, and `scout classify apply` writes it.

    ## Severity
    1.

    ## Source
    Allen, Getting Things Done (2001), chapter 6: everything is on exactly one list.
    """

    id: ClassVar[str] = "not-one-class"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TICKETS})
    kind: ClassVar[WorkKind] = WorkKind.HOUSEKEEPING
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "One ticket of 26 has no class, one has two",
            (),
            "2024-06-01",
            (Expected(".", "1"),),
            (
                *crowd(8, labels=["gtd: waiting"]),
                *crowd(8, 200, labels=["gtd: someday", "ui"]),
                *crowd(8, 300, labels=["gtd: next-action"]),
                ticket("1", "One", labels=["ui"]),
                ticket("2", "Two", labels=["gtd: someday", "gtd: waiting"]),
            ),
        ),
        Example(
            "Half of the tickets have none: that is no habit",
            (),
            "2024-06-01",
            (),
            (
                *crowd(8, labels=["gtd: waiting"]),
                *crowd(8, 200, labels=["gtd: someday"]),
                *crowd(8, 300, labels=["gtd: project"]),
                *crowd(20, 400),
            ),
        ),
        Example(
            "Two labels are no set, and labels without a theme are something else",
            (),
            "2024-06-01",
            (),
            (
                *crowd(15, labels=["area: engine", "bug"]),
                *crowd(15, 200, labels=["area: cabin", "docs"]),
                ticket("1", "One", labels=["feature"]),
            ),
        ),
        Example(
            "A new ticket has time",
            (),
            "2024-06-01",
            (),
            (
                *crowd(8, labels=["gtd: waiting"]),
                *crowd(8, 200, labels=["gtd: someday"]),
                *crowd(8, 300, labels=["gtd: project"]),
                ticket("1", "One", created_at="2024-05-30"),
            ),
        ),
        Example(
            "Fifteen tickets are few",
            (),
            "2024-06-01",
            (),
            (
                *crowd(5, labels=["gtd: waiting"]),
                *crowd(5, 200, labels=["gtd: someday"]),
                *crowd(5, 300, labels=["gtd: project"]),
                ticket("1", "One"),
            ),
        ),
        Example(
            "A backlog that has not grown yet",
            (),
            "2024-02-01",
            (),
            (
                *crowd(8, labels=["gtd: waiting"]),
                *crowd(8, 200, labels=["gtd: someday"]),
                *crowd(8, 300, labels=["gtd: project"]),
                ticket("1", "One"),
            ),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each set."""
        board = Board(view)
        if not board.grown:
            return
        old = [row for row in board.open if row.created_at and board.now - row.created_at >= _GRACE * DAY]
        for theme in _sets(old):
            none = [row for row in old if not _words(row, theme)]
            two = [row for row in old if len(_words(row, theme)) > 1]
            if none or two:
                yield Finding(
                    signal=self.id,
                    subject=".",
                    identity=theme,
                    severity=1,
                    kind=self.kind,
                    story=_story(theme, none, two),
                    evidence=(
                        *(at_ticket(row.key, f"no `{theme}` label: {name(row)}") for row in none[:20]),
                        *(at_ticket(row.key, f"{' and '.join(_words(row, theme))}: {name(row)}") for row in two[:10]),
                    ),
                    score=0.6,
                )


def _sets(rows: list[TicketRow]) -> Iterator[str]:
    """Give the themes of which nearly every ticket has exactly one label."""
    words: dict[str, set[str]] = {}
    ones = Counter[str]()
    for row in rows:
        found = Counter(theme for theme, _ in _themes(row.labels))
        ones.update(theme for theme, count in found.items() if count == 1)
        for theme, word in _themes(row.labels):
            words.setdefault(theme, set()).add(word)
    for theme, count in sorted(ones.items()):
        if len(words[theme]) >= _FEWEST_WORDS and count >= max(_FEWEST, _HABIT * len(rows)):
            yield theme


def _words(row: TicketRow, theme: str) -> tuple[str, ...]:
    return tuple(word for named, word in _themes(row.labels) if named == theme)


def _themes(labels: Iterable[str]) -> set[tuple[str, str]]:
    found = (_THEME.match(label.strip()) for label in labels)
    return {(one["theme"].strip().casefold(), one["word"].strip().casefold()) for one in found if one}


def _story(theme: str, none: list[TicketRow], two: list[TicketRow]) -> Story:
    rows = [*none, *two]
    number = len(rows)
    parts = [f"{each(none, 15)} {'has' if len(none) == 1 else 'have'} none"] if none else []
    parts += [f"{each(two, 15)} {'has' if len(two) == 1 else 'have'} two"] if two else []
    return Story(
        title=over(f"Give {counted(number, 'ticket')} exactly one `{theme}` label", rows),
        current=f"Nearly every open ticket has exactly one label that begins with `{theme}`; "
        f"{counted(number, 'ticket')} {are(number)} without one or with two: {'; '.join(parts)}.",
        why="What has no class is on no list, and what has two is on two of them.",
        wanted="Each open ticket has exactly one.",
        acceptance=(f"Every open ticket that is older than a week has exactly one `{theme}` label.",),
        scope=tuple(each([row]) for row in rows[:12]),
        non_goals=("Other labels.",),
    )
