"""`single-knower`: a file that changes often is known by one person alone."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View
from scout.signals._changes import YEAR
from scout.signals._evidence import at_path
from scout.signals._words import title
from scout.signals.knowledge._hot import Spot, spots
from scout.signals.knowledge._knowers import Knowers, knowers, needs_a_team, silent_for

_HOTTEST = 60
_SHARE = 0.85
_FEWEST_CHANGES = 10
_FEWEST_RECENT = 3
_FEWEST_LINES = 200
_FEWEST_ACTIVE = 5
_SILENT_DAYS = 180
_NOT_SHARED = re.compile(
    r"(?:^|/)[\w-]*tests?/|(?:^|/)(?:scripts?|bin|tools|commands|examples?|benchmarks?|migrations?|versions|locales?)/"
)


def _written(author: str, path: str, *, lines: int = 250, every: int = 99) -> Iterator[Commit]:
    for day in range(1, 28):
        who = author if day % every else "second"
        yield Commit(f"2022-04-{day:02}", {path: "def tax():\n" + f"    a = {day}\n" * lines}, author=who)


def _touched(path: str, lines: int = 250) -> Iterator[Commit]:
    for day in range(1, 4):
        text = "def tax():\n" + f"    b = {day}\n" * lines
        yield Commit(f"2024-01-{day:02}", {path: text}, f"Fix {day}", author=f"person{day}")


def _elsewhere(also: str) -> Iterator[Commit]:
    for day in range(1, 28):
        who = f"person{day % 5}" if day % 6 else also
        yield Commit(f"2024-02-{day:02}", {"app/web.py": f"b = {day}\n"}, author=who)


class SingleKnower(Scout):
    """One person made at least 85 % of the changes of a large file that keeps changing, and has been silent since.

    The file is among the sixty hottest of twelve months, has 200 lines or more, changed three times or more in that
    time and had ten changes or more; its one knower has committed nothing to the repository for half a year. Sweeps and
    programs don't count, nor do tests, scripts, commands and migrations; repositories that one person maintains or
    mostly wrote, or where fewer than five people are active, are passed over. Names are never told, only numbers.

    ## Why it matters
    The file changes all the time, and nobody is there who knows it: the next change or repair is made by somebody who
    reads it for the first time.

    ## What to do with it
    Let two people work themselves in, ask the knower while they can still be asked, and write down what they say.

    ## Severity
    2.

    ## Source
    Avelino et al., A novel approach for estimating truck factors (ICPC 2016); Bird et al., Don't touch my code! (FSE
    2011).
    """

    id: ClassVar[str] = "single-knower"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    cap: ClassVar[int | None] = 2
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "One person made nearly all changes until half a year ago, and others go on",
            (*_written("knower", "app/tax.py"), *_touched("app/tax.py"), *_elsewhere("other")),
            "2024-03-01",
            (Expected("app/tax.py", "app/tax.py"),),
        ),
        Example(
            "The one knower is still there",
            (*_written("knower", "app/tax.py"), *_touched("app/tax.py"), *_elsewhere("knower")),
            "2024-03-01",
        ),
        Example(
            "Two people know it, a short file, a script, and a file that rests",
            (
                *_written("knower", "app/shared.py", every=3),
                *_touched("app/shared.py"),
                *_written("gone", "app/short.py", lines=50),
                *_touched("app/short.py", lines=50),
                *_written("left", "scripts/tax.py"),
                *_touched("scripts/tax.py"),
                *_written("away", "app/rests.py"),
                *_elsewhere("other"),
            ),
            "2024-03-01",
        ),
        Example(
            "One person maintains the repository",
            (*_written("knower", "app/tax.py"), *_touched("app/tax.py")),
            "2024-03-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each hot file that one person knows.

        Raises:
            UnavailableError: the clone's older history is cut off.
            NotApplicable: too few people keep the repository.
        """
        needs_a_team(view, _FEWEST_ACTIVE)
        for spot in islice(spots(view, view.now - YEAR), _HOTTEST):
            if spot.lines < _FEWEST_LINES or spot.changes < _FEWEST_RECENT or _NOT_SHARED.search(spot.path):
                continue
            known = knowers(view, [spot.path])
            if known is None or known.top_share < _SHARE or known.changes < _FEWEST_CHANGES:
                continue
            if silent_for(known.top_last, view.now).days >= _SILENT_DAYS:
                yield Finding(
                    signal=self.id,
                    subject=spot.path,
                    identity=view.history.origin(spot.path),
                    severity=2,
                    kind=self.kind,
                    story=_story(spot, known),
                    evidence=(at_path(spot.path, "one person made nearly all of its changes"),),
                    score=round(min(0.75, 0.45 + known.changes / 400 + spot.changes / 200), 3),
                )


def _story(spot: Spot, known: Knowers) -> Story:
    return Story(
        title=title("Share the knowledge of ", spot.path, ", whose one knower is away"),
        current=(
            f"One person made {round(100 * known.top_share)} % of the {known.changes} changes of `{spot.path}` "
            f"({spot.lines} lines), which changed {spot.changes} times in twelve months. "
            "This person has committed nothing to the repository for half a year or longer."
        ),
        why=(
            "The file keeps changing, and nobody who is left has worked in it much: a fault there is repaired by "
            "somebody who reads it for the first time."
        ),
        wanted="Two people know the file, and what is not obvious in it is written down beside it.",
        acceptance=(
            "Two people who are active have made or reviewed changes of the file.",
            "Its head says what it is for, what relies on it and what must not change.",
        ),
        scope=(f"`{spot.path}`",),
        non_goals=("Rewriting the file.", "Judging how anybody works."),
        size="M",
    )
