"""`docs-older-than-code`: a page describes code that has changed many times since, and names what is gone from it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View
from scout.signals._changes import told
from scout.signals._evidence import at_change, at_line, metric
from scout.signals._words import counted, listed, span, title
from scout.signals.knowledge._named_code import Aged, Named, aged

_LEAST_AGE = timedelta(days=365)
_FEWEST = 5
_MANY = 3
_PAGE = "# Walls\n\n`app/walls.py` has `wash_wall()`; see [the code](app/walls.py).\n"


def _changed(number: int, message: str = "Wash walls by row", first: str = "wash_wall") -> tuple[Commit, ...]:
    """Return commits that change the code, for the examples: the first of them takes a function out."""
    return tuple(
        Commit(
            f"2024-03-{day:02}",
            {
                "app/walls.py": f"def wash_row(row):\n    return {day}\n"
                + (f"\n{first} = wash_row\n" if day < 1 else "")
            },
            f"{message} {day}",
        )
        for day in range(1, number + 1)
    )


class DocsOlderThanCode(Scout):
    """A page names a file of code, and a name in it that is gone, and was last written a year and five changes ago.

    A page counts when its last change of meaning is 365 days old or older (sweeps, formatting and programs' changes are
    none), a file of code that it names by path or link had five changes or more since that were no fixes and no polish,
    and a name that stands in the page's code marks was in that file then and is nowhere in the tree now. Age alone says
    nothing: most code can change for years without its page becoming wrong. Passed over are change logs, decisions,
    blogs, plans, older versions, and files that every page names (settings, routes). A page is one finding.

    ## Why it matters
    The page explains how the code worked. Whoever learns from it looks for names that are gone, and cannot tell which
    of the rest still holds.

    ## What to do with it
    Read the page beside the code and bring it up to date, or take it out.
    `<!-- scout: ignore[docs-older-than-code] reason -->` on the line before keeps it.

    ## Severity
    2 for three names or more that are gone, else 1.

    ## Source
    Tan, Wagner and Treude, Detecting Outdated Code Element References in Software Repository Documentation (EMSE 2024).
    """

    id: ClassVar[str] = "docs-older-than-code"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.DOCS
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "The page names a function that five changes have left behind",
            (
                Commit("2023-01-01", {"docs/walls.md": _PAGE, "app/walls.py": "def wash_wall():\n    return 0\n"}),
                *_changed(5),
            ),
            "2024-06-01",
            (Expected("docs/walls.md", "docs/walls.md:3"),),
        ),
        Example(
            "Four changes only, and one that was a fix",
            (
                Commit("2023-01-01", {"docs/walls.md": _PAGE, "app/walls.py": "def wash_wall():\n    return 0\n"}),
                *_changed(4),
                Commit("2024-04-01", {"app/walls.py": "def wash_row(row):\n    return 9\n"}, "Fix the wash"),
            ),
            "2024-06-01",
        ),
        Example(
            "The page was written later, or the name has moved elsewhere",
            (
                Commit(
                    "2023-01-01",
                    {
                        "docs/walls.md": _PAGE,
                        "docs/rooms.md": "`app/rooms.py` has `wash_room()`.\n",
                        "app/rooms.py": "def wash_room():\n    return 0\n",
                        "app/walls.py": "def wash_wall():\n    return 0\n",
                    },
                ),
                Commit("2023-12-01", {"docs/walls.md": _PAGE + "\nMore.\n"}, "Say more"),
                *(
                    Commit(
                        one.at,
                        {
                            **one.files,
                            "app/rooms.py": f"def wash_all():\n    return {one.at[-2:]!r}\n",
                            "app/new.py": "wash_room = 1\n",
                        },
                        one.message,
                    )
                    for one in _changed(6)
                ),
            ),
            "2024-06-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each page.

        Raises:
            ShallowError: ages cannot be told.
        """
        view.needs_ages()
        for one in aged(view, view.now - _LEAST_AGE, _FEWEST):
            places = list({(named.line, named.word): named for named in one.named}.values())
            files = {named.path: named for named in one.named}
            yield Finding(
                signal=self.id,
                subject=one.path,
                identity=view.history.origin(one.path),
                severity=2 if len({named.word for named in places}) >= _MANY else 1,
                kind=self.kind,
                story=_story(view, one, files),
                evidence=(
                    *(at_line(one.path, line, text) for line, text in {n.line: n.text for n in places}.items()),
                    *(metric(_query(one, path), f"{len(named.changes)} changes") for path, named in files.items()),
                    at_change(one.written),
                ),
                score=round(0.6 + min(0.2, len(places) / 20), 3),
            )


def _query(one: Aged, path: str) -> str:
    return f"git log --first-parent --since='{one.written.at:%Y-%m-%d}' -- '{path}'"


def _story(view: View, one: Aged, files: dict[str, Named]) -> Story:
    words = list(dict.fromkeys(f"`{named.word}`" for named in one.named))
    changed = listed([f"`{path}` {counted(len(named.changes), 'time')}" for path, named in files.items()])
    first, pattern = one.named[0], "|".join(dict.fromkeys(named.word for named in one.named))
    return Story(
        title=title(f"Bring up to date with {first.path.rpartition('/')[2][:30]}: ", one.path),
        current=(
            f"`{one.path}:{first.line}` and its page speak of {listed(words, 8)}, which no code has any more. "
            f"It is {span((view.now - one.written.at).days)} old ({told(one.written)}); since then new work, "
            f"fixes not counted, changed {changed}."
        ),
        why="Whoever learns from the page looks for names that are gone, and cannot tell what of the rest still holds.",
        wanted="The page says how the code works now; what the code says better itself is out.",
        acceptance=(
            f"`git grep -nwE '{pattern}' -- '{one.path}'` finds nothing.",
            "Somebody who knows the code has read the whole page once.",
        ),
        scope=(f"`{one.path}`",),
        non_goals=("Changes of the code.",),
        size="S" if len(words) < _MANY else "M",
    )
