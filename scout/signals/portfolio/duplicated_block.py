"""`duplicated-block`: the same thirty lines of code stand in two projects, and nothing says so."""

import re
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import at_line, elsewhere
from scout.signals._words import title
from scout.signals.portfolio._shingles import Block, blocks, sources

_FORK = 0.2
_SYNCED = re.compile(
    r"\b(?:copied|synced|vendored|adapted|taken|ported|borrowed|generated|derived) (?:verbatim |over )?(?:from|by)\b"
    r"|\bkeep (?:this )?in sync\b|\bSPDX-FileCopyrightText\b",
    re.IGNORECASE,
)
_HEAD_LINES = 40


def _wash(name: str, rows: int = 32) -> str:
    """Return a file with a block of so many lines and a function of its own, for the examples."""
    own = (f"def {name}(wall):", f"    return wall.{name}_of(wall.owner)", "")
    body = (f"    wall.layers.append(paint_of_row({row}, coat={row % 3}))" for row in range(rows - 1))
    return lines(*own, "def wash(wall):", *body)


class DuplicatedBlock(Scout):
    """The same thirty lines of code or more stand in this project and in another one of the portfolio.

    Lines are compared without white space, quotes, comments and empty lines; of the block, twelve have to say something
    that not any file says. Offered is the longest block of a pair of files, by the project whose id sorts first. Passed
    over are tests, migrations, scaffolds and samples, generated, vendored and third-party files, files that say where
    they were copied from, what stands in many files, forks and templates of one another (a fifth of the files are the
    same), and a project that is a submodule of the other.

    ## Why it matters
    A fault that is repaired in one place stays in the other, and nobody there will hear of it.

    ## What to do with it
    Give the block one home: a shared package, or a copy that says where it comes from and is kept in step by a check.
    `# scout: ignore[duplicated-block] reason` on the line before keeps it.

    ## Severity
    2 for 100 lines and more, else 1.

    ## Source
    Schleimer, Wilkerson and Aiken, Winnowing (SIGMOD 2003); Juergens et al., Do Code Clones Matter? (ICSE 2009): every
    second unintended difference between clones was a fault.
    """

    id: ClassVar[str] = "duplicated-block"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY, Reads.PORTFOLIO})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A function of 32 lines, indented and quoted in another way there",
            (Commit("2024-01-01", {"app/wash.py": _wash("mine")}),),
            "2024-06-01",
            (Expected("app/wash.py", "app/wash.py:4"),),
            siblings={
                "meadow": (
                    Commit(
                        "2024-01-01",
                        {"lib/walls.py": _wash("theirs").replace("    ", "  "), "lib/own.py": "print('own')\n"},
                    ),
                )
            },
        ),
        Example(
            "Shorter, of little to say, of tests, and copied openly",
            (
                Commit(
                    "2024-01-01",
                    {
                        "app/wash.py": _wash("mine", 28),
                        "app/rows.py": lines("import rows", *(f"x = {row}" for row in range(40))),
                        "tests/test_wash.py": _wash("mine"),
                        "app/open.py": "# Copied from meadow, lib/open.py\n" + _wash("open", 50).replace("wash", "dry"),
                    },
                ),
            ),
            "2024-06-01",
            siblings={
                "meadow": (
                    Commit(
                        "2024-01-01",
                        {
                            "lib/walls.py": _wash("theirs", 28),
                            "lib/rows.py": lines("import more", *(f"x = {row}" for row in range(40))),
                            "tests/test_walls.py": _wash("theirs"),
                            "lib/open.py": _wash("shut", 50).replace("wash", "dry"),
                        },
                    ),
                )
            },
        ),
        Example(
            "A template and what was made from it",
            (Commit("2024-01-01", {"app/wash.py": _wash("mine"), "app/same.py": _wash("same")}),),
            "2024-06-01",
            siblings={
                "meadow": (Commit("2024-01-01", {"lib/walls.py": _wash("theirs"), "app/same.py": _wash("same")}),)
            },
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each pair of files."""
        for sibling, other in sorted(view.siblings.items()):
            if view.project > sibling or _is_linked(view, other):
                continue
            for block in blocks(view, other):
                if _is_copied_openly(view, block.path) or _is_copied_openly(other, block.other_path):
                    continue
                yield Finding(
                    signal=self.id,
                    subject=block.path,
                    identity=f"{view.history.origin(block.path)} {sibling} {other.history.origin(block.other_path)}",
                    severity=2 if block.lines >= 100 else 1,  # noqa: PLR2004 see Severity
                    kind=self.kind,
                    story=_story(block, sibling),
                    evidence=(
                        at_line(block.path, block.first.number, block.first.text),
                        elsewhere(sibling, at_line(block.other_path, block.other_first.number, block.other_first.text)),
                    ),
                    score=round(0.45 + min(block.lines, 200) / 800, 3),
                )


def _is_linked(view: View, other: View) -> bool:
    """Say whether one project is a submodule, a fork or made from a template of the other."""
    ours, theirs = ({one.blob for one in each.once(sources)} for each in (view, other))
    if len(ours & theirs) > _FORK * max(1, min(len(ours), len(theirs))):
        return True
    if view.history.sha in {one.blob for one in other.tree.submodules.values()}:
        return True
    return other.history.sha in {one.blob for one in view.tree.submodules.values()}


def _is_copied_openly(view: View, path: str) -> bool:
    head = "\n".join((view.tree.text(path) or "").split("\n")[:_HEAD_LINES])
    return _SYNCED.search(head) is not None


def _story(block: Block, sibling: str) -> Story:
    here = f"`{block.path}:{block.first.number}`"
    there = f"`{block.other_path}:{block.other_first.number}` of {sibling}"
    return Story(
        title=title(f"Give one home to {block.lines} lines that {sibling[:24]} has as well: ", block.path),
        current=f"{block.lines} lines of code from {here} stand, word for word, from {there}; neither says so.",
        why="What is repaired or changed in the one stays as it was in the other, and nobody there hears of it.",
        wanted="Both projects get this code from one place, or each copy says where it comes from.",
        acceptance=(
            f"{here} and {there} are one package, or a comment in each names the other.",
            "The tests of both projects pass.",
        ),
        scope=(f"`{block.path}`", f"`{block.other_path}` of {sibling}"),
        non_goals=("Code that is alike but not the same.",),
        risks=("A shared package ties the releases of both projects together: a comment may be the better answer.",),
        size="M",
    )
